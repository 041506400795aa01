from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .fetch import add_fetch_requests


class OctopusAccount(models.Model):
    """What an account decides about its online orders."""

    _inherit = "octopus.account"

    contact_policy = fields.Selection(
        [
            ("none", "Name Only"),
            ("match", "Find the Contact"),
            ("create", "Find or Create the Contact"),
        ],
        "Customers of Orders",
        default="match",
        required=True,
        help="Contacts are found by Octopus's customer number, e-mail or phone.",
    )
    orders_since = fields.Datetime(
        "Take Orders Since",
        default=fields.Datetime.now,
        required=True,
        copy=False,
        help="Orders placed earlier are not fetched. When one of them changes, it is shown "
        "here, but its goods are not taken from the stock.",
    )
    order_watermark = fields.Datetime(
        "Orders Fetched Until",
        readonly=True,
        copy=False,
        help="Everything that changed in Octopus before this moment has been fetched.",
    )
    payload_days = fields.Integer(
        "Keep Original Orders (Days)",
        default=90,
        help="After this time the orders as Octopus sent them are removed; the orders stay.",
    )

    push_resume_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    # === ACTION METHODS === #

    def action_fetch_order(self, number):
        """Have the worker fetch one order by its Aggregator Order No."""
        number = str(number or "").strip()
        if not number:
            raise UserError(self.env._("Enter the Aggregator Order No. of the order."))
        return self._queue_fetch({"number": number})

    def action_fetch_order_range(self, start, end):
        """Have the worker fetch the orders that came to Octopus between two moments, also those
        from before the store was connected."""
        moments = [fields.Datetime.to_datetime(moment) for moment in (start, end)]
        if not all(moments) or moments[0] > moments[1]:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        start, end = (moment.isoformat(timespec="seconds") for moment in moments)
        return self._queue_fetch({"created_at_min": start, "created_at_max": end})

    def _queue_fetch(self, request):
        """Add a fetch request to the open run of orders, or to a new one."""
        notification = self._queue_run("orders")
        add_fetch_requests(self.env["octopus.sync.run"]._queue(self, "orders"), [request])
        return notification

    def action_open_fetch(self):
        """Ask which orders to fetch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_fetch_request_action"
        )
        action["context"] = {"default_account_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _agree_on_time(self, clock_skew):
        """Move `orders_since` to the clock of Octopus, whose times it is compared with.

        :param timedelta clock_skew: how far the clock of Octopus is ahead of Odoo's
        """
        self.ensure_one()
        is_chosen = abs(self.orders_since - self.create_date) > timedelta(minutes=1)
        if clock_skew and not (is_chosen or self.shop_name or self.order_watermark):
            self.orders_since += clock_skew
