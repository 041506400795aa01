"""What the tests of alerts share: two users, and what they are told."""

from odoo.tests import TransactionCase, new_test_user

from odoo.addons.mail.tests.common import MockEmail

from .orders import OrdersMixin

MANAGER = "base.group_user,linga_octopus.group_octopus_manager"


class AlertCase(OrdersMixin, MockEmail, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inbox = {"notification_type": "inbox"}
        cls.boss = new_test_user(cls.env, "boss", MANAGER, email="boss@example.com", **inbox)
        cls.clerk = new_test_user(
            cls.env, "clerk", "base.group_user", email="clerk@example.com", **inbox
        )
        cls.account.user_id = False
        cls.account.message_unsubscribe(cls.account.message_partner_ids.ids)

    def follow(self, users, *subtypes):
        """Have users follow the store with these subtypes only."""
        subtypes = [self.env.ref(subtype).id for subtype in subtypes]
        self.account.message_subscribe(users.partner_id.ids, subtypes)

    def alert(self):
        """Let the worker report what is new."""
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.account"]._cron_notify_staff()
        self.env.invalidate_all()

    def inbox(self, user):
        """Return the notifications of a user, the latest first, subject and body."""
        messages = self.env["mail.message"].search(
            [
                ("notified_partner_ids", "in", user.partner_id.ids),
                ("message_type", "=", "user_notification"),
                ("author_id", "=", self.env.ref("base.partner_root").id),
            ]
        )
        return [f"{message.subject} {message.body}" for message in messages]

    def activities(self, user):
        return self.account.activity_ids.filtered(lambda activity: activity.user_id == user)

    def link(self, record):
        return f"/mail/view?model={record._name}&amp;res_id={record.id}"
