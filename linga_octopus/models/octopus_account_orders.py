from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


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

    # === ACTION METHODS === #

    def action_fetch_order(self, number):
        """Have the worker fetch one order by its Aggregator Order No."""
        number = str(number or "").strip()
        if not number:
            raise UserError(self.env._("Enter the Aggregator Order No. of the order."))
        notification = self._queue_pass("orders")
        self.env["octopus.order"]._wish(self, {"number": number})
        return notification

    def action_fetch_order_range(self, start, end):
        """Have the worker fetch the orders that came to Octopus between two moments, old ones
        too."""
        moments = [fields.Datetime.to_datetime(moment) for moment in (start, end)]
        if not all(moments) or moments[0] > moments[1]:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        notification = self._queue_pass("orders")
        names = ("created_at_min", "created_at_max")
        texts = (moment.isoformat(timespec="seconds") for moment in moments)
        self.env["octopus.order"]._wish(self, dict(zip(names, texts, strict=True)))
        return notification

    def action_open_fetch(self):
        """Ask which orders to fetch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_order_wish_action"
        )
        action["context"] = {"default_account_id": self.id}
        return action

    # === WORKERS === #

    @api.model
    def _cron_poll_orders(self):
        """Ask for the orders of every connected store: webhooks may get lost."""
        for account in self.search([("state", "=", "connected")]):
            self.env["octopus.sync.run"]._queue(account, "orders")

    @api.autovacuum
    def _gc_order_payloads(self):
        """Remove the originals of orders that are older than the account keeps them."""
        for account in self.with_context(active_test=False).search([("payload_days", ">", 0)]):
            limit = fields.Datetime.now() - timedelta(days=account.payload_days)
            orders = self.env["octopus.order"].search(
                [
                    ("account_id", "=", account.id),
                    ("received_at", "<", limit),
                    ("payload", "!=", False),
                ],
                limit=10_000,
            )
            orders.payload = False
