"""What the tests of the order screens share: a till, its cashier, the messages to screens."""

import json

from odoo.tests import TransactionCase, new_test_user

from .orders import OrdersMixin


class ScreensCase(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, "till", "base.group_user,point_of_sale.group_pos_user", tz="UTC"
        )
        cls.till = cls.env["pos.config"].create({"name": "Till 1"})
        cls.account.pos_config_ids = cls.till

    def sent(self, after_commit=None):
        """Return type and payload of the bus messages that this transaction sends.

        :param after_commit: what else sends some, in a transaction of its own
        """
        bus = self.env["bus.bus"].sudo()
        latest = bus.search([], order="id desc", limit=1).id
        self.env.cr.precommit.run()
        if after_commit:
            with self.enter_registry_test_mode():
                after_commit()
        messages = [json.loads(row.message) for row in bus.search([("id", ">", latest)])]
        return [
            (message["type"].split("-")[-1], message["payload"])
            for message in messages
            if "linga_octopus" in message["type"] or "OCTOPUS" in message["type"]
        ]
