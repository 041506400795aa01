"""Random stories of orders: placed, announced twice or late or never, edited, cancelled on both
sides, refunded, deleted, completed, some of goods that nobody knows yet, while what stores them
breaks and the worker runs, fails or is killed half-way."""

from contextlib import suppress
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from odoo.addons.linga_octopus.models.order.intake import OrderIntake, OrderUpdate
from odoo.addons.linga_octopus.models.order.restocking import outgoing

from ..support.orders import OrdersMixin
from ..support.stories import story_settings

quantities = st.dictionaries(
    st.sampled_from(["CHAIR", "TABLE", "MYSTERY", "PHONE", "BOX"]),
    st.integers(1, 4),
    min_size=1,
    max_size=3,
)
picks = st.integers(0, 1000)
CHAIRS_IN_A_BOX = 2


class Killed(BaseException):
    """What a worker does not survive."""


class Broken(Exception):
    """What goes wrong while an order is stored."""


class Story(RuleBasedStateMachine):
    """What happens in Octopus, on the way, and here."""

    case = None

    def __init__(self):
        super().__init__()
        self.case.begin()
        self.remotes = []  # what Octopus knows, by number of the order
        self.late = []  # news that is still on its way
        self.deleted = []

    def pick(self, number):
        return self.remotes[number % len(self.remotes)]

    def change(self, remote, is_prompt, **fields):
        """Change an order in Octopus; the news arrive at once or are on their way."""
        if remote in self.deleted:
            return
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
        lines = {self.case.sku(name): quantity for name, quantity in lines.items()}
        remote = self.case.payload(lines, octopus_updated_at=self.case.next_moment(), refunds=[])
        self.remotes.append(remote)
        self.late.append(self.case.frozen(remote))

    @rule(number=picks, is_prompt=st.booleans())
    def cancel_in_channel(self, number, is_prompt):
        self.change(self.pick(number), is_prompt, cancelled_at="2026-11-21T00:00:00Z")

    @rule(
        number=picks,
        note=st.sampled_from(["", "Ring twice", "Gift"]),
        payment=st.sampled_from(["paid", "pending", "void"]),
        city=st.sampled_from([None, "Paris", "Rome"]),
        is_prompt=st.booleans(),
    )
    def edit(self, number, note, payment, city, is_prompt):
        address = city and {"city": city}
        self.change(
            self.pick(number),
            is_prompt,
            note=note,
            financial_status=payment,
            shipping_address=address,
        )

    @rule(number=picks)
    def delete(self, number):
        remote = self.pick(number)
        if remote not in self.deleted:
            OrderIntake(self.case.account).store_deletion(self.case.frozen(remote))
            self.deleted.append(remote)

    @rule(
        number=picks,
        position=st.integers(0, 2),
        pieces=st.integers(1, 3),
        restock=st.booleans(),
        is_prompt=st.booleans(),
    )
    def refund(self, number, position, pieces, restock, is_prompt):
        remote = self.pick(number)
        line = remote["line_items"][position % len(remote["line_items"])]
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

    @rule(number=picks)
    def deliver_to_a_server_that_breaks(self, number):
        """It is not stored; the sender sends it again."""
        if self.late:
            self.case.break_while_storing(self.late[number % len(self.late)])

    # === HERE === #

    @rule()
    def work(self):
        self.case.deduct()

    @rule(sku=st.sampled_from(["CHAIR", "TABLE"]))
    def work_badly(self, sku):
        """What has to do with one product cannot be moved."""
        self.case.deduct_badly(sku)

    @rule()
    def retry(self):
        self.case.blocked().action_retry_stock()

    @rule()
    def map(self):
        """Somebody says what the unknown product is."""
        self.case.map_products()

    @rule(is_late=st.booleans())
    def kill_the_worker(self, is_late):
        self.case.kill_worker(is_late=is_late)

    @rule(number=picks, pieces=st.integers(1, 3), is_done=st.booleans())
    def return_by_hand(self, number, pieces, is_done):
        self.case.return_by_hand(number, pieces, is_done=is_done)

    @rule()
    def finish_returns(self):
        self.case.finish_returns()

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
            if remote not in self.deleted:
                self.case.ingest(self.case.frozen(remote))
        self.case.blocked().action_retry_stock()
        self.case.deduct()
        self.case.map_products()
        self.case.deduct()
        self.case.finish_returns()
        self.case.check_stock(self.remotes)
        self.case.check_edits([remote for remote in self.remotes if remote not in self.deleted])


class TestOctopusOrderStory(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls.make_goods("PHONE", tracking="serial")
        for number in range(80):
            serial = cls.env["stock.lot"].create({"name": f"S{number}", "product_id": cls.phone.id})
            cls.env["stock.quant"]._update_available_quantity(
                cls.phone, cls.stock_location, 1, lot_id=serial
            )
        box = cls.make_goods("BOX")
        component = Command.create({"product_id": cls.chair.id, "product_qty": CHAIRS_IN_A_BOX})
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": box.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [component],
            }
        )

    def test_whatever_happens_the_stock_adds_up(self):
        story = type("Story", (Story,), {"case": self})
        run_state_machine_as_test(
            story,
            settings=story_settings(examples=12, steps=16),
        )

    def begin(self):
        """Begin another story: what happened before is no part of it."""
        self.story = [("id", ">", max(self.orders.search([]).ids, default=0))]
        goods = self.chair | self.table | self.phone
        self.start = {product: self.on_hand(product) for product in goods}
        self.returns = self.env["stock.picking"]
        self.moment = 0
        self.stories += 1

    stories = 0

    def sku(self, name):
        """Return what the channel calls a product; the unknown one is another in each story."""
        return f"MYSTERY-{self.stories}" if name == "MYSTERY" else name

    def next_moment(self):
        self.moment += 1
        return f"2026-11-20T00:{self.moment // 60:02}:{self.moment % 60:02}Z"

    def frozen(self, remote):
        """Return a copy that later changes leave alone."""
        return self.changed(remote, at=remote["octopus_updated_at"])

    def blocked(self):
        return self.orders.search([*self.story, ("stock_state", "=", "blocked")])

    def map_products(self):
        lines = self.orders.search(self.story).line_ids.filtered("needs_mapping")
        if lines:
            lines[0].product_id = self.table
            lines[0]._mapped_by_user()
        # A box and a chair on one order: the manager says that both were sold.
        lines = self.orders.search(self.story).line_ids
        lines.filtered("is_set_unclear").action_deduct_set()

    def return_by_hand(self, number, pieces, *, is_done):
        """Let staff return pieces of a delivery, or begin to; no more than are out."""
        orders = self.orders.search([*self.story, ("status", "!=", "cancelled")])
        moves = outgoing(orders.picking_ids.move_ids)
        if not moves:
            return
        move = moves[number % len(moves)]
        begun = move.returned_move_ids.filtered(lambda back: back.state != "cancel")
        pieces = min(pieces, move.quantity - sum(begun.mapped("product_uom_qty")))
        if pieces <= 0:
            return
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=move.picking_id.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = pieces if line.move_id == move else 0
        self.returns |= wizard._create_return()
        if is_done:
            self.finish_returns()

    def finish_returns(self):
        for transfer in self.returns:
            if transfer.state not in ("done", "cancel"):
                transfer.move_ids.picked = True
                transfer._action_done()

    def break_while_storing(self, news):
        def broken(*_args):
            raise Broken

        with (
            suppress(Broken),
            patch.object(OrderUpdate, "follow_refunds_and_cancellation", broken),
            self.env.cr.savepoint(),
        ):
            self.ingest(news)

    def deduct_badly(self, sku):
        pickings = type(self.env["stock.picking"])
        finish = pickings._octopus_finish

        def refuse(transfers):
            if sku in transfers.move_ids.product_id.mapped("default_code"):
                raise UserError("The shelf has fallen over.")
            finish(transfers)

        with patch.object(pickings, "_octopus_finish", refuse):
            self.deduct()

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
        self.assertFalse(orders.filtered("is_return_due"))
        for product, start in self.start.items():
            sold = [self.sold(remote, product) for remote in remotes]
            on_hand = self.on_hand(product)
            self.assertGreaterEqual(on_hand, start - sum(most for _least, most in sold))
            self.assertLessEqual(on_hand, start - sum(least for least, _most in sold))
        types = self.warehouse._octopus_order_type()
        types |= types.return_picking_type_id
        moves = self.env["stock.move"].search([("picking_type_id", "in", types.ids)])
        moves -= moves.filtered("origin_returned_move_id")
        self.assertFalse(moves.filtered(lambda move: not move.picking_id.octopus_order_id))

    def sold(self, remote, product):
        """Return how many pieces of a product an order has taken for good, at least and at most.

        What staff returned may be of the refunded pieces or of others; else the two are equal.
        """
        order = self.orders.search([("aggregator_order_no", "=", str(remote["id"]))])
        self.assertEqual(len(order), 1)
        least = most = 0
        if order.status == "cancelled" and not order.is_return_open:
            return least, most
        for line in remote["line_items"]:
            name = {self.sku("MYSTERY"): "TABLE", "BOX": "CHAIR"}.get(line["sku"], line["sku"])
            if name != product.default_code:
                continue
            factor = CHAIRS_IN_A_BOX if line["sku"] == "BOX" else 1
            refunded = factor * sum(
                refunded["quantity"]
                for refund in remote["refunds"]
                for refunded in refund["refund_line_items"]
                if refund["restock"] and refunded["line_item_id"] == line["id"]
            )
            by_hand = self.returned_by_hand(line)
            ordered = factor * line["quantity"]
            least += max(ordered - refunded - by_hand, 0)
            most += ordered - max(min(refunded, ordered), by_hand)
        if order.status == "cancelled":
            # Handed over, or refunded without restocking: a person returns the rest.
            least = 0
        return least, most

    def returned_by_hand(self, line):
        moves = self.returns.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.origin_returned_move_id.octopus_order_line_id.octopus_ref
                == str(line["id"])
            )
        )
        return sum(moves.mapped("quantity"))

    def check_edits(self, remotes):
        """Compare what the channel may change with its last word."""
        for remote in remotes:
            order = self.orders.search([("aggregator_order_no", "=", str(remote["id"]))])
            self.assertEqual(order.note or "", remote.get("note") or "")
            self.assertEqual(order.financial_status, remote["financial_status"])
            city = (remote.get("shipping_address") or {}).get("city")
            self.assertEqual(order.shipping_address or None, city)
