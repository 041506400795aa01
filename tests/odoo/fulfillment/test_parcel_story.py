"""Random stories of parcels: shipped here and in the channel, corrected and cancelled on both
sides, of orders that are refunded, while news come late, twice or in any order, answers get lost
and the worker is killed."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.fulfillment.parcel_push import ParcelPush
from odoo.addons.linga_octopus.models.fulfillment.shipping import ship

from ..support.orders import OrdersMixin
from ..support.stories import story_settings

picks = st.integers(0, 1000)
pieces = st.integers(1, 3)
CALL = "/orders/*/fulfillments.json"


class Killed(BaseException):
    """What a worker does not survive."""


class Story(RuleBasedStateMachine):
    """What happens to one order in Octopus, on the way, and here."""

    case = None

    def __init__(self):
        super().__init__()
        self.case.begin()
        self.late = []  # news that are still on their way

    @initialize(chairs=pieces, tables=pieces)
    def begin_with_an_order(self, chairs, tables):
        self.case.place_order({"CHAIR": chairs, "TABLE": tables})

    # === HERE === #

    @rule(chairs=st.integers(0, 3), tables=st.integers(0, 3))
    def ship(self, chairs, tables):
        self.case.ship({"CHAIR": chairs, "TABLE": tables})

    @rule(number=picks)
    def correct(self, number):
        self.case.correct(number)

    @rule(number=picks)
    def replace_number(self, number):
        self.case.replace_number(number)

    @rule(number=picks)
    def take_back(self, number):
        self.case.take_back(number)

    @rule()
    def push(self):
        self.case.push()

    @rule(fault=st.sampled_from([{"drop": True}, {"status": 503}, {"status": 429}]))
    def push_badly(self, fault):
        self.case.push_badly(fault)

    @rule()
    def kill_the_worker(self):
        self.case.kill_worker()

    # === IN THE CHANNEL === #

    @rule(sku=st.sampled_from(["CHAIR", "TABLE"]), quantity=pieces)
    def ship_in_channel(self, sku, quantity):
        self.case.ship_in_channel(sku, quantity)

    @rule(number=picks)
    def cancel_in_channel(self, number):
        self.case.cancel_in_channel(number)

    @rule(sku=st.sampled_from(["CHAIR", "TABLE"]))
    def refund(self, sku):
        self.case.refund(sku)

    # === ON THE WAY === #

    @rule()
    def send_news(self):
        self.late.append(self.case.in_octopus())

    @rule(number=picks, times=st.integers(1, 2))
    def deliver(self, number, times):
        if self.late:
            news = self.late.pop(number % len(self.late))
            for _time in range(times):
                self.case.ingest(news)

    # === WHAT MUST BE TRUE === #

    @invariant()
    def never_more_than_ordered_less_refunded(self):
        self.case.check_pieces()

    def teardown(self):
        self.case.settle()


class TestParcelStory(OrdersMixin, TransactionCase):
    stories = 0

    def test_whatever_happens_each_parcel_is_on_both_sides_once(self):
        story = type("Story", (Story,), {"case": self})
        run_state_machine_as_test(story, settings=story_settings(examples=8, steps=14))

    def begin(self):
        self.sandbox.reset()
        self.known = self.orders
        self.numbers = 0

    def place_order(self, lines):
        self.remote_id = self.place(lines)["id"]
        self.known = self.ingest(self.in_octopus())

    def in_octopus(self):
        with self.account._get_client() as client:
            return client.get_order(self.remote_id)

    def next_number(self, side):
        self.numbers += 1
        return f"{side}{self.numbers}"

    # === HERE === #

    def ship(self, wanted):
        left = self.known._lines_to_ship()
        chosen = {line: min(wanted[line.sku], most) for line, most in left.items()}
        with suppress(UserError), self.env.cr.savepoint():
            ship(self.known, chosen, numbers=[self.next_number("OURS")], carrier="DHL")

    def own(self, number):
        """Return a parcel of the store that is out."""
        own = self.known.fulfillment_ids.filtered(
            lambda parcel: parcel.origin == "store" and parcel.state == "done"
        )
        return own and own[number % len(own)]

    def correct(self, number):
        if parcel := self.own(number):
            parcel._correct("UPS", [*parcel._numbers(), self.next_number("MORE")])

    def replace_number(self, number):
        if parcel := self.own(number):
            parcel._correct("DHL", [self.next_number("OURS")])

    def take_back(self, number):
        if parcel := self.own(number):
            parcel.action_cancel()

    def push(self):
        self.known.push_retry_at = fields.Datetime.now() - timedelta(seconds=1)
        self.account.push_resume_at = False
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()

    def push_badly(self, fault):
        self.sandbox.set_faults([{"path": CALL, "method": "POST", "times": 1, **fault}])
        self.push()
        self.sandbox.clear_faults()

    def kill_worker(self):
        """Let the worker die between an answer of Octopus and the note of it."""

        def dying(*_args):
            raise Killed

        with suppress(Killed), patch.object(ParcelPush, "_save_told", dying):
            self.push()
        self.env.invalidate_all()

    # === IN THE CHANNEL === #

    def ship_in_channel(self, sku, quantity):
        with suppress(RuntimeError):  # the sandbox refuses more than is left
            self.sandbox.fulfill_order(
                self.remote_id,
                lines=[{"sku": sku, "quantity": quantity}],
                tracking_numbers=[self.next_number("THEIRS")],
                webhook=False,
            )

    def cancel_in_channel(self, number):
        order = self.in_octopus()
        alive = [parcel for parcel in order["fulfillments"] if parcel["status"] == "success"]
        if alive:
            with self.account._get_client() as client:
                client.cancel_fulfillment(self.remote_id, alive[number % len(alive)]["id"])

    def refund(self, sku):
        lines = [{"sku": sku, "quantity": 1}]
        self.sandbox.refund_order(self.remote_id, lines=lines, restock=False, webhook=False)

    # === WHAT MUST BE TRUE === #

    def check_pieces(self):
        for line in self.known.line_ids:
            parcels = line.fulfillment_line_ids.filtered(
                lambda part: part.fulfillment_id.state == "done"
            )
            stated = sum(parcels.mapped("quantity"))
            most = max(line.quantity - line.quantity_refunded, 0)
            self.assertEqual(line.quantity_fulfilled, min(stated, most))

    def settle(self):
        """Let the news arrive and the worker work; then both sides know the same parcels."""
        if not self.known:
            return
        for _time in range(3):
            self.push()
            self.ingest(self.in_octopus())
        self.check_pieces()
        self.assertFalse(self.known.is_parcel_due)
        remote = self.in_octopus()["fulfillments"]
        here = self.known.fulfillment_ids.grouped("octopus_ref")
        for parcel in remote:
            self.assertEqual(len(here.get(str(parcel["id"]), ())), 1, "each of theirs once")
            is_alive = here[str(parcel["id"])].state == "done"
            self.assertEqual(is_alive, parcel["status"] == "success")
        own = self.known.fulfillment_ids.filtered(lambda one: one.origin == "store")
        there = [one for one in remote if "OURS" in one["tracking_numbers"][0]]
        refs = own.filtered("octopus_ref").mapped("octopus_ref")
        self.assertEqual(sorted(str(one["id"]) for one in there), sorted(refs), "each of ours once")
        numbers = {str(one["id"]): one["tracking_numbers"] for one in there}
        for parcel in own.filtered(lambda one: one.octopus_ref and one.state == "done"):
            if parcel.push_status == "synced":
                self.assertEqual(numbers[parcel.octopus_ref], list(parcel._numbers()))
