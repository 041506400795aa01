from odoo import api, fields, models

from ...lib.fulfillments import BY_CHANNEL, FULL, PART, fulfilled_state
from ...lib.order_goods import GOODS


class OctopusOrderHandover(models.AbstractModel):
    """How the goods of an online order reach the customer: in parcels, or at the counter.

    All fields are here; the methods that reach into other rooms stand in room `fulfillment`.
    """

    _name = "octopus.order.handover"
    _inherit = "octopus.order.pickup"
    _description = "Hand-Over of an Online Order"

    fulfillment_ids = fields.One2many(
        "octopus.fulfillment",
        "order_id",
        "Parcels",
        readonly=True,
        help="What has left of the order, or was handed over.",
    )
    fulfillment_state = fields.Selection(
        [
            (PART, "Partly Shipped"),
            (FULL, "Shipped"),
            (BY_CHANNEL, "Shipped by the Channel"),
        ],
        "Hand-Over",
        compute="_compute_fulfillment_state",
        store=True,
        help="Partly Shipped: some pieces are still to be packed.\n"
        "Shipped: all pieces have left, or were handed over.\n"
        "Shipped by the Channel: all pieces have left, as the channel says: do not pack.",
    )
    has_failed_parcel = fields.Boolean(
        compute="_compute_has_failed_parcel", export_string_translation=False
    )
    is_parcel_due = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Octopus is to be told of a parcel.",
    )

    # For the search for a parcel, and for the reports on the hand-over.
    _fulfillment_idx = models.Index("(account_id, fulfillment_state) WHERE status = 'take_action'")

    # === COMPUTE METHODS === #

    @api.depends(
        *("fulfillment_ids.state", "fulfillment_ids.origin", "line_ids.quantity_fulfilled"),
        *("line_ids.quantity_refunded", "line_ids.quantity", "line_ids.kind"),
    )
    def _compute_fulfillment_state(self):
        for order in self:
            parcels = order.fulfillment_ids.filtered(lambda parcel: parcel.state == "done")
            if not parcels:
                order.fulfillment_state = False
                continue
            goods = order.line_ids.filtered(lambda line: line.kind == GOODS and line.quantity > 0)
            order.fulfillment_state = fulfilled_state(
                [line._line_pieces() for line in goods],
                is_by_channel="channel" in parcels.mapped("origin"),
            )

    @api.depends("fulfillment_ids.push_status")
    def _compute_has_failed_parcel(self):
        for order in self:
            order.has_failed_parcel = "failed" in order.fulfillment_ids.mapped("push_status")

    # === BUSINESS METHODS === #

    def _lines_to_ship(self):
        """Return {line: pieces} of the goods that this store has still to hand over."""
        lines = self.line_ids.filtered(lambda line: line.kind == GOODS)
        left = {line: float(line._line_pieces().left_here) for line in lines}
        return {line: pieces for line, pieces in left.items() if pieces > 0}

    @api.model
    def _ship_tracked(self):
        """Hook: take tracking references on deliveries for parcels."""

    def _follow_parcels(self, remote, *, is_newer):
        """Hook: an update that says what has been handed over."""

    def _compare_parcels(self, remote):
        """Hook: return the pieces in parcels as Octopus says and as Odoo knows, as Decimals; None
        where that is not known."""
        return None, None

    def _tell_parcels(self, client):
        """Hook: tell Octopus of the parcels that it does not know, each in transactions of its own.

        :return: those of which only a tag and a note can tell
        :raise OctopusError: another try may help
        """
        return self.fulfillment_ids.browse()

    def _retry_parcels(self):
        """Hook: have the worker tell Octopus again of what it did not take; `self` is sudoed."""

    def _parcels_failed(self, error):
        """Hook: Octopus was not told of the parcels, and no other try helps."""

    def _own_tags(self):
        """Hook: return the tags that tell the channel how far the hand-over is."""
        return []

    def _own_notes(self):
        """Hook: return the lines of the note that tell the channel how far the hand-over is."""
        return []
