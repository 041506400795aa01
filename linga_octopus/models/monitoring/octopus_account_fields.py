# The fields of this room's slices until they are merged into account/octopus_account.py.
from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields, models
from odoo.tools import SQL

WEBHOOK_STAMP_EVERY = timedelta(minutes=10)


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self._default_user_id(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Has an activity on the store as long as a problem lasts.",
    )
    reported_problems = fields.Json(
        readonly=True,
        copy=False,
        prefetch=False,
        export_string_translation=False,
        help="The causes that the staff was notified of and that still last.",
    )
    order_alert_at = fields.Datetime(
        readonly=True, copy=False, export_string_translation=False, help="Last alert of new orders."
    )
    webhook_seen_at = fields.Datetime("Last Webhook", readonly=True, copy=False)
    checklist = fields.Json(compute="_compute_checklist", export_string_translation=False)
    overview = fields.Json(compute="_compute_overview", export_string_translation=False)
    oversold_count = fields.Integer("Oversold Orders", compute="_compute_overview")
    stuck_count = fields.Integer("Stuck Orders", compute="_compute_overview")
    overview_facts = fields.Json(compute="_compute_overview_facts", export_string_translation=False)
    difference_count = fields.Integer(compute="_compute_overview_facts")
    failed_run_count = fields.Integer(compute="_compute_overview_failures")
    untold_count = fields.Integer(compute="_compute_overview_failures")
    order_check_problem_count = fields.Integer(compute="_compute_overview_failures")
    stock_error_count = fields.Integer(
        help="Stock levels that Octopus refused; the list says why of each."
    )

    def _default_user_id(self):
        """Return the user who subscribes the store, if it is a person of the company."""
        user = self.env.user
        return user if user.active and not user.share else False

    def _webhook_seen(self):
        """Note that Octopus called; most calls find it noted already and cost nothing."""
        now = fields.Datetime.now()
        seen = self.webhook_seen_at
        if seen and seen > now - WEBHOOK_STAMP_EVERY:
            return
        # Whoever else holds the row, or has just written it, notes it as well, or changes something
        # that matters more: an order need not be taken in twice for that.
        stamp = SQL(
            """UPDATE octopus_account SET webhook_seen_at = %s WHERE id IN (
                SELECT id FROM octopus_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)""",
            now,
            self.id,
        )
        with suppress(SerializationFailure), self.env.cr.savepoint(flush=False):
            self.env.cr.execute(stamp, log_exceptions=False)
        self.invalidate_recordset(["webhook_seen_at"], flush=False)
