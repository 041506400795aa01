"""What a monitor wants to know: is anything stuck, and since when."""

from datetime import timedelta

from odoo import api, fields, models

# Longer than any of this takes when all is well: a person should look.
LATE_ORDER = timedelta(minutes=15)
LATE_BELL = timedelta(minutes=30)
LATE_POLL = timedelta(minutes=30)
LATE_CRON = timedelta(minutes=15)


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    @api.model
    def _health(self):
        """Return the state of the stores that the user may see, ready for JSON."""
        accounts = self.search([("state", "!=", "unsubscribed")])
        report = {
            "accounts": [account._health_of_account() for account in accounts],
            # Stock changes are noted by product, before it is known which stores they concern.
            "stock_events": self.env["octopus.stock.event"].sudo().search_count([]),
            "workers": self._health_of_workers(),
        }
        problems = [
            f"{entry['name']}: {problem}"
            for entry in (*report["accounts"], *report["workers"])
            for problem in entry["problems"]
        ]
        return {"status": "problem" if problems else "ok", "problems": problems, **report}

    def _health_of_account(self):
        self.ensure_one()
        orders = self.env["octopus.order"]
        mine = [("account_id", "=", self.id)]
        waiting = [*mine, ("stock_state", "=", "waiting")]
        returning = [*mine, ("is_return_due", "=", True)]
        notifications = self.env["octopus.order.notification"]
        runs = self.env["octopus.sync.run"]
        open_runs = [*mine, ("state", "in", ("queued", "running", "waiting"))]
        oldest = {
            "order": orders.search(waiting, order="id", limit=1).received_at,
            # Whoever made it due wrote on the order.
            "return": orders.search(returning, order="write_date", limit=1).write_date,
            "notification": notifications.search(mine, order="id", limit=1).create_date,
            "pass": runs.search(open_runs, order="id", limit=1).create_date,
        }
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "last_order_at": _text(orders.search(mine, order="id desc", limit=1).received_at),
            "last_poll_at": _text(self.last_orders_sync),
            "waiting_orders": orders.search_count(waiting),
            "returning_orders": orders.search_count(returning),
            "blocked_orders": orders.search_count([*mine, ("stock_state", "=", "blocked")]),
            "untold_orders": orders.search_count([*mine, ("push_status", "=", "pending")]),
            "notifications": notifications.search_count(mine),
            "pending_levels": self.stock_pending_count,
            "failed_levels": self.stock_error_count,
            "open_runs": runs.search_count(open_runs),
            "open_problems": self.open_issue_count,
            **self.env["octopus.rate"]._calls_left(self),
            "oldest_seconds": {kind: _age(moment) for kind, moment in oldest.items()},
            "problems": list(self._health_problems(oldest)),
        }

    def _health_problems(self, oldest):
        """Yield what a person should look at; plain English, because monitors match on it.

        :param dict oldest: since when the oldest of each queue waits
        """
        if self.state == "error":
            yield f"connection problem: {self.state_message}"
        if _is_late(oldest["order"], LATE_ORDER):
            yield "an order waits for its stock"
        if _is_late(oldest["return"], LATE_ORDER):
            yield "an order waits to give its goods back"
        # Without a connection they have to wait.
        if self.state == "connected":
            if _is_late(oldest["notification"], LATE_BELL):
                yield "an announced order has not been read back"
            if _is_late(self.last_orders_sync or self.create_date, LATE_POLL):
                yield "orders have not been asked for lately"

    @api.model
    def _workers(self):
        """Return the app's scheduled actions, sudoed: that they are alive is no secret."""
        entries = self.env["ir.model.data"].sudo()
        ours = [("module", "=", "linga_octopus"), ("model", "=", "ir.cron")]
        crons = self.env["ir.cron"].sudo().browse(entries.search(ours).mapped("res_id"))
        return crons.exists().sorted("priority")

    @api.model
    def _is_overdue(self, worker):
        return worker.active and _is_late(worker.nextcall, LATE_CRON)

    @api.model
    def _health_of_workers(self):
        return [
            {
                "name": cron.cron_name,
                "active": cron.active,
                "last_success_at": _text(cron.lastcall),
                "next_at": _text(cron.nextcall),
                "failures": cron.failure_count,
                "problems": [
                    problem
                    for problem, is_so in (
                        ("is switched off", not cron.active),
                        ("is overdue", self._is_overdue(cron)),
                        ("fails", bool(cron.failure_count)),
                    )
                    if is_so
                ],
            }
            for cron in self._workers()
        ]


def _text(moment):
    return moment and moment.isoformat(timespec="seconds") + "Z" or None


def _age(moment):
    """Return how many seconds ago that was."""
    return moment and int((fields.Datetime.now() - moment).total_seconds()) or 0


def _is_late(moment, limit):
    """Tell whether a moment, if there is one, is longer ago than that."""
    return bool(moment) and fields.Datetime.now() - moment > limit
