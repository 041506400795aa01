"""Random days of a shop: whatever happens, Octopus ends up with Odoo's numbers, and at no time
is it told a number that Odoo never had."""

from functools import wraps

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ..support.orders import OrdersMixin
from ..support.stock import StockCase
from ..support.stories import story_settings

PRODUCTS = st.sampled_from(("CHAIR", "TABLE", "Lamp"))
PLACES = st.sampled_from((0, 1))
QUANTITIES = st.integers(1, 6)
FAULTS = st.sampled_from(
    (
        {"status": 503},
        {"status": 429, "headers": {"Retry-After": "30"}},
        {"drop": True},
        {"status": 503, "every": 2},
    )
)


AFTERWARDS = st.sampled_from(("nothing", "worker", "drain", "lost_answer"))


def happens(**arguments):
    """A rule after which the worker may run at once: alone it would seldom come in between."""

    def decorate(function):
        @wraps(function)
        def event(self, afterwards, **values):
            function(self, **values)
            getattr(self, afterwards)()

        return rule(afterwards=AFTERWARDS, **arguments)(event)

    return decorate


class TestRandomDays(OrdersMixin, StockCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp = cls.make_variants("Lamp")
        cls.lamp.product_tmpl_id.write({"octopus_own_buffer": True, "octopus_stock_buffer": 2})
        other = cls.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        second = cls.account.location_ids - cls.location
        second.warehouse_id = other
        second.is_first_sync_due = False
        cls.places = [cls.location, second]
        cls.goods = cls.chair + cls.table + cls.lamp

    def setUp(self):
        super(StockCase, self).setUp()  # each day puts its own products into Octopus

    def test_random_days(self):
        run_state_machine_as_test(
            lambda: RandomDay(self),
            settings=story_settings(examples=5, steps=14),
        )


class RandomDay(RuleBasedStateMachine):
    """One day, in a savepoint of the test's transaction."""

    def __init__(self, case):
        super().__init__()
        self.case = case
        self.reserved = []
        self.orders = []
        case.env.cr.flush()
        self.savepoint = case.env.cr.savepoint(flush=False)
        case.sandbox.reset()
        case.put_in_octopus(case.goods)
        case.account.auto_stock_sync = True
        for product in case.goods:
            for place in (0, 1):
                case.count(product, 9, self.stock(place))
        self.seen = {}
        self.look()

    def teardown(self):
        try:
            self.drain()
        finally:
            self.case.env.cr.precommit.clear()
            self.savepoint.close(rollback=True)
            self.case.env.invalidate_all()

    @initialize(name=PRODUCTS, place=PLACES, quantity=QUANTITIES)
    def morning(self, name, place, quantity):
        """Goods that Octopus was told of, but its answer was lost, are sold: as many as before.

        Chance alone would seldom come back to the number of before.
        """
        self.drain()
        self.receipt(name=name, place=place, quantity=quantity, afterwards="lost_answer")
        self.sale(name=name, place=place, quantity=quantity, afterwards="drain")

    # === WHAT HAPPENS IN A SHOP === #

    def product(self, name):
        return self.case.goods.filtered(lambda product: product.default_code == name)

    def stock(self, place):
        return self.case.places[place].warehouse_id.lot_stock_id

    @happens(name=PRODUCTS, place=PLACES, quantity=QUANTITIES)
    def sale(self, name, place, quantity):
        self.case.deliver(self.product(name), quantity, self.stock(place))

    @happens(name=PRODUCTS, place=PLACES, quantity=QUANTITIES)
    def receipt(self, name, place, quantity):
        suppliers = self.case.env.ref("stock.stock_location_suppliers")
        self.case.deliver(self.product(name), quantity, suppliers, self.stock(place))

    @happens(name=PRODUCTS, place=PLACES, quantity=st.integers(0, 12))
    def inventory_count(self, name, place, quantity):
        self.case.count(self.product(name), quantity, self.stock(place))

    @happens(name=PRODUCTS, quantity=QUANTITIES)
    def transfer(self, name, quantity):
        self.case.deliver(self.product(name), quantity, self.stock(0), self.stock(1))

    @happens(name=PRODUCTS, place=PLACES, quantity=QUANTITIES)
    def reservation(self, name, place, quantity):
        move = self.case.move(self.product(name), quantity, self.stock(place))
        move._action_assign()
        self.reserved.append(move)

    @happens()
    def release(self):
        if self.reserved:
            self.reserved.pop()._do_unreserve()

    @happens(name=PRODUCTS, quantity=QUANTITIES)
    def online_order(self, name, quantity):
        payload = self.case.payload({name: quantity})
        self.orders.append(self.case.orders._ingest(self.case.account, payload))
        self.case.deduct()

    @happens()
    def cancellation(self):
        if self.orders:
            self.orders.pop().status = "cancelled"

    @happens(name=PRODUCTS)
    def archive_or_not(self, name):
        product = self.product(name)
        product.active = not product.active

    # === WHAT HAPPENS TO OCTOPUS AND THE WORKER === #

    @rule(fault=FAULTS)
    def trouble(self, fault):
        self.case.sandbox.set_faults([{"path": "/bulkinventory_levels/*", **fault}])

    @rule()
    def time_passes(self):
        self.case.account.stock_resume_at = False

    def nothing(self):
        """The worker sleeps."""

    @rule()
    def worker(self):
        self.case.push()

    def lost_answer(self):
        """The worker runs; Octopus does what it asks for, but the worker does not hear of it."""
        self.trouble(fault={"drop": True, "times": 1})
        self.worker()

    @rule()
    def drain(self):
        """Octopus is well again, and the worker does what is left to do."""
        self.case.sandbox.clear_faults()
        self.time_passes()
        self.case.push()
        for place in self.case.places:
            told = self.case.remote(place)
            for product in self.case.goods:
                if self.case.level(product, place):
                    assert told[product.default_code] == self.expected(product, place)

    # === WHAT MUST BE TRUE === #

    def expected(self, product, place):
        """Return the number by Odoo's own free quantity."""
        if not product.active:
            return 0
        free = product.with_context(warehouse_id=place.warehouse_id.id).free_qty
        buffer = 2 if product == self.case.lamp else 0
        return max(0, int(free - buffer))

    def look(self):
        """Note what numbers Odoo has had."""
        self.case.env.cr.flush()
        self.case.env.invalidate_all()
        for place in self.case.places:
            for product in self.case.goods:
                key = (product.default_code, place)
                self.seen.setdefault(key, set()).add(self.expected(product, place))

    @invariant()
    def octopus_has_only_numbers_that_odoo_had(self):
        self.look()
        for place in self.case.places:
            for name, number in self.case.remote(place).items():
                assert number in self.seen[name, place], (name, place.name, number)
