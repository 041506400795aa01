from odoo import api, fields, models
from odoo.exceptions import UserError

from ...orm import delete_batch
from .level_store import LevelStore
from .stock_check import StockCheck
from .worker import wake_stock_worker

KEEP_DIFFERENCE_DAYS = 60


class OctopusStockDifference(models.Model):
    """A stock level that differed between Octopus and Odoo when a check compared them."""

    _name = "octopus.stock.difference"
    _description = "Octopus Stock Difference"
    _order = "id desc"
    _rec_name = "product_id"

    # === FIELDS === #

    run_id = fields.Many2one(
        "octopus.sync.run", "Check", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(related="run_id.account_id", store=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    level_id = fields.Many2one(
        "octopus.stock.level", "Stock Level", required=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one("product.product", ondelete="cascade")
    location_id = fields.Many2one("octopus.location", "Octopus Location", ondelete="cascade")
    octopus_quantity = fields.Integer("In Octopus")
    is_listed = fields.Boolean("Octopus Has It")
    odoo_quantity = fields.Integer("In Odoo")
    pushed_quantity = fields.Integer("Last Published")
    pushed_at = fields.Datetime("Published At")
    drops_to_zero = fields.Boolean(help="It is on sale in Octopus now, and would be sold out.")
    reason = fields.Selection(
        [
            ("waiting", "Still to Be Sent"),
            ("refused", "Refused by Octopus"),
            ("never", "Never Sent"),
            ("unlisted", "Not Listed in Octopus"),
            ("there", "Changed in Octopus"),
            ("here", "Unnoticed in Odoo"),
            ("both", "Changed on Both Sides"),
        ]
    )
    state = fields.Selection(
        [
            ("preview", "Dry Run"),
            ("open", "To Review"),
            ("sent", "Sent Again"),
            ("closed", "Closed"),
        ],
        required=True,
        index=True,
    )

    # === CRUD METHODS === #

    @api.autovacuum
    def _gc_old_differences(self):
        return delete_batch(self, [("create_date", "<", f"-{KEEP_DIFFERENCE_DAYS}d")])

    # === ACTION METHODS === #

    def action_heal(self):
        """Send Odoo's numbers of these levels."""
        accounts = self.account_id
        accounts.check_access("write")
        if accounts.filtered(lambda account: not account.auto_stock_sync):
            raise UserError(self.env._("Press Sync Stocks first: it sends all levels."))
        # Differences are read-only for all; the manager may have them sent.
        differences_sudo = self.sudo()
        env_sudo = differences_sudo.env
        env_sudo["octopus.stock.event"]._enqueue_products(differences_sudo.product_id)
        # A deleted variant has no product to enqueue. Only here a level is marked by another than
        # the worker: the number is 0 for good, so the worker cannot send a wrong one meanwhile.
        deleted = differences_sudo.level_id.filtered(lambda level: not level.product_id)
        if deleted:
            LevelStore(env_sudo).mark(deleted.ids)
            wake_stock_worker(env_sudo)
        differences_sudo.state = "sent"
        return True

    def action_take_over(self):
        """Show what would be counted if Octopus is right: the opening stock."""
        wizard = self.env["octopus.opening.stock"].create({"difference_ids": self.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Use Octopus's Quantity"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _run_start(self, run):
        """Begin a run of Check Stock; return the number of levels to compare."""
        return StockCheck(run).start()

    @api.model
    def _run_batch(self, run, client):
        """Compare the next levels of the run; return whether there are more."""
        return StockCheck(run).compare_batch(client)

    @api.model
    def _close_earlier(self, run):
        """Close what was found before this run, which went over all levels."""
        self.search(
            [
                ("account_id", "=", run.account_id.id),
                ("state", "in", ("open", "preview")),
                ("run_id", "!=", run.id),
            ]
        ).state = "closed"

    # === CRON METHODS === #

    @api.model
    def _cron_check(self):
        """Queue a check for every store that sends its stock automatically."""
        accounts = self.env["octopus.account"].search(
            [("auto_stock_sync", "=", True), ("state", "in", ("connected", "error"))]
        )
        for account in accounts:
            self.env["octopus.sync.run"]._queue(account, "stock_check", at_once=False)
