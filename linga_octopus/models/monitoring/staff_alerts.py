"""Notifications for the followers of a store: new online orders, and each problem once.

Taking an order in and running a sync notify nobody. A scheduled action looks at the state of each
store and reports what is new. A try that fails again is the same problem. A problem that comes
back after it was solved is a new one.
"""

import logging

from markupsafe import Markup

from odoo import fields
from odoo.tools import SQL, format_amount

from ...const import ALERT_CRON, ALERT_PAUSE
from ...orm import CONCURRENCY_ERRORS, lock_free_rows
from .diagnosis import Diagnosis, record_path

_logger = logging.getLogger(__name__)

# Subtypes that a follower of the store chooses from.
ORDER_SUBTYPE = "linga_octopus.mt_octopus_order"
PROBLEM_SUBTYPE = "linga_octopus.mt_octopus_problem"
PROBLEM_ACTIVITY = "linga_octopus.mail_activity_type_octopus_problem"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
# Lines of a message or an activity; the rest is counted.
SHOWN_PROBLEMS = 10


def notify_staff(env):
    """Notify the staff of every store of what is new; commit after each store."""
    stores = env["octopus.account"].search([])
    for done, store in enumerate(stores, start=1):
        alerts = StaffAlerts(store)
        try:
            with env.cr.savepoint():
                alerts.report_problems()
                alerts.report_orders()
        except CONCURRENCY_ERRORS:
            _logger.info("Octopus store %s changes just now: its alerts wait", store.id)
        # An error in the alerts of one store must not silence the others.
        except Exception:
            _logger.exception("The staff of Octopus store %s could not be alerted", store.id)
        if not env["ir.cron"]._commit_progress(1, remaining=len(stores) - done):
            break


def follow(account):
    """Have the current user follow new orders and problems, besides what they follow already."""
    partner = account.env.user.partner_id
    subtypes = account.env["mail.message.subtype"]
    mine = account.message_follower_ids.filtered(lambda follower: follower.partner_id == partner)
    chosen = mine.subtype_ids if mine else subtypes.default_subtypes(account._name)[0]
    for xmlid in (ORDER_SUBTYPE, PROBLEM_SUBTYPE):
        chosen |= account.env.ref(xmlid)
    account.message_subscribe(partner.ids, chosen.ids)


class StaffAlerts:
    """What the staff of one store is notified of."""

    def __init__(self, account):
        self.account = account
        self.env = account.env

    # === PROBLEMS === #

    def report_problems(self):
        """Report the problems that are new since the last look, and close what is solved."""
        account = self.account
        known = account.reported_problems or []
        diagnosis = Diagnosis(account, known)
        found = diagnosis.failures()
        lasting = [key for key in known if key in found]
        new = [key for key in found if key not in known]
        followers = self._followers(PROBLEM_SUBTYPE)
        responsible = self._responsible()
        if not (followers or responsible):
            new = []  # the first person who follows is notified of them
        if new or lasting != known:
            account.reported_problems = new + lasting
            self._update_activity(responsible, diagnosis, new, lasting)
        if not new:
            return

        def write(env):
            findings = diagnosis.in_language_of(env).failures()
            return self._subject(env), _lines(findings, new)

        records = [found[key].record for key in new]
        place = records[0] if len(records) == 1 and len(records[0]) == 1 else account
        self._notify(followers, place, write, PROBLEM_SUBTYPE)

    def _update_activity(self, responsible, diagnosis, new, lasting):
        """Keep one activity with the problems that last, until nothing is wrong any more."""
        account = self.account
        kind = self.env.ref(PROBLEM_ACTIVITY)
        planned = account.activity_ids.filtered(lambda todo: todo.activity_type_id == kind)
        if not new and not lasting:
            planned.action_feedback(feedback=self.env._("Solved: nothing is wrong any more."))
            return
        todo = planned.filtered(lambda todo: todo.user_id == responsible)[:1]
        if not responsible or not (new or todo):
            return  # the user has marked the activity as done
        env = self.env(context={**self.env.context, "lang": responsible.lang})
        findings = diagnosis.in_language_of(env).failures()
        lines = _lines(findings, new + lasting)
        vals = {"summary": self._subject(env), "note": self._as_html(env, lines)}
        if todo:
            todo.write(vals)
        else:
            # Without a notification of its own: the responsible user follows the store.
            account.with_context(mail_activity_quick_update=True).activity_schedule(
                PROBLEM_ACTIVITY, user_id=responsible.id, **vals
            )

    def _subject(self, env):
        return env._("%(store)s: action required", store=self.account.name)

    def _responsible(self):
        """Return the responsible user, if that is still a user who can open the store."""
        user = self.account.user_id
        account = self.account.with_user(user).with_context(allowed_company_ids=None)
        may_open = user.active and self._is_of_company(user) and account.has_access("read")
        return user if may_open else user.browse()

    # === NEW ORDERS === #

    def report_orders(self):
        """Report new orders: the first at once, those that follow soon in one message."""
        account = self.account
        due = [
            ("account_id", "=", account.id),
            ("is_alert_due", "=", True),
            # The order is not complete before the worker has deducted its stock.
            ("stock_state", "!=", "waiting"),
        ]
        orders = self.env["octopus.order"].search(due, order="id")
        if not orders:
            return
        now = fields.Datetime.now()
        if account.order_alert_at and account.order_alert_at + ALERT_PAUSE > now:
            self.env.ref(ALERT_CRON)._trigger(account.order_alert_at + ALERT_PAUSE)
            return
        orders = lock_free_rows(orders)
        self._clear_due(orders)
        orders = orders.filtered(lambda order: order.status != "cancelled")
        if not orders:
            return
        # Where nobody follows as well: each order of a rush would wake the action.
        account.order_alert_at = now
        self._notify(
            self._followers(ORDER_SUBTYPE),
            orders if len(orders) == 1 else account,
            lambda env: self._describe_orders(orders.with_env(env)),
            ORDER_SUBTYPE,
        )

    def _clear_due(self, orders):
        # Not a change of the order: neither its date nor open screens follow.
        self.env.cr.execute(
            SQL(
                "UPDATE octopus_order SET is_alert_due = NULL WHERE id IN %s",
                orders._ids or (0,),
            )
        )
        orders.invalidate_recordset(["is_alert_due"], flush=False)

    def _describe_orders(self, orders):
        """Return subject and lines of the message about these orders, in their language."""
        env = orders.env
        lines = [
            (
                env._(
                    "%(order)s of %(customer)s: %(total)s",
                    order=order.display_name,
                    customer=order.customer_name or env._("an unknown customer"),
                    total=format_amount(env, order.check_total, order.currency_id),
                ),
                record_path(order),
            )
            for order in orders
        ]
        store = self.account.name
        if len(orders) == 1:
            return env._("New online order in %(store)s", store=store), lines
        subject = env._("%(count)s new online orders in %(store)s", count=len(orders), store=store)
        return subject, lines

    # === MESSAGES === #

    def _followers(self, subtype):
        """Return the followers who chose this subtype: users of the company only.

        Messages name customers, so partners and portal users get none.
        """
        subtype = self.env.ref(subtype)
        followers = self.account.message_follower_ids
        partners = followers.filtered(lambda follower: subtype in follower.subtype_ids).partner_id
        return partners.filtered(
            lambda partner: any(
                not user.share and self._is_of_company(user) for user in partner.user_ids
            )
        )

    def _is_of_company(self, user):
        return self.account.company_id in user.company_ids

    def _notify(self, partners, place, write, subtype):
        """Notify partners, each in their language: in their inbox or by e-mail, as they prefer.

        :param place: the record that the notification opens
        :param write: returns (subject, lines) in the language of the environment it is given
        """
        if not partners:
            return
        company = self.account.company_id
        bot = self.env.ref("base.partner_root")
        thread = place if hasattr(place, "message_notify") else self.account
        for lang, readers in partners.grouped("lang").items():
            env = self.env(context={**self.env.context, "lang": lang})
            subject, lines = write(env)
            thread.with_env(env).message_notify(
                partner_ids=readers.ids,
                subject=subject,
                body=self._as_html(env, lines),
                author_id=bot.id,
                email_from=company.email_formatted or bot.email_formatted,
                subtype_xmlid=subtype,
                # The mail queue sends e-mails: one bad address does not stop the others.
                force_send=False,
            )
        self.env.ref(MAIL_CRON)._trigger()

    def _as_html(self, env, lines):
        """Return lines of (text, path) as links; the rest after the first ones is counted."""
        root = self.account.get_base_url()
        items = Markup("").join(
            Markup('<li><a href="%s">%s</a></li>') % (root + path, text)
            for text, path in lines[:SHOWN_PROBLEMS]
        )
        body = Markup("<ul>%s</ul>") % items
        if len(lines) > SHOWN_PROBLEMS:
            body += Markup("<p>%s</p>") % env._(
                "... and %(count)s more.", count=len(lines) - SHOWN_PROBLEMS
            )
        return body


def _lines(findings, keys):
    """Return (sentence, path) of the findings with these keys that are still there."""
    return [(findings[key].sentence, findings[key].path) for key in keys if key in findings]
