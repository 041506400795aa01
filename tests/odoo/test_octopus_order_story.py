"""Random stories of orders: placed, announced twice or late or never, changed, cancelled on both
sides, refunded, completed, while the worker runs, fails or is killed half-way."""

from contextlib import suppress
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.tests import TransactionCase

from .orders import OrdersMixin

quantities = st.dictionaries(
    st.sampled_from(["CHAIR", "TABLE"]), st.integers(1, 4), min_size=1, max_size=2
)
picks = st.integers(0, 1000)


class Killed(BaseException):
    """What a worker does not survive."""


class Story(RuleBasedStateMachine):
    """What happens in Octopus, on the way, and here."""

    case = None

    def __init__(self):
        super().__init__()
        self.case.begin()
        self.remotes = []  # what Octopus knows, by number of the order
        self.late = []  # news that is still on its way

    def pick(self, number):
        return self.remotes[number % len(self.remotes)]

    def change(self, remote, is_prompt, **fields):
        """Change an order in Octopus; the news arrive at once or are on their way."""
        remote.update(fields, octopus_updated_at=self.case.next_moment())
        news = self.case.frozen(remote)
        if is_prompt:
            self.case.ingest(news)
        else:
            self.late.append(news)

    @initialize(lines=quantities)
    def begin_with_an_order_that_is_deducted(self, lines):
        self.place(lines)
        self.deliver(0, 1)
        self.work()

    # === IN OCTOPUS === #

    @rule(lines=quantities)
    def place(self, lines):
        remote = self.case.payload(lines, octopus_updated_at=self.case.next_moment(), refunds=[])
        self.remotes.append(remote)
        self.late.append(self.case.frozen(remote))

    @rule(number=picks, is_prompt=st.booleans())
    def cancel_in_channel(self, number, is_prompt):
        self.change(self.pick(number), is_prompt, cancelled_at="2026-11-21T00:00:00Z")

    @rule(number=picks, pieces=st.integers(1, 3), restock=st.booleans(), is_prompt=st.booleans())
    def refund(self, number, pieces, restock, is_prompt):
        remote = self.pick(number)
        line = remote["line_items"][0]
        refund = {
            "id": len(remote["refunds"]) + 1,
            "restock": restock,
            "refund_line_items": [
                {
                    "line_item_id": line["id"],
                    "quantity": pieces,
                    "restock_type": "return" if restock else "no_restock",
                }
            ],
        }
        self.change(remote, is_prompt, refunds=[*remote["refunds"], refund])

    # === ON THE WAY === #

    @rule(number=picks, times=st.integers(1, 2))
    def deliver(self, number, times):
        """Some news arrive, in any order, once or twice."""
        if self.late:
            news = self.late.pop(number % len(self.late))
            for _time in range(times):
                self.case.ingest(news)

    @rule(number=picks)
    def lose(self, number):
        if self.late:
            self.late.pop(number % len(self.late))

    # === HERE === #

    @rule()
    def work(self):
        self.case.deduct()

    @rule(is_late=st.booleans())
    def kill_the_worker(self, is_late):
        self.case.kill_worker(is_late=is_late)

    @rule(number=picks, status=st.sampled_from(["completed", "take_action", "cancelled"]))
    def set_status(self, number, status):
        orders = self.case.orders.search([*self.case.story, ("status", "!=", "cancelled")])
        if orders:
            orders[number % len(orders)].status = status

    # === WHAT MUST BE TRUE === #

    @invariant()
    def every_order_is_here_once(self):
        groups = self.case.orders._read_group([], ["aggregator_order_no"], ["__count"])
        self.case.assertFalse([number for number, count in groups if count > 1])

    def teardown(self):
        """The poll brings what got lost, the worker works off what waits: then all must add up."""
        for remote in self.remotes:
            self.case.ingest(self.case.frozen(remote))
        self.case.deduct()
        self.case.check_stock(self.remotes)


class TestOctopusOrderStory(OrdersMixin, TransactionCase):
    def test_whatever_happens_the_stock_adds_up(self):
        story = type("Story", (Story,), {"case": self})
        run_state_machine_as_test(
            story,
            settings=settings(
                max_examples=8,
                stateful_step_count=12,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def begin(self):
        """Begin another story: what happened before is no part of it."""
        self.story = [("id", ">", max(self.orders.search([]).ids, default=0))]
        self.start = {product: self.on_hand(product) for product in (self.chair, self.table)}
        self.moment = 0

    def next_moment(self):
        self.moment += 1
        return f"2026-11-20T00:{self.moment // 60:02}:{self.moment % 60:02}Z"

    def frozen(self, remote):
        """Return a copy that later changes leave alone."""
        return self.changed(remote, at=remote["octopus_updated_at"])

    def kill_worker(self, *, is_late):
        """Let the worker die when it has made its transfers, before or after they are done."""
        pickings = type(self.env["stock.picking"])
        finish = pickings._octopus_finish

        def dying(transfers):
            if is_late:
                finish(transfers)
            raise Killed

        self.env.flush_all()
        with (
            suppress(Killed),
            patch.object(pickings, "_octopus_finish", dying),
            self.transaction() as env,
        ):
            env["octopus.order"]._cron_deduct()
        self.env.invalidate_all()

    def check_stock(self, remotes):
        """Compare the stock with what the final state of each order says."""
        orders = self.orders.search(self.story)
        self.assertFalse(orders.filtered(lambda order: order.stock_state in ("waiting", "blocked")))
        for product, start in self.start.items():
            sold = sum(self.sold(remote, product) for remote in remotes)
            self.assertEqual(self.on_hand(product), start - sold, product.default_code)
        types = self.warehouse._octopus_order_type()
        types |= types.return_picking_type_id
        moves = self.env["stock.move"].search([("picking_type_id", "in", types.ids)])
        self.assertFalse(moves.filtered(lambda move: not move.picking_id.octopus_order_id))

    def sold(self, remote, product):
        """Return how many pieces of a product an order has taken for good."""
        order = self.orders.search([("aggregator_order_no", "=", str(remote["id"]))])
        self.assertEqual(len(order), 1)
        if order.status == "cancelled":
            return 0
        pieces = 0
        for line in remote["line_items"]:
            if line["sku"] != product.default_code:
                continue
            back = sum(
                refunded["quantity"]
                for refund in remote["refunds"]
                for refunded in refund["refund_line_items"]
                if refund["restock"] and refunded["line_item_id"] == line["id"]
            )
            pieces += line["quantity"] - min(back, line["quantity"])
        return pieces
