from odoo import api, fields, models

from ...const import MANAGER
from ...lib.octopus_api.order_page import order_page
from ...lib.payment import REFUNDED, UNPAID, VOIDED, payment_problem


class OctopusOrderDisplay(models.AbstractModel):
    """What people see of an online order at a glance."""

    _name = "octopus.order.display"
    _description = "Badges and History of an Online Order"

    # A list of {"label", "kind"}: what is not as it should be, the gravest first.
    badges = fields.Json("Alerts", compute="_compute_badges")

    delivery_address = fields.Text(
        "Address Without Name",
        compute="_compute_delivery_address",
        help="Without the customer's name and phone, which stand above it.",
    )

    # History
    received_at = fields.Datetime("Received", readonly=True, default=fields.Datetime.now)
    deducted_at = fields.Datetime("Stock Deducted", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed", readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who completed or cancelled the order; empty when the channel did.",
    )
    # A list of {"at", "text", "icon"}, the earliest first.
    timeline = fields.Json(compute="_compute_timeline", export_string_translation=False)

    # Where else the order is shown
    octopus_url = fields.Char(
        "Order in Octopus",
        compute="_compute_octopus_url",
        help="The page of the order in Octopus, by the address that the store has for it.",
    )
    channel_url = fields.Char(
        "Order in the Sales Channel",
        compute="_compute_channel_url",
        compute_sudo=True,
        groups=MANAGER,
        help="The page of the order in the shop, where the channel names it.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *("status", "is_test", "stock_state", "needs_mapping", "is_oversold", "push_status"),
        *("financial_status", "refund_state", "change_state", "is_return_open", "is_alive_again"),
        *("is_elsewhere_open", "is_all_elsewhere", "has_unclear_refund", "fulfillment_state"),
        "has_unclear_set",
        *("is_late", "is_waiting_for_pickup"),
    )
    @api.depends_context("lang")
    def _compute_badges(self):
        for order in self:
            order.badges = [
                {"label": label, "kind": kind}
                for applies, kind, label in order._badges()
                if applies
            ]

    def _badges(self):
        """Return (applies, kind, label) of each badge; `kind` is a color of Bootstrap."""
        env, is_alive = self.env, self.status != "cancelled"
        problem = is_alive and payment_problem(self.financial_status)
        refund = is_alive and self.refund_state
        is_changed = is_alive and (self.change_state == "open" or self.is_elsewhere_open)
        is_set_open = is_alive and self.stock_state == "partial" and self.has_unclear_set
        is_elsewhere = self.is_all_elsewhere and self.status == "take_action"
        is_shipped = self.fulfillment_state == "channel" and self.status == "take_action"
        is_refunded = refund == "full" or problem == REFUNDED
        return [
            (self.is_test, "danger", env._("TEST")),
            (self.is_alive_again, "danger", env._("Alive Again")),
            (self.is_return_open, "warning", env._("Goods Not Back")),
            (is_refunded, "danger", env._("Refunded")),
            (problem == UNPAID, "danger", env._("Unpaid")),
            (problem == VOIDED, "danger", env._("Payment Voided")),
            (self.stock_state == "blocked", "danger", env._("Stock Blocked")),
            (is_alive and self.needs_mapping, "danger", env._("Product Not Mapped")),
            (is_set_open, "danger", env._("Set to Decide")),
            (is_changed, "warning", env._("Changed")),
            (is_alive and self.has_unclear_refund, "warning", env._("Refunded Goods Unknown")),
            (is_elsewhere, "warning", env._("Shipped from Elsewhere")),
            (is_shipped, "info", env._("Shipped by the Channel")),
            (self.is_late and self.pickup_due_at, "danger", env._("Pickup Overdue")),
            (self.is_waiting_for_pickup, "info", env._("Waiting for Pickup")),
            (is_alive and self.is_oversold, "warning", env._("Oversold")),
            (refund == "part" and not is_refunded, "warning", env._("Partly Refunded")),
            (self.push_status == "failed", "warning", env._("Not Sent to Octopus")),
        ]

    @api.depends("shipping_address", "customer_name", "phone")
    def _compute_delivery_address(self):
        for order in self:
            order.delivery_address = order._address_below_name()

    @api.depends_context("lang")
    def _compute_timeline(self):
        for order in self:
            rows = sorted((row for row in order._timeline_rows() if row[0]), key=lambda row: row[0])
            order.timeline = [
                {"at": fields.Datetime.to_string(moment), "text": text, "icon": icon}
                for moment, text, icon in rows
            ]

    def _timeline_rows(self):
        """Return what happened to the order: (moment, text, icon) of each step.

        Rooms that know more override this and add their rows; a row without a moment is left out.
        Rows of the same moment stay in their order.

        :return: list of (naive UTC or False, text in the user's language, class of Font Awesome)
        """
        self.ensure_one()
        channel = self._channel_name() or self.env._("the channel")
        slip_sudo = self.env["octopus.order.print"].sudo().search([("order_id", "=", self.id)])
        printed = self.env._("Packing slip printed at %s", slip_sudo.config_id.name)
        out = self.fulfillment_ids.filtered(lambda parcel: parcel.state == "done")
        return [
            (self.transaction_time, self.env._("Placed in %s", channel), "fa-shopping-cart"),
            (self.received_at, self.env._("Received from Octopus"), "fa-download"),
            (self.deducted_at, self.env._("Stock deducted"), "fa-cubes"),
            (slip_sudo.printed_at, printed, "fa-print"),
            *((parcel.shipped_at, parcel.display_name, "fa-truck") for parcel in out),
            (self.closed_at, self._closed_text(), "fa-check"),
            (self.pushed_at, self.env._("Status sent to Octopus"), "fa-upload"),
        ]

    def _closed_text(self):
        values = {"user": self.closed_by_id.sudo().name}
        if self.status == "cancelled":
            return (
                self.env._("Cancelled by %(user)s", **values)
                if self.closed_by_id
                else self.env._("Cancelled by the channel")
            )
        return (
            self.env._("Completed by %(user)s", **values)
            if self.closed_by_id
            else self.env._("Completed")
        )

    @api.depends("account_id.order_page", "aggregator_order_no")
    def _compute_octopus_url(self):
        for order in self:
            page = order.account_id.sudo().order_page
            order.octopus_url = page and page.replace("{id}", order.aggregator_order_no)

    @api.depends("payload")
    def _compute_channel_url(self):
        for order in self:
            order.channel_url = order_page(order.payload)
