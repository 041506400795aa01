"""Events that some pictures show; they are undone at the end."""

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from ..servers.odoo_rpc import OdooSession
from ..steps import Failure, wait_until
from .books import Books
from .handover import Handover
from .scene import SECONDS, check_stock, control, first_store, levels, set_level

RENAMED, LEFT_OUT = 6, 3  # products
# The second call of a sync run is slow, so that a picture can show the progress.
SLOW = [{"path": "/BulkProduct/bulkpost.json", "after": 1, "times": 1, "delay": 25}]
REFUSED = [{"path": "*", "status": 401}]
FIELDS = ["name", "list_price", "octopus_excluded"]
MORE_THAN_THERE_IS = 500
NEW_STORE = "Second Street"


@contextmanager
def day(demo):
    """Give a Day, and undo its events at the end."""
    one = Day(demo)
    try:
        yield one
    finally:
        one.undo()


class Day:
    """A day in the demo: each public method is an event."""

    def __init__(self, demo):
        self._demo = demo
        self._odoo = OdooSession.of(demo)
        self._store = first_store(self._odoo)
        self._products = {}
        self._is_dry = False
        self._is_refused = False
        self._oversold = []

    # === PRODUCTS === #

    def change(self):
        """Change some products, one of them so that Octopus refuses it."""
        if self._products:
            return
        domain = [("octopus_product_ids.state", "=", "synced"), ("type", "=", "consu")]
        products = self._call(
            "product.template", "search_read", domain, FIELDS, limit=RENAMED + LEFT_OUT, order="id"
        )
        self._products = {product.pop("id"): product for product in products}
        names = {id_: product["name"] for id_, product in self._products.items()}
        free, *rest = names
        self._write_product(free, list_price=0)
        for number, product in enumerate(rest):
            if number < LEFT_OUT:
                self._write_product(product, octopus_excluded=True)
            else:
                self._write_product(product, name=f"{names[product]} (New)")

    def begin(self):
        """Send the changes, and return while the sync run is under way."""
        self.change()
        self._control("put", "faults", SLOW)
        self._account("action_sync_products")
        self._wait_for_run(lambda run: run["state"] == "running" and run["failed"])

    def end(self):
        """Send the changes, and wait until they are sent."""
        self.change()
        if self._run()["state"] == "done":
            self._account("action_sync_products")
        self._wait_for_run(lambda run: run["state"] == "partial")

    def alert(self):
        """Notify the staff of a product that cannot be sent."""
        self.end()
        name = [("module", "=", "linga_octopus"), ("name", "=", "ir_cron_octopus_alert")]
        [worker] = self._call("ir.model.data", "search_read", name, ["res_id"])
        self._call("ir.cron", "method_direct_trigger", [worker["res_id"]])
        self._wait_for_record("mail.activity", [("res_model", "=", "octopus.account")])

    # === ORDERS === #

    def unseen(self):
        """Mark all orders as not seen yet, as if the Point of Sale had been closed."""
        self._account("write", {"seen_order_id": 0})

    def order(self):
        """Place an order of a customer now."""
        return self._order("SHOPIFY", "Hedy", "Lamarr")

    def change_order(self):
        """Place an order that its channel changes."""
        order = self._order("SHOPIFY", "Annie", "Easley")
        lines = [{**line, "quantity": line["quantity"] + 1} for line in order["line_items"]]
        self._control("put", f"orders/{order['id']}", {"line_items": lines})
        self._wait_for_record("octopus.order", [("change_state", "=", "open")])

    def oversell(self):
        """Place an order of more than there is, dated before the days in other pictures."""
        self.reconnect()
        placed_at = datetime.now(timezone.utc) - timedelta(days=30)
        # A high price would dwarf the other days in the graph of revenue.
        line = {"quantity": MORE_THAN_THERE_IS, "price": 1}
        self._order("EBAY", "Margaret", "Hamilton", line, created_at=placed_at.isoformat())
        oversold = [("is_oversold", "=", True)]
        self._wait_for_record("octopus.order", oversold)
        self._oversold = self._call("octopus.order", "search", oversold)

    def hand_over(self):
        """Ship an order in two parcels, and place orders that customers come for."""
        handover = Handover(self._demo, self._odoo)
        handover.ship()
        handover.pick_up()

    def refund(self):
        """Refund an order completely, and another one in part."""
        Handover(self._demo, self._odoo).refund()

    # === BOOKS === #

    def set_up_books(self):
        """Sell for some days, and prepare the accounting of a channel."""
        Books(self._demo, self._odoo).set_up()

    def book(self):
        """Book these days."""
        Books(self._demo, self._odoo).book()

    def pay_out(self):
        """Have the channel pay for the first of these days."""
        Books(self._demo, self._odoo).pay_out()

    # === STORES === #

    def disconnect(self):
        """Make Octopus refuse the credentials of the store."""
        if self._is_refused:
            return
        self._is_refused = True
        self._control("put", "faults", REFUSED)
        self._account("action_fetch_orders")
        self._wait_for_record("octopus.account", [("state", "=", "error")])

    def reconnect(self):
        """Make Octopus accept the credentials again."""
        if self._is_refused:
            self._is_refused = False
            self._control("put", "faults", [])
            self._account("action_test_connection")

    def dry_run(self):
        """Check the stock of a store that does not send stock; some levels drop to zero."""
        if not self._oversold:
            self.oversell()
        self._wait(
            lambda: not all(level["available"] for level in levels(self._demo)),
            "a stock level of zero in Octopus",
        )
        for level in [level for level in levels(self._demo) if level["available"] == 0][:2]:
            set_level(self._demo, level, 8)
        self._is_dry = True
        self._account("write", {"auto_stock_sync": False})
        check_stock(self._odoo)

    def subscribe(self):
        """Subscribe a second store, which is not set up."""
        values = {"name": NEW_STORE, "is_accepted": True}
        wizard = self._call("octopus.subscribe", "create", [values])
        self._call("octopus.subscribe", "action_confirm", wizard)

    def leave(self):
        """Unsubscribe the second store."""
        if not self._second_store():
            self.subscribe()
        self._call("octopus.account", "action_unsubscribe", self._second_store())

    def undo(self):
        """Bring stores, products and Octopus back to their state before."""
        self.reconnect()
        stores = self._second_store()
        self._call("octopus.account", "action_unsubscribe", stores)
        self._call("octopus.account", "write", stores, {"active": False})
        self._control("put", "faults", [])
        self._call("octopus.order", "write", self._oversold, {"status": "cancelled"})
        if self._is_dry:
            self._account("write", {"auto_stock_sync": True})
            check_stock(self._odoo)
        if not self._products:
            return
        for product, values in self._products.items():
            self._write_product(product, **values)
        self._products = {}
        self._wait_for_run(lambda run: run["state"] in ("done", "partial"))
        self._account("action_sync_products")
        self._wait_for_run(lambda run: run["state"] == "done")

    def _order(self, source, first_name, last_name, line=None, **options):
        """Order one piece of a product, and wait until Odoo has the order."""
        deducted = [("is_deducted", "=", True)]
        [known] = self._call("octopus.order.line", "search_read", deducted, ["sku"], limit=1)
        lines = [{"sku": known["sku"], "quantity": 1, **(line or {})}]
        customer = {"first_name": first_name, "last_name": last_name}
        order = {"source": source, "customer": customer, "lines": lines, **options}
        placed = self._control("post", "orders", order)
        self._wait_for_record("octopus.order", [("aggregator_order_no", "=", str(placed["id"]))])
        return placed

    def _second_store(self):
        return self._call("octopus.account", "search", [("name", "=", NEW_STORE)])

    def _write_product(self, product, **values):
        self._call("product.template", "write", [product], values)

    def _run(self):
        """Return the last sync run of products."""
        domain = [("account_id", "=", self._store), ("kind", "=", "products")]
        fields = ["state", "failed"]
        [run] = self._call(
            "octopus.sync.run", "search_read", domain, fields, limit=1, order="id desc"
        )
        return run

    def _wait_for_run(self, is_reached):
        self._wait(lambda: is_reached(self._run()), "the sync run of products")

    def _wait_for_record(self, model, domain):
        self._wait(lambda: self._call(model, "search_count", domain), f"{model} with {domain}")

    def _wait(self, is_reached, what):
        if not wait_until(is_reached, SECONDS):
            raise Failure(f"Waited {SECONDS} s in vain for {what}.")

    def _account(self, method, *arguments):
        """Call a method of the demo's store."""
        return self._call("octopus.account", method, [self._store], *arguments)

    def _control(self, *arguments):
        return control(self._demo, *arguments)

    def _call(self, *arguments, **options):
        return self._odoo.call(*arguments, **options)
