from odoo import fields, models


class OctopusAccount(models.Model):
    """The order checks of a store."""

    _inherit = "octopus.account"

    order_check_nightly = fields.Boolean(
        "Check Orders Every Night",
        default=True,
        help="Each night the orders and totals of the day that is over are compared with those "
        "in Octopus. It only reads, with one or two calls for a day of up to 250 orders.",
    )
    order_check_ids = fields.One2many("octopus.order.check", "account_id", "Order Checks")

    # === ACTION METHODS === #

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
