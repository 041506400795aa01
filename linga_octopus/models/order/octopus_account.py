from odoo import fields, models
from odoo.exceptions import UserError

from .fetch import add_fetch_requests


class OctopusAccount(models.Model):
    """The buttons of a store that fetch and check orders."""

    _inherit = "octopus.account"

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

    def action_check_orders(self, day):
        """Compare the orders and totals of a day with those in Octopus, and open the result.

        :param day: in the time zone of the shop; a date or its text
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["octopus.order.check"]._check_day(self, fields.Date.to_date(day))

    def action_open_order_checks(self):
        """List the order checks of this store."""
        return self._action_of_account("linga_octopus.octopus_order_check_action")
