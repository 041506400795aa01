import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import RETRY_DELAYS
from ...lib.octopus_api import OctopusError, OctopusNotFound
from ...lib.octopus_api.errors import (
    OctopusAuthError,
    OctopusBadAnswer,
    OctopusForbidden,
    OctopusRateLimited,
)
from ...orm import CONCURRENCY_ERRORS
from .octopus_order_worker import PUSH_STATUS_CRON

_logger = logging.getLogger(__name__)

TELL_BATCH = 20
METHOD_NOT_ALLOWED = 405
# How long to wait when Octopus takes no more calls and does not say how long.
PAUSE_SECONDS = 60
# What Octopus has no status for is written on the order as a tag.
TAGS = {"completed": "Odoo: completed", "cancelled": "Odoo: cancelled"}


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _tell_later(self, seconds):
        """Leave Octopus alone for as long as it says; none of the store's orders can be told."""
        self.push_resume_at = fields.Datetime.now() + timedelta(seconds=seconds or PAUSE_SECONDS)
        self.env.ref(PUSH_STATUS_CRON)._trigger(self.push_resume_at)


class OctopusOrder(models.Model):
    """Telling Octopus that an order was completed or cancelled here."""

    _inherit = "octopus.order"

    # The first page counts those that Octopus was not told of.
    _untold_idx = models.Index("(account_id) WHERE push_status = 'failed'")

    push_attempts = fields.Integer(readonly=True, copy=False, export_string_translation=False)
    push_retry_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    # The part of the notice that is over when Octopus is told.
    push_notice = fields.Text(readonly=True, copy=False, export_string_translation=False)

    def _tell_octopus(self):
        """Have the worker tell Octopus the status of these orders; `self` is sudoed."""
        self.write({"push_status": "pending", "push_attempts": 0, "push_retry_at": False})
        self._wake_worker(PUSH_STATUS_CRON)

    def action_retry_push(self):
        """Try again to tell Octopus."""
        self.check_access("write")
        # The channel's state is the worker's, but every user may ask for another try.
        self.sudo().filtered(lambda order: order.push_status == "failed")._tell_octopus()
        return True

    # === THE WORKER === #

    @api.model
    def _cron_push_status(self):
        """Tell Octopus what became of its orders, one transaction each."""
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        domain = Domain("push_status", "=", "pending")
        domain &= Domain("account_id.state", "=", "connected")
        domain &= Domain("account_id.active", "=", True)
        resume_at = "account_id.push_resume_at"
        domain &= Domain(resume_at, "=", False) | Domain(resume_at, "<=", now)
        domain &= Domain("push_retry_at", "=", False) | Domain("push_retry_at", "<=", now)
        for account in self.search(domain).account_id:
            mine = domain & Domain("account_id", "=", account.id)
            try:
                client = account._get_client()
            except (OctopusError, UserError) as error:
                # It goes on when the store is connected again; the other stores go on now.
                account._set_connection_error(error)
                cron._commit_progress()
                continue
            with client:
                for order in self.search(mine, order="id", limit=TELL_BATCH):
                    go_on = order._tell_undisturbed(client)
                    if not cron._commit_progress(1, remaining=self.search_count(domain)):
                        return
                    if not go_on:
                        break

    def _tell_undisturbed(self, client):
        """Tell Octopus, unless somebody changes the order meanwhile: then what was told may be
        old already, and the order has another turn. Return False as `_tell_or_wait` does."""
        try:
            go_on = self._tell_or_wait(client)
            self.env.flush_all()
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()
            return True
        return go_on

    def _tell_or_wait(self, client):
        """Tell Octopus the status of this order; return False when Octopus takes no calls now."""
        try:
            # No locks are held while Octopus takes its time: nothing is written before.
            vals = self._tell(client)
        except (OctopusAuthError, OctopusForbidden) as error:
            # It goes on when the store is connected again.
            self.account_id._set_connection_error(error)
            return False
        except OctopusRateLimited as error:
            self.account_id._tell_later(error.retry_after)
            return False
        except OctopusError as error:
            self._failed_to_tell(error)
            return not error.retryable
        self.write({"push_retry_at": False, **vals})
        if self.status == "cancelled" and self.push_status == "synced":
            # Octopus puts the goods back on sale itself, maybe after it was told our new number.
            events = self.env["octopus.stock.event"]
            events._enqueue_products(self.line_ids.product_id, resend=True)
        return True

    def _tell(self, client):
        """Call Octopus, and return what to write on the order."""
        if self.status == "cancelled":
            try:
                answer = client.cancel_order(self.aggregator_order_no, restock=True)
                self._check_cancelled(client, answer)
                return self._prepare_told()
            except OctopusError as error:
                if not _has_no_cancel_call(error):
                    return self._unless_cancelled(client, error)
            self._tag(client)
            self._flag_untold(
                self.env._(
                    "This merchant's Octopus has no call to cancel orders: the order is cancelled "
                    "here and tagged there. Cancel it in the sales channel too."
                )
            )
            return {"push_status": "tag_only"}
        self._tag(client)
        return self._prepare_told()

    def _check_cancelled(self, client, answer):
        """Make sure that the order is cancelled when the answer, which may be about another one,
        does not show it.

        :raise OctopusBadAnswer: it is not
        """
        ref = self.aggregator_order_no
        is_shown = str(answer.get("id")) == ref and answer.get("cancelled_at")
        if not (is_shown or client.get_order(ref).get("cancelled_at")):
            raise OctopusBadAnswer("Octopus has not cancelled the order.", retryable=True)

    def _unless_cancelled(self, client, error):
        """Octopus refuses to cancel: all is well when the order is cancelled there already.

        :raise OctopusError: it is not
        """
        if error.retryable or not client.get_order(self.aggregator_order_no).get("cancelled_at"):
            raise error
        return self._prepare_told()

    def _tag(self, client):
        """Write the status on the order in Octopus, keeping the other tags."""
        ref = self.aggregator_order_no
        tags = client.get_order(ref).get("tags") or ""
        if isinstance(tags, str):
            tags = tags.split(",")
        ours = set(TAGS.values())
        kept = [tag for tag in (str(tag).strip() for tag in tags) if tag and tag not in ours]
        if self.status in TAGS:
            kept.append(TAGS[self.status])
        client.update_order(ref, {"tags": ", ".join(kept)})

    def _failed_to_tell(self, error):
        """Plan another try where that can help, else say what Octopus does not know."""
        if error.retryable and self.push_attempts < len(RETRY_DELAYS):
            delay = RETRY_DELAYS[self.push_attempts]
            self.write(
                {
                    "push_attempts": self.push_attempts + 1,
                    "push_retry_at": fields.Datetime.now() + timedelta(seconds=delay),
                }
            )
            return
        self.push_status = "failed"
        if isinstance(error, OctopusNotFound):
            reason = self.env._(
                "Octopus has no order with the number %(number)s.", number=self.aggregator_order_no
            )
        else:
            reason = self.account_id._explain_error(error)
        self._flag_untold(
            self.env._(
                "Octopus could not be told that the order is %(status)s: %(error)s",
                status=dict(self._fields["status"]._description_selection(self.env))[self.status],
                error=reason,
            )
        )

    def _flag_untold(self, message):
        """Add a notice that is true until Octopus is told, in place of the one before."""
        if message == self.push_notice:
            return
        self.channel_notice = self._other_notices()
        self._flag(message)
        self.push_notice = message

    def _other_notices(self):
        """Return the notices that telling Octopus does not settle."""
        untold = (self.push_notice or "").splitlines()
        notices = (self.channel_notice or "").splitlines()
        return "\n".join(notice for notice in notices if notice not in untold) or False

    def _prepare_told(self):
        """Return the values of an order whose status Octopus knows."""
        return {
            "push_status": "synced",
            "channel_notice": self._other_notices(),
            "push_notice": False,
        }


def _has_no_cancel_call(error):
    return isinstance(error, OctopusNotFound) or error.status == METHOD_NOT_ALLOWED
