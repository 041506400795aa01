from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...const import MANAGER
from ...lib.tracking import split_numbers, tracking_link
from ...orm import lock_rows
from .carriers import of_companies
from .shipping import cancel_parcels, correct_parcel, dismiss_parcels


class OctopusFulfillment(models.Model):
    """A parcel, or goods that were handed over: what left, from where, by whom, with which number.

    Parcels of the store are told to Octopus by `parcel_push`; those of the channel come with its
    updates (`following`).
    """

    _name = "octopus.fulfillment"
    _description = "Parcel of an Online Order"
    _order = "shipped_at, id"
    _rec_name = "tracking_numbers"

    order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    account_id = fields.Many2one(related="order_id.account_id", store=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    origin = fields.Selection(
        [("store", "Store"), ("channel", "Sales Channel")],
        "Known From",
        required=True,
        readonly=True,
        default="store",
        help="Who says that the goods left: this store, or the sales channel.",
    )
    kind = fields.Selection(
        [("parcel", "Shipped"), ("counter", "Handed Over")],
        required=True,
        readonly=True,
        default="parcel",
    )
    state = fields.Selection(
        [("done", "Out"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="done",
        help="Cancelled: the pieces did not leave; they are to be shipped again.",
    )
    location_id = fields.Many2one("octopus.location", "From", readonly=True)
    service = fields.Char(readonly=True, help="The fulfillment service, as the channel calls it.")
    is_elsewhere = fields.Boolean(
        "Not From This Store",
        readonly=True,
        help="A service of the channel ships it from a warehouse of its own.",
    )
    carrier = fields.Char(readonly=True, help="Who brings it to the customer.")
    tracking_numbers = fields.Char(
        readonly=True, index="trigram", help="By which the carrier finds the parcel."
    )
    # A link on each line.
    tracking_urls = fields.Text(
        "Links", readonly=True, help="The pages of the carrier about the parcel."
    )
    shipped_at = fields.Datetime(
        "Out Since", required=True, readonly=True, index=True, help="When the goods left."
    )
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, help="Who shipped it, or handed it over."
    )
    handed_to = fields.Char(readonly=True, help="Who came for the goods.")
    notify_customer = fields.Boolean("Channel Notifies the Customer", readonly=True)
    line_ids = fields.One2many(
        "octopus.fulfillment.line", "fulfillment_id", "Pieces", readonly=True
    )
    contents = fields.Text(compute="_compute_contents", help="The pieces in the parcel.")
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        readonly=True,
        index="btree_not_null",
        help="The transfer whose tracking number it is.",
    )
    # What the transfer said last: see `transfers`.
    heard = fields.Json(readonly=True, copy=False, export_string_translation=False)

    # In Octopus
    octopus_ref = fields.Char("Octopus Fulfillment", readonly=True, copy=False)
    push_status = fields.Selection(
        [
            ("pending", "Pending"),
            ("synced", "Synced"),
            ("tag_only", "Synced as Tag Only"),
            ("failed", "Failed"),
            ("dismissed", "Dismissed"),
        ],
        "In Octopus",
        readonly=True,
        copy=False,
        help="Whether the channel has been told of the parcel. Dismissed: it refused the parcel, "
        "and a manager decided that it need not know.",
    )
    # When it was sent without an answer so far.
    attempted_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    # What Octopus was told last: see `parcel_push`.
    told = fields.Json(readonly=True, copy=False, export_string_translation=False)

    _ref_uniq = models.Constraint("UNIQUE(order_id, octopus_ref)", "This parcel is already known.")
    # For the count on the overview.
    _push_failed_idx = models.Index("(order_id) WHERE push_status = 'failed'")
    _shipped_idx = models.Index("(account_id, shipped_at) WHERE state = 'done'")

    # === COMPUTE METHODS === #

    @api.depends("tracking_numbers", "carrier", "kind", "handed_to", "shipped_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for parcel in self:
            words = (parcel.carrier, parcel.tracking_numbers, parcel.handed_to)
            parcel.display_name = " ".join(filter(None, words)) or kinds.get(parcel.kind)

    @api.depends("line_ids.quantity", "line_ids.order_line_id")
    def _compute_contents(self):
        for parcel in self:
            parcel.contents = "\n".join(line._format() for line in parcel.line_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        """Whoever packs, the channel and the worker that tells it of a parcel wait for each
        other."""
        if self:
            lock_rows(self)
        return super().write(vals)

    # === ACTION METHODS === #

    def action_correct(self):
        """Ask for the right carrier and tracking numbers of a parcel of the store."""
        self.ensure_one()
        self.order_id.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tracking Number"),
            "res_model": "octopus.ship",
            "views": [(self.env.ref("linga_octopus.octopus_ship_view_form_number").id, "form")],
            "target": "new",
            "context": {"default_fulfillment_id": self.id},
        }

    def action_cancel(self):
        """Say that the parcels did not leave: their pieces are to be shipped again."""
        self.order_id.check_access("write")
        cancel_parcels(self)
        return True

    def action_dismiss(self):
        """Have Octopus not told of parcels that it refused."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Ask a manager to dismiss a parcel."))
        self.order_id.check_access("write")
        # Parcels are written by the addon only.
        dismiss_parcels(self.sudo())
        return True

    def action_open_links(self):
        """Open the page of the carrier in a new tab."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": (self.tracking_urls or "").split("\n")[0]}

    # === BUSINESS METHODS === #

    def _correct(self, carrier, numbers):
        """Set carrier and tracking numbers of a parcel of the store; `self` is sudoed."""
        correct_parcel(self, carrier, numbers)

    def _numbers(self):
        return split_numbers(self.tracking_numbers)

    def _links(self, carrier, numbers, company):
        """Return the links of tracking numbers, a text to store."""
        template = ""
        if carrier and "delivery.carrier" in self.env:
            carriers_sudo = self.env["delivery.carrier"].sudo()
            if "tracking_url" in carriers_sudo._fields:
                found = carriers_sudo.search(
                    [("name", "=", carrier), *of_companies(company)], limit=1
                )
                template = found.tracking_url or ""
        links = (tracking_link(carrier, number, template) for number in numbers)
        return "\n".join(filter(None, links)) or False

    def _has_known_lines(self):
        """Return whether Octopus has an id of any line in the parcel."""
        return any(self.line_ids.order_line_id.mapped("octopus_ref"))

    def _told_by_tag(self):
        """Save that tags and notes tell of these parcels; `self` is sudoed."""
        self.write({"push_status": "tag_only", "attempted_at": False})


class OctopusFulfillmentLine(models.Model):
    """Pieces of one line of an order in a parcel."""

    _name = "octopus.fulfillment.line"
    _description = "Parcel of an Online Order: Line"
    _order = "fulfillment_id, id"
    _rec_name = "order_line_id"

    fulfillment_id = fields.Many2one(
        "octopus.fulfillment", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="fulfillment_id.company_id", store=True)
    order_line_id = fields.Many2one(
        "octopus.order.line", "Item", required=True, readonly=True, ondelete="cascade", index=True
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)

    def _format(self):
        """Return the pieces as text."""
        return self.env._(
            "%(quantity)s × %(product)s",
            quantity=f"{self.quantity:g}",
            product=self.order_line_id.display_name,
        )
