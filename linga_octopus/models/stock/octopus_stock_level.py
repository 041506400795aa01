from odoo import api, fields, models
from odoo.tools import groupby

from ..mixins.notices import NoticeText
from .figures import LocationFigures
from .stock_run import StockRun
from .worker import StockWorker


class OctopusStockLevel(models.Model):
    """The number of a variant that Octopus accepted last at one of its locations, and the parts of
    its number now.

    Written by the stock worker only (see `octopus.stock.event`).
    """

    _name = "octopus.stock.level"
    _description = "Octopus Stock Level"
    _inherit = ["octopus.internal.fields"]
    _order = "location_id, id"
    _rec_name = "variant_id"

    # === FIELDS === #

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    variant_id = fields.Many2one("octopus.variant", required=True, ondelete="cascade")
    location_id = fields.Many2one(
        "octopus.location", "Octopus Location", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="variant_id.product_id", string="Product")
    warehouse_id = fields.Many2one(related="location_id.warehouse_id")
    quantity = fields.Integer("Last Published", readonly=True)
    pushed_at = fields.Datetime("Published At", readonly=True)
    run_id = fields.Many2one(
        "octopus.sync.run",
        "Published By",
        readonly=True,
        ondelete="set null",
        help="The sync run that sent the number; empty when it was sent automatically.",
    )
    pending_ids = fields.One2many(
        "octopus.stock.pending", "level_id", "Waiting to Be Sent", readonly=True
    )
    resend = fields.Boolean(
        readonly=True,
        help="Octopus may have another number than the last sent: send even an unchanged one.",
        export_string_translation=False,
    )
    error = NoticeText("Issue", readonly=True)
    snapshot = fields.Integer(
        "Before the First Sync", readonly=True, help="The number in Octopus at the last dry run."
    )
    has_snapshot = fields.Boolean(readonly=True, export_string_translation=False)
    # The parts of the number now.
    basis = fields.Selection(related="account_id.stock_basis")
    on_hand = fields.Float(compute="_compute_figures", digits="Product Unit", compute_sudo=True)
    reserved = fields.Float(compute="_compute_figures", digits="Product Unit", compute_sudo=True)
    expired = fields.Float(
        compute="_compute_figures",
        digits="Product Unit",
        compute_sudo=True,
        help="Goods of lots past their removal date that are not reserved: only On Hand counts "
        "them.",
    )
    available = fields.Float(
        "Base Quantity",
        compute="_compute_figures",
        digits="Product Unit",
        compute_sudo=True,
        help="Free to use, on hand or forecast, according to the settings of the store.",
    )
    buffer = fields.Float(
        "Safety Stock", compute="_compute_figures", digits="Product Unit", compute_sudo=True
    )
    cap = fields.Integer(
        "Maximum Published Quantity", compute="_compute_figures", compute_sudo=True
    )
    sold_out_at = fields.Integer(
        compute="_compute_figures",
        compute_sudo=True,
        help="With so many pieces or fewer left, none are published.",
    )
    factor = fields.Float(
        "Pieces in a Packaging",
        compute="_compute_figures",
        digits="Product Unit",
        compute_sudo=True,
        help="Octopus sells packagings of so many pieces.",
    )
    number = fields.Integer(
        "Published Quantity",
        compute="_compute_figures",
        compute_sudo=True,
        help="The number to send: whole units, never below zero.",
    )
    is_sold = fields.Boolean(
        "Published",
        compute="_compute_figures",
        compute_sudo=True,
        help="Octopus shows a product as sold out that is archived, not sold at the Point of Sale, "
        "or outside the time in which it is published.",
    )
    waiting_count = fields.Integer(
        "Pending Changes", compute="_compute_waiting_count", compute_sudo=True
    )
    answer = fields.Text("Last Answer", compute="_compute_answer")

    # === CONSTRAINTS === #

    _level_uniq = models.Constraint(
        "UNIQUE(variant_id, location_id)", "A variant has one level at a location."
    )
    _account_idx = models.Index("(account_id, id)")

    def init(self):
        # Every change rewrites a row. With room left in its page that touches no index.
        self.env.cr.execute("ALTER TABLE octopus_stock_level SET (fillfactor = 60)")

    # === COMPUTE METHODS === #

    def _compute_figures(self):
        for location, levels in groupby(self, lambda level: level.location_id):
            product_ids = self.browse().concat(*levels).product_id.ids
            figures = {}
            if location.warehouse_id:
                figures = LocationFigures(location).read_figures(product_ids)
            for level in levels:
                found = figures.get(level.product_id.id)
                level.on_hand = found.on_hand if found else 0
                level.reserved = found.reserved if found else 0
                level.expired = found.expired if found else 0
                level.available = found.available if found else 0
                level.buffer = found.buffer if found else 0
                level.cap = found.cap if found else 0
                level.sold_out_at = found.sold_out_at if found else 0
                level.factor = found.factor if found else 1
                level.number = found.number if found else 0
                level.is_sold = bool(found and found.is_sold)

    def _compute_waiting_count(self):
        counts = {
            (product.id, warehouse.id): count
            for product, warehouse, count in self.env["octopus.stock.event"]._read_group(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("warehouse_id", "in", self.warehouse_id.ids),
                ],
                ["product_id", "warehouse_id"],
                ["__count"],
            )
        }
        for level in self:
            enqueued = counts.get((level.product_id.id, level.warehouse_id.id), 0)
            level.waiting_count = enqueued + len(level.pending_ids)

    @api.depends("error", "pushed_at", "run_id")
    @api.depends_context("lang")
    def _compute_answer(self):
        for level in self:
            if level.error:
                level.answer = self.env._("Refused: %(reason)s", reason=level.error)
            elif not level.pushed_at:
                level.answer = self.env._("Nothing was sent yet.")
            elif level.run_id:
                level.answer = self.env._("Accepted, sent by Sync Stocks.")
            else:
                level.answer = self.env._("Accepted, sent automatically.")

    # === BUSINESS METHODS === #

    @api.model
    def _run_start(self, run):
        """Begin a run of Sync Stocks; return the number of levels to send."""
        return StockRun(run).start()

    @api.model
    def _run_batch(self, run, client):
        """Send the next levels of the run; return whether there are more."""
        return StockRun(run).send_batch(client)

    # === CRON METHODS === #

    @api.model
    def _cron_push(self):
        """Send what changed, and work off the stock runs."""
        StockWorker(self.env).work()
