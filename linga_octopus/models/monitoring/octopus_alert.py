from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# So many lines of a message are read; the rest is behind its link.
SHOWN = 10
PROBLEM_TYPE = "linga_octopus.mail_activity_type_octopus_problem"
ORDER_TYPE = "linga_octopus.mail_activity_type_octopus_order"


class OctopusAlert(models.Model):
    """Whom to tell of a store's new orders and failures, and by which way."""

    _name = "octopus.alert"
    _description = "Octopus Staff Alert"
    _inherit = ["octopus.company.guard"]
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    user_ids = fields.Many2many(
        "res.users",
        string="Whom",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    way = fields.Selection(
        [
            ("discuss", "Message in Discuss"),
            ("activity", "Activity on the Store"),
            ("mail", "E-mail"),
        ],
        "By",
        default="discuss",
        required=True,
        help="Message in Discuss: OdooBot writes to each of them.\n"
        "Activity on the Store: stands under their activities until it is done, or until "
        "nothing is wrong any more. For administrators of the Point of Sale only.\n"
        "E-mail: to the address of each of them.",
    )
    on_order = fields.Boolean(
        "New Orders",
        help="At once; when many orders come, all of the next minutes in one message.",
    )
    on_failure = fields.Boolean(
        "Failures",
        default=True,
        help="Once for each cause: a lost connection, a pass that failed, records that cannot "
        "be sent, orders whose stock is blocked. Trying again in vain alerts nobody twice.",
    )

    @api.constrains("user_ids", "way", "account_id")
    def _check_users(self):
        for alert in self:
            if alert.way != "activity":
                continue
            strangers = alert.user_ids.filtered(lambda user, alert=alert: not alert._may_see(user))
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(users)s cannot open the store, so an activity on it does not reach "
                        "them. Choose Message in Discuss or E-mail.",
                        users=", ".join(strangers.mapped("name")),
                    )
                )

    def _may_see(self, user):
        account = self.account_id.with_user(user).with_context(allowed_company_ids=None)
        return account.has_access("read") and self.company_id in user.company_ids

    # === TELLING === #

    def _tell(self, activity_type, link, write):
        """Tell every user of these alerts.

        :param activity_type: the XML id of the activities
        :param link: the path of the page that the message leads to
        :param write: returns (subject, list of lines) of a message in the language of the
            environment that it is given
        """
        for alert in self:
            for user in alert.user_ids.filtered("active"):
                env = self.with_context(lang=user.lang).env
                subject, lines = write(env)
                way = alert.way
                if way == "activity" and not alert._may_see(user):
                    way = "discuss"  # their rights have changed since
                if way == "activity":
                    alert._plan_activity(user, activity_type, subject, _as_html(env, lines))
                else:
                    body = _as_html(env, lines, alert.get_base_url() + link)
                    getattr(alert, f"_tell_by_{way}")(user, subject, body)

    def _tell_by_discuss(self, user, subject, body):
        """OdooBot writes to the user, as it does for other news of the system."""
        bot = self.env.ref("base.user_root")
        chat = self.env["discuss.channel"].with_user(bot)._get_or_create_chat(user.partner_id.ids)
        chat.sudo().message_post(
            author_id=bot.partner_id.id,
            body=Markup("<p><b>%s</b></p>%s") % (subject, body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _tell_by_mail(self, user, subject, body):
        """The scheduled action of Odoo's mail queue sends it: never in our transaction."""
        company = self.company_id
        self.env["mail.mail"].sudo().create(
            {
                "subject": subject,
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "recipient_ids": user.partner_id.ids,
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _plan_activity(self, user, activity_type, subject, note):
        """One open activity a user: further news are added to it."""
        known = self.account_id._open_alert_activities(activity_type)
        known = known.filtered(lambda activity: activity.user_id == user)[:1]
        if known:
            known.write({"summary": subject, "note": Markup("%s%s") % (note, known.note or "")})
        else:
            self.account_id.activity_schedule(
                activity_type, summary=subject, note=note, user_id=user.id
            )


def _as_html(env, lines, link=None):
    """Return lines of text as a list, with what is beyond those that are read only counted."""
    shown = Markup("").join(Markup("<li>%s</li>") % line for line in lines[:SHOWN])
    body = Markup("<ul>%s</ul>") % shown
    if len(lines) > SHOWN:
        body += Markup("<p>%s</p>") % env._("... and %(count)s more.", count=len(lines) - SHOWN)
    if link:
        body += Markup('<p><a href="%s">%s</a></p>') % (link, env._("Open in Odoo"))
    return body
