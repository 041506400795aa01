from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

# So many tries without an answer are more than a hiccup: some minutes.
TRIES_IN_VAIN = 4
# Orders that fail one by one; more are a sign of something else that is told as well.
MANY = 100


class OctopusAccount(models.Model):
    """Whom a store tells of new orders and failures, and what counts as a failure."""

    _inherit = "octopus.account"

    def _open_alert_activities(self, activity_type):
        """Return the activities of this type that are not done."""
        return self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(activity_type)
        )

    def _describe_new_orders(self, orders):
        """Return subject and lines of the alert about these orders, in their language."""
        env = orders.env
        lines = [
            env._(
                "%(order)s of %(customer)s: %(total)s",
                order=order.display_name,
                customer=order.customer_name or env._("an unknown customer"),
                total=format_amount(env, order.check_total, order.currency_id),
            )
            for order in orders
        ]
        if len(orders) == 1:
            return env._("New online order in %(store)s", store=self.name), lines
        subject = env._(
            "%(count)s new online orders in %(store)s", count=len(orders), store=self.name
        )
        return subject, lines

    # === FAILURES === #

    def _failures(self, known=()):
        """Return what a person should know of, a sentence by key; the key is the cause, and the
        same in every language.

        :param known: keys that were failures at the last look
        """
        self.ensure_one()
        if self.state == "unsubscribed":
            return {}
        return {
            **self._failures_of_connection(),
            **self._failures_of_runs(),
            **self._failures_of_records(),
            **self._failures_of_orders(known),
            **self._failures_of_figures(),
        }

    def _failures_of_connection(self):
        if self.state == "error":
            return {"connection": self.state_message or self.env._("The connection is lost.")}
        runs = self.env["octopus.sync.run"]
        in_vain = runs.search(
            [
                ("account_id", "=", self.id),
                ("state", "in", ("queued", "running", "waiting")),
                ("attempts", ">=", TRIES_IN_VAIN),
            ],
            limit=1,
        )
        if in_vain or self.stock_attempts >= TRIES_IN_VAIN:
            message = in_vain.message or self.stock_message
            return {"unreachable": self.env._("It is tried again by itself. %(why)s", why=message)}
        return {}

    def _failures_of_runs(self):
        runs = self._failed_runs()
        labels = dict(runs._fields["kind"]._description_selection(self.env))
        return {f"pass:{run.kind}": f"{labels[run.kind]}: {run.message or ''}" for run in runs}

    def _failures_of_records(self):
        """Records with the same problem are one cause, however many they are."""
        issues = self.env["octopus.sync.issue"]
        groups = issues._read_group(
            [("account_id", "=", self.id), ("fixed_by", "=", False), ("severity", "=", "error")],
            ["kind", "message"],
            ["record_name:array_agg"],
        )
        labels = dict(issues._fields["kind"]._description_selection(self.env))
        failures = {}
        for kind, message, names in groups:
            names = sorted({name for name in names if name})
            some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
            text = f"{labels[kind]}: {some}: {message}" if some else f"{labels[kind]}: {message}"
            failures[f"issue:{kind}:{message[:200]}"] = text
        return failures

    def _failures_of_orders(self, known):
        """Orders that somebody has to do something about before they are right."""
        retried = [
            int(key.partition(":")[2]) for key in known if key.startswith(("order:", "untold:"))
        ]
        orders = self.env["octopus.order"]
        mine = Domain("account_id", "=", self.id)
        # One that is being tried again is still the same failure.
        trying = Domain("stock_state", "=", "waiting") & Domain("id", "in", retried)
        stuck = mine & (self._stuck_domain() | trying)
        trying = Domain("push_status", "=", "pending") & Domain("id", "in", retried)
        untold = mine & (Domain("push_status", "=", "failed") | trying)

        def latest(domain):
            # Those that were told of are not solved because newer ones fill the list.
            still = orders.search(domain & Domain("id", "in", retried))
            return still | orders.search(domain, limit=MANY, order="id desc")

        return {
            f"order:{order.id}": self.env._(
                "Online order %(order)s: %(why)s",
                order=order.display_name,
                why=order.stock_message or self.env._("a line needs a product."),
            )
            for order in latest(stuck)
        } | {
            f"untold:{order.id}": self.env._(
                "Online order %(order)s: %(why)s",
                order=order.display_name,
                why=order.channel_notice or self.env._("Octopus was not told of its status."),
            )
            for order in latest(untold)
        }

    def _failures_of_figures(self):
        """Stock and orders that were compared and differ."""
        failures = {}
        if self.stock_error_count:
            failures["levels"] = self.env._(
                "Octopus refuses stock levels: see Octopus > Activity > Stock Levels."
            )
        differences = self.env["octopus.stock.difference"]
        if differences.search_count(
            [("account_id", "=", self.id), ("state", "=", "open")], limit=1
        ):
            failures["stock_check"] = self.env._(
                "Stock levels in Octopus differ: decide under Octopus > Activity > Stock "
                "Differences."
            )
        for order_check in self.order_check_ids.filtered(
            lambda order_check: order_check.state == "differs"
        ):
            failures[f"order_check:{order_check.day}"] = self.env._(
                "The online orders of %(day)s differ from those in Octopus: see Octopus > "
                "Activity > Daily Tie-Outs.",
                day=format_date(self.env, order_check.day),
            )
        for order_check in self.order_check_ids.filtered(
            lambda order_check: order_check.state == "failed"
        ):
            failures[f"order_check:{order_check.day}"] = (
                f"{order_check.display_name}: {order_check.message}"
            )
        return failures
