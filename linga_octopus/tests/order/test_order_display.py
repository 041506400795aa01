"""What people see of an order at a glance: badges, history, links."""

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase

from ..support.orders import OrdersMixin


class TestBadges(OrdersMixin, TransactionCase):
    def badges(self, order):
        order.invalidate_recordset()
        return [badge["label"] for badge in order.badges or ()]

    def test_an_order_as_it_should_be_has_none(self):
        assert self.badges(self.order({"CHAIR": 1})) == []

    def test_each_thing_that_is_wrong_has_a_badge(self):
        oversold = self.order({"CHAIR": 50}, financial_status="pending")
        unknown = self.order({"NOBODY-KNOWS": 1})
        changed = self.order({"TABLE": 1})
        changed.sudo().write({"change_state": "open", "push_status": "failed"})

        assert self.badges(oversold) == ["Unpaid", "Oversold"]
        assert self.badges(unknown) == ["Product Not Mapped"]
        assert self.badges(changed) == ["Changed", "Not Sent to Octopus"]

    def test_what_no_longer_matters_of_a_cancelled_order_is_not_said(self):
        order = self.order({"NOBODY-KNOWS": 1, "CHAIR": 50}, financial_status="pending")
        order.status = "cancelled"
        assert self.badges(order) == []

    def test_unpaid_orders_are_found_however_the_channel_writes_it(self):
        states = ("paid", "Partially Refunded", "capture", "pending", "Authorized", None)
        orders = [self.order({"TABLE": 0.1}, financial_status=state) for state in states]
        ids = [order.id for order in orders]
        found = self.orders.search([("payment_alert", "!=", False), ("id", "in", ids)])
        assert found == found.filtered("payment_alert")
        assert len(found) == 3
        rest = self.orders.search([("payment_alert", "=", False), ("id", "in", ids)])
        assert found | rest == self.orders.browse(ids)
        assert not found & rest


class TestTimeline(OrdersMixin, TransactionCase):
    def texts(self, order):
        order.invalidate_recordset()
        return [row["text"] for row in order.timeline]

    def test_the_steps_of_an_order_stand_in_their_order(self):
        order = self.order({"CHAIR": 1})
        assert self.texts(order) == [
            "Placed in Shopify",
            "Received from Octopus",
            "Stock deducted",
        ]
        moments = [row["at"] for row in order.timeline]
        assert moments == sorted(moments)

    def test_it_says_who_completed_it_and_forgets_that_when_it_is_reopened(self):
        order, user = self.order({"CHAIR": 1}), self.env.user
        order.action_complete()
        assert self.texts(order)[-1] == f"Completed by {user.name}"
        order.sudo().pushed_at = order.closed_at
        assert self.texts(order)[-1] == "Status sent to Octopus"
        order.action_reopen()
        assert not [text for text in self.texts(order) if "Completed" in text]

    def test_the_channel_is_nobody_here(self):
        payload = self.payload({"CHAIR": 1})
        order = self.ingest(payload)
        self.deduct()
        self.ingest(self.changed(payload, cancelled_at="2026-11-21T08:00:00-00:00"))
        assert order.status == "cancelled"
        assert "Cancelled by the channel" in self.texts(order)

    def test_links_to_octopus_and_to_the_channel(self):
        page = "https://shop.example.com/orders/8"
        order = self.order({"CHAIR": 1}, order_status_url=f"{page}?key=secret")
        assert order.channel_url == page
        assert not order.octopus_url
        self.account.order_page = "https://octopus.example.com/orders/{id}"
        assert (
            order.octopus_url == f"https://octopus.example.com/orders/{order.aggregator_order_no}"
        )
        for page in ("http://octopus.example.com/{id}", "https://octopus.example.com/orders"):
            with self.assertRaises(ValidationError):
                self.account.order_page = page


class TestCustomFilters(TransactionCase):
    def test_filters_and_groups_offer_only_what_people_know(self):
        fields = self.env["octopus.order"].fields_get(attributes=["groupable", "searchable"])
        internal = (
            "is_alive_again",
            "is_pickup_chosen",
            "is_return_due",
            "push_retry_at",
            "search_text",
        )
        for name in internal:
            assert not fields[name]["searchable"], name
            assert not fields[name]["groupable"], name
        assert fields["status"] == {"groupable": True, "searchable": True}
        assert fields["fulfillment"]["groupable"]
