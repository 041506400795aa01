"""What the staff has been told of, and the worker that tells it."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...orm import delete_batch
from .octopus_alert import ORDER_TYPE, PROBLEM_TYPE

_logger = logging.getLogger(__name__)

ALERT_CRON = "linga_octopus.ir_cron_octopus_alert"
# In a rush a message for each order would be read by nobody: after one, the orders of this
# time go into the next.
PAUSE = timedelta(minutes=5)
KEEP_DAYS = 30


class OctopusAlertCause(models.Model):
    """Something that the staff is told of once: a new order, or a failure until it is solved.

    Nobody who takes an order in or runs a pass sends anything. The worker looks at the state
    of each store, tells what is new, and closes what is no longer so: trying again in vain is
    the same cause, and failing again after a success is a new one.
    """

    _name = "octopus.alert.cause"
    _description = "Octopus Alert"
    _order = "id desc"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    kind = fields.Selection([("order", "New Order"), ("failure", "Failure")], required=True)
    key = fields.Char(
        required=True,
        export_string_translation=False,
        help="What it is about, such as connection, pass:products or order:17.",
    )
    order_id = fields.Many2one("octopus.order", ondelete="cascade", index="btree_not_null")
    message = fields.Text(readonly=True)
    told_at = fields.Datetime("Told", readonly=True)
    solved_at = fields.Datetime("Solved", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(account_id, kind, key) WHERE solved_at IS NULL", "The staff knows of this already."
    )
    _to_tell_idx = models.Index("(account_id) WHERE told_at IS NULL")

    # === NEW ORDERS === #

    @api.model
    def _note_orders(self, orders):
        """Remember these orders for the staff of the stores that want to hear of orders.

        Called by the worker that has just deducted them, in the same transaction: one
        statement, and none of it when nobody wants to hear.
        """
        self.env["octopus.alert"].flush_model()
        self.env["octopus.order"].flush_model(["account_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_alert_cause
                          (account_id, company_id, kind, key, order_id, create_date, write_date)
                   SELECT account_id, company_id, 'order', 'order:' || id, id, %(now)s, %(now)s
                     FROM octopus_order
                    WHERE id IN %(orders)s
                      AND account_id IN (SELECT account_id FROM octopus_alert WHERE on_order)
                       ON CONFLICT DO NOTHING""",
                orders=orders._ids or (0,),
                now=fields.Datetime.now(),
            )
        )
        if self.env.cr.rowcount:
            self.env.ref(ALERT_CRON).sudo()._trigger()

    # === THE WORKER === #

    @api.model
    def _cron_alert(self):
        """Tell the staff of every store what is new."""
        stores = self.env["octopus.account"].search([("alert_ids", "!=", False)])
        cron = self.env["ir.cron"]
        for done, store in enumerate(stores, start=1):
            try:
                with self.env.cr.savepoint():
                    self._alert(store)
            # What is wrong with the alerts of one store must not silence the others.
            except Exception:
                _logger.exception("The staff of Octopus store %s could not be alerted", store.id)
            if not cron._commit_progress(1, remaining=len(stores) - done):
                break

    @api.model
    def _alert(self, store):
        self._tell_failures(store)
        self._tell_orders(store)

    @api.model
    def _tell_failures(self, store):
        """Tell what has failed since the last look, and close what has been solved."""
        known = self.search(
            [("account_id", "=", store.id), ("kind", "=", "failure"), ("solved_at", "=", False)]
        )
        known_keys = known.mapped("key")
        in_company_lang = store.with_context(lang=store.company_id.partner_id.lang)
        failing = in_company_lang._failures(known_keys)
        known.filtered(lambda cause: cause.key not in failing).solved_at = fields.Datetime.now()
        if known and not failing:
            store._open_alert_activities(PROBLEM_TYPE).action_feedback(
                feedback=self.env._("Solved: nothing is wrong any more.")
            )
        new = failing.keys() - set(known_keys)
        alerts = store.alert_ids.filtered("on_failure")
        if not new or not alerts:
            return
        self.create(
            [
                {
                    "account_id": store.id,
                    "kind": "failure",
                    "key": key,
                    "message": message,
                    "told_at": fields.Datetime.now(),
                }
                for key, message in failing.items()
                if key in new
            ]
        )

        def write(env):
            theirs = store.with_env(env)._failures(known_keys)
            messages = [message for key, message in theirs.items() if key in new]
            return env._("Octopus needs you: %(store)s", store=store.name), messages

        alerts._tell(PROBLEM_TYPE, f"/odoo/octopus-stores/{store.id}", write)

    @api.model
    def _tell_orders(self, store):
        """Tell of new orders: the first at once, those that follow soon together."""
        waiting = self.search(
            [("account_id", "=", store.id), ("kind", "=", "order"), ("told_at", "=", False)],
            order="id",
        )
        if not waiting:
            return
        now = fields.Datetime.now()
        if store.order_alert_at and store.order_alert_at + PAUSE > now:
            self.env.ref(ALERT_CRON).sudo()._trigger(store.order_alert_at + PAUSE)
            return
        orders = waiting.order_id
        waiting.told_at = store.order_alert_at = now
        if len(orders) == 1:
            link = f"/odoo/online-orders/{orders.id}"
        else:
            link = "/odoo/online-orders"
        store.alert_ids.filtered("on_order")._tell(
            ORDER_TYPE, link, lambda env: store._describe_new_orders(orders.with_env(env))
        )

    @api.autovacuum
    def _gc_causes(self):
        """Forget what has been told and is over."""
        old = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        told = Domain("kind", "=", "order") & Domain("told_at", "<", old)
        return delete_batch(self, Domain("solved_at", "<", old) | told)
