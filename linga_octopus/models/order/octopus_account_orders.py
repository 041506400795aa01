from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

PAYLOAD_BATCH = 10_000


class OctopusAccount(models.Model):
    """What an account decides about its online orders."""

    _inherit = "octopus.account"

    # === ACTION METHODS === #

    def action_fetch_order(self, number):
        """Have the worker fetch one order by its Aggregator Order No."""
        number = str(number or "").strip()
        if not number:
            raise UserError(self.env._("Enter the Aggregator Order No. of the order."))
        notification = self._queue_run("orders")
        self.env["octopus.order"]._request_fetch(self, {"number": number})
        return notification

    def action_fetch_order_range(self, start, end):
        """Have the worker fetch the orders that came to Octopus between two moments, old ones
        too."""
        moments = [fields.Datetime.to_datetime(moment) for moment in (start, end)]
        if not all(moments) or moments[0] > moments[1]:
            raise UserError(self.env._("Enter two days, the earlier one first."))
        notification = self._queue_run("orders")
        names = ("created_at_min", "created_at_max")
        texts = (moment.isoformat(timespec="seconds") for moment in moments)
        self.env["octopus.order"]._request_fetch(self, dict(zip(names, texts, strict=True)))
        return notification

    def action_open_fetch(self):
        """Ask which orders to fetch."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_fetch_request_action"
        )
        action["context"] = {"default_account_id": self.id}
        return action

    # === WORKERS === #

    @api.model
    def _cron_poll_orders(self):
        """Ask for the orders of every connected store: webhooks may get lost."""
        for account in self.search([("state", "=", "connected")]):
            self.env["octopus.sync.run"]._queue(account, "orders", at_once=False)

    @api.autovacuum
    def _gc_order_payloads(self):
        """Remove the originals of orders that are older than their account keeps them; return how
        many, and how many times more Odoo has to call us."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE octopus_order SET payload = NULL
                    WHERE id IN (
                        SELECT o.id FROM octopus_order o
                          JOIN octopus_account account ON account.id = o.account_id
                         WHERE account.payload_days > 0 AND o.payload IS NOT NULL
                           AND o.received_at < %s - account.payload_days * interval '1 day'
                         LIMIT %s FOR NO KEY UPDATE OF o SKIP LOCKED)""",
                fields.Datetime.now(),
                PAYLOAD_BATCH,
            )
        )
        done = self.env.cr.rowcount
        self.env["octopus.order"].invalidate_model(["payload"])
        return done, int(done == PAYLOAD_BATCH)
