from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...lib.barcode import barcode_image
from ...lib.fulfillments import PART
from ...lib.moments import day_of, shop_zone, start_of_day

# Orders whose goods are still to be handed over.
NOT_OUT = (
    Domain("status", "=", "take_action")
    & Domain("fulfillment_state", "in", [False, PART])
    & Domain("refund_state", "!=", "full")
)
IS_PICKUP = Domain("fulfillment", "=", "pickup")


class OctopusOrderPickup(models.AbstractModel):
    """An order that the customer comes for: when, with which code, and whether it is ready.

    The methods that reach into other rooms stand in room `fulfillment`.
    """

    _name = "octopus.order.pickup"
    _description = "Pickup of an Online Order"

    pickup_due_at = fields.Datetime(
        "Pickup Due",
        readonly=True,
        index="btree_not_null",
        help="When the customer comes, as the channel says.",
    )
    pickup_code = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the customer shows at the counter; scanned at the Point of Sale, it opens the "
        "order.",
    )
    pickup_ready_at = fields.Datetime(
        "Ready for Pickup",
        readonly=True,
        copy=False,
        help="Since when the goods wait for the customer.",
    )
    pickup_ready_by_id = fields.Many2one(
        "res.users",
        "Made Ready By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who got the goods ready.",
    )
    is_waiting_for_pickup = fields.Boolean(
        "Waiting for Pickup",
        compute="_compute_is_waiting_for_pickup",
        search="_search_is_waiting_for_pickup",
        help="The goods are ready, and the customer is still to come.",
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not handed over at the time that the channel names, or open longer than the store "
        "allows (Late After).",
    )

    is_shipped_today = fields.Boolean(
        store=False, search="_search_is_shipped_today", export_string_translation=False
    )

    _waiting_idx = models.Index(
        "(account_id, pickup_due_at) WHERE pickup_ready_at IS NOT NULL AND status = 'take_action'"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *("fulfillment", "pickup_ready_at", "status", "fulfillment_state", "refund_state"),
    )
    def _compute_is_waiting_for_pickup(self):
        waiting = self.filtered_domain(self._waiting_domain())
        for order in self:
            order.is_waiting_for_pickup = order in waiting

    def _search_is_waiting_for_pickup(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._waiting_domain() if True in value else ~self._waiting_domain()

    def _waiting_domain(self):
        return IS_PICKUP & NOT_OUT & Domain("pickup_ready_at", "!=", False)

    @api.depends(
        *("pickup_due_at", "transaction_time", "status", "fulfillment_state", "fulfillment"),
        *("is_test", "refund_state"),
    )
    def _compute_is_late(self):
        late = self.filtered_domain(self._late_domain(self.account_id))
        for order in self:
            order.is_late = order in late

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Cashiers see the orders of stores that they cannot read.
        stores_sudo = self.env["octopus.account"].sudo().with_context(active_test=False)
        late = self._late_domain(stores_sudo.search([("late_after_hours", ">", 0)]))
        return late if True in value else ~late

    def _late_domain(self, accounts):
        """Return the domain of the orders that are late.

        :param accounts: the stores whose orders may be open too long
        """
        now = fields.Datetime.now()
        overdue = IS_PICKUP & Domain("pickup_due_at", "<", now)
        too_long = Domain.OR(
            Domain("account_id", "in", stores.ids)
            & Domain("transaction_time", "<", now - timedelta(hours=hours))
            for hours, stores in accounts.sudo().grouped("late_after_hours").items()
            if hours > 0
        )
        no_time = ~IS_PICKUP | Domain("pickup_due_at", "=", False)
        goods = Domain("fulfillment", "in", ["pickup", "delivery"]) & Domain("is_test", "=", False)
        return goods & NOT_OUT & (overdue | (no_time & too_long))

    def _search_is_shipped_today(self, operator, value):
        """Return the domain of the orders of which goods have left on the day that it is now in
        their shop."""
        if operator != "in" or True not in value:
            return NotImplemented
        now = fields.Datetime.now()
        # The zone of a store is no secret.
        stores_sudo = self.env["octopus.account"].sudo().with_context(active_test=False)
        return Domain.OR(
            Domain("account_id", "in", stores.ids)
            & Domain(
                "fulfillment_ids",
                "any",
                Domain("state", "=", "done")
                & Domain("account_id", "in", stores.ids)
                & Domain("shipped_at", ">=", start_of_day(day_of(now, zone), zone)),
            )
            for zone, stores in stores_sudo.search([]).grouped(shop_zone).items()
        )

    # === BUSINESS METHODS === #

    def _scanned_number(self):
        """Return what the barcode on paper says, by which a scanner opens the order."""
        is_pickup = self.fulfillment == "pickup" and self.pickup_code
        return self.pickup_code if is_pickup else self.aggregator_order_no

    def _pickup_barcode(self):
        """Return the pickup code as an image."""
        return barcode_image(self.pickup_code)
