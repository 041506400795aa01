"""Every way in which Octopus can fail, at the call that matters of every flow: nothing is lost,
nothing is doubled, and who has to do something is told.

The outcomes are those of faults.csv, which is also the table of docs/reliability.md.
"""

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from fnmatch import fnmatch
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests.common import _super_send

from odoo.addons.linga_octopus.lib.octopus_api.transport import Transport
from odoo.addons.linga_octopus.models.fulfillment.shipping import ship

from devtools import tables

from ..support.pictures import picture
from ..support.ports import closed_port
from ..support.stock import StockCase

HTML = {"body": "<html><h1>Proxy Error</h1></html>", "content_type": "text/html"}
PATIENCE = 0.5  # seconds that the client waits for an answer in these tests
# What happens to the call, once: a fault rule of the sandbox, or the method that makes it happen.
FAULTS = {
    "connection refused": "refused",
    "DNS failure": "unknown_host",
    "TLS failure": "tls",
    "slow answer": {"delay": 0.3},
    # The fault's own answer comes too late: the work is never done.
    "timeout before the work": {"delay": 3 * PATIENCE, "status": 503},
    "timeout after the work": {"hang": 3 * PATIENCE},
    "answer lost after the work": {"drop": True},
    "400": {"status": 400},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "405": {"status": 405},
    "408": {"status": 408},
    "409": {"status": 409},
    "422": {"status": 422},
    "429": {"status": 429, "headers": {"Retry-After": "7"}},
    "500": {"status": 500},
    "502 with HTML": dict(status=502, **HTML),
    "503 without a body": {"status": 503, "body": ""},
    "200 with HTML": dict(status=200, **HTML),
    "200 without a body": {"status": 200, "body": ""},
    "200 with half an answer": {"status": 200, "body": '{"items": [{"sv_te'},
    "200 about other items": {
        "status": 200,
        "body": {"items": [{"sv_temp_id": "foreign", "id": 1}]},
    },
    "200 with the wrong content type": {"relabel": "text/html"},
    "answer items missing": {"alter": "missing"},
    "answer items reordered": {"alter": "reordered"},
    "answer items repeated": {"alter": "repeated"},
    "answer items of others as well": {"alter": "foreign"},
    "redirect": {"status": 302, "headers": {"Location": "https://example.com/"}},
    "clock two hours fast": "fast_clock",
    "clock two hours slow": "slow_clock",
    "credentials revoked in the middle": "revoked",
    "account archived in the middle": "archived",
}
# A flow: the call that matters, as the sandbox's fault rules name it.
CALLS = {
    "categories": {"method": "POST", "path": "*ollections*"},
    "products": {"method": "POST", "path": "/BulkProduct*"},
    "pictures": {"method": "POST", "path": "*/images.json"},
    "stock": {"method": "POST", "path": "/bulkinventory*"},
    "orders": {"method": "GET", "path": "/orders.json"},
    "cancel": {"method": "POST", "path": "*/cancel.json"},
    "parcels": {"method": "POST", "path": "*/fulfillments.json"},
}
# Those that the worker of orders sends, one by one and without a sync run.
OF_ORDERS = ("cancel", "parcels")
PUSH_STATES = {"pending": "waits", "failed": "button", "tag_only": "tagged", "synced": "done"}
NUMBER, TAG = "1Z42", "Shipped: UPS 1Z42"
RUN_KINDS = {"pictures": "images"}
UNFINISHED = ("queued", "running", "waiting")


class TestFaults(StockCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["pos.category"].search([]).unlink()
        cls.category = cls.env["pos.category"].create({"name": "Furniture"})
        cls.chair.image_1920 = picture("#aa0000")
        (cls.chair | cls.table).write({"pos_categ_ids": cls.category.ids})
        quants = cls.env["stock.quant"]
        quants._update_available_quantity(cls.chair, cls.stock, 7)
        quants._update_available_quantity(cls.table, cls.stock, 3)

    def test_categories(self):
        self.check("categories")

    def test_products(self):
        self.check("products")

    def test_pictures(self):
        self.check("pictures")

    def test_stock(self):
        self.check("stock")

    def test_orders(self):
        self.check("orders")

    def test_cancel(self):
        self.check("cancel")

    def test_parcels(self):
        self.check("parcels")

    def test_the_document_shows_the_table(self):
        self.assertEqual(
            tables.RELIABILITY.read_text(),
            tables.render(tables.RELIABILITY),
            "Run python3 -m devtools.tables.",
        )

    # === A CELL OF THE TABLE === #

    def check(self, flow):
        wanted = {row["fault"]: row[flow] for row in tables.read(tables.FAULTS)}
        found = {}
        for name, fault in FAULTS.items():
            with self.subTest(fault=name):
                found[name] = self.outcome(flow, fault)
                self.assert_told(flow, found[name])
                self.recover(flow, found[name])
                self.assert_right(flow)
        rows = [{"fault": name, flow: outcome} for name, outcome in found.items()]
        tables.keep(tables.FAULTS, flow, rows)
        self.assertEqual(found, wanted, tables.TAKE_OVER)

    def outcome(self, flow, fault):
        """Let a flow meet a fault, and return what became of it before anybody did anything."""
        self.begin(flow)
        happening = nullcontext()
        if isinstance(fault, str):
            happening = getattr(self, fault)(flow)
        else:
            self.sandbox.set_faults([{**CALLS[flow], "times": 1, **fault}])
        with happening:
            self.start(flow)
            state = self.state(flow)
        for rule in self.sandbox.control("GET", "faults"):
            self.assertEqual(rule["fired"], 1, "The flow never made the call.")
        if state == "waits":
            self.go_on(flow)
            state = {"done": "waits, then done"}.get(self.state(flow), self.state(flow))
        if state in ("done", "button") and flow == "orders" and not self.order():
            # As every few minutes, also after a run that failed.
            self.env["octopus.order"]._cron_poll_orders()
            self.work()
            self.env.invalidate_all()
            return {"done": "next time"}.get(self.state(flow), self.state(flow))
        return state

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's guard makes short timeouts long, and lets no name be looked up.
        options["timeout"] = PATIENCE
        return _super_send(session, request, **options)

    # === FAULTS THAT ARE NOT THE ANSWER'S === #

    def refused(self, _flow):
        return self.pointed_at(f"http://127.0.0.1:{closed_port()}/")

    def unknown_host(self, _flow):
        return self.pointed_at("https://octopus.invalid/admin/api/2020-01")

    def tls(self, _flow):
        return self.pointed_at(self.account.base_url.replace("http:", "https:"))

    def fast_clock(self, _flow):
        return freeze_time(timedelta(hours=2), tick=True)

    def slow_clock(self, _flow):
        return freeze_time(timedelta(hours=-2), tick=True)

    def revoked(self, flow):
        """From the call that matters on, Octopus takes the credentials no more."""
        return self.meanwhile(flow, lambda: self.revoke())

    def archived(self, flow):
        return self.meanwhile(flow, lambda: self.archive())

    def revoke(self):
        self.sandbox.set_faults([{"path": "*", "status": 401}])

    def archive(self):
        self.env.cr.execute(
            "UPDATE octopus_account SET active = FALSE WHERE id = %s", [self.account.id]
        )

    @contextmanager
    def meanwhile(self, flow, act):
        """Let somebody do something while Octopus works on the call that matters."""
        happened = []
        original = Transport._exchange
        call = CALLS[flow]

        def exchange(transport, method, url, params, body):
            answer = original(transport, method, url, params, body)
            path = url.removeprefix(transport.base_url)
            if not happened and method == call["method"] and fnmatch(path, call["path"]):
                happened.append(path)
                act()
            return answer

        with patch.object(Transport, "_exchange", exchange):
            yield
        self.assertTrue(happened, "The flow never made the call.")
        self.sandbox.clear_faults()

    @contextmanager
    def pointed_at(self, address):
        original = self.account.base_url
        self.point_at(address)
        yield
        self.point_at(original)

    def point_at(self, address):
        """Change where Octopus is reached; set in the settings, it would be another shop."""
        self.account.flush_recordset()
        self.env.cr.execute(
            "UPDATE octopus_account SET base_url = %s WHERE id = %s", [address, self.account.id]
        )
        self.account.invalidate_recordset()

    def begin(self, flow):
        """Make Octopus and what we know of it new, and prepare what the flow needs."""
        self.env["octopus.sync.run"].search([]).unlink()
        self.env["octopus.product"].search([]).unlink()
        self.env["octopus.category"].search([]).unlink()
        self.env["octopus.order"].search([]).unlink()
        self.sandbox.reset()
        self.account.with_context(octopus_run=True).write(
            {
                "state": "connected",
                "state_message": False,
                "active": True,
                "is_catalog_matched": False,
                "catalog_signature": False,
                "auto_stock_sync": False,
                "order_watermark": False,
                "orders_since": "2020-01-01",
                "complete_when_shipped": False,  # a status is told by other calls
                "fulfillment_call": False,
            }
        )
        if flow == "stock":
            self.put_in_octopus(self.chair | self.table)
        elif flow in ("orders", *OF_ORDERS):
            self.remote_order = self.sandbox.place_order(
                [{"sku": "Chair", "title": "Chair", "quantity": 1, "price": "10.00"}], webhook=False
            )
        if flow in OF_ORDERS:
            self.env["octopus.order"]._ingest(self.account, self.remote_order)

    def start(self, flow):
        if flow == "cancel":
            self.order().status = "cancelled"
            self.tell()
        elif flow == "parcels":
            ship(self.order(), numbers=[NUMBER], carrier="UPS")
            self.tell()
        else:
            kind = {"pictures": "products"}.get(flow, flow)
            self.account._queue_run(kind)
            self.work()
        self.env.invalidate_all()

    def tell(self):
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_push_status()
        self.env.invalidate_all()

    def order(self):
        return self.env["octopus.order"].search([("account_id", "=", self.account.id)])

    def run_of(self, flow):
        """Return the latest run; of pictures, the one before it as long as that has not ended."""
        runs = self.env["octopus.sync.run"]
        kind = RUN_KINDS.get(flow, flow)
        found = runs.search([("kind", "=", kind)], limit=1)
        return found or runs.search([], limit=1)

    def state(self, flow):
        """Return how the flow stands, in the words of the table."""
        if flow in OF_ORDERS:
            told = self.order() if flow == "cancel" else self.order().fulfillment_ids
            is_lost = self.account.state == "error"
            return "connect" if is_lost else PUSH_STATES[told.push_status]
        state = self.run_of(flow).state
        if state in UNFINISHED:
            return "waits"
        if self.account.state == "error":
            return "connect"
        return {"failed": "button", "stopped": "button", "partial": "record"}.get(state, state)

    def go_on(self, flow):
        """Let the time pass that a worker waits for; nobody presses anything."""
        if flow in OF_ORDERS:
            self.order().push_retry_at = self.account.push_resume_at = False
            self.tell()
            return
        for _turn in range(5):
            runs = self.env["octopus.sync.run"].search([("state", "in", UNFINISHED)])
            if not runs:
                break
            runs.filtered("resume_at").resume_at = self.account.create_date
            self.work()
            self.env.invalidate_all()

    # === WHAT IS PROMISED === #

    def assert_told(self, flow, outcome):
        """Whoever has to do something is told what."""
        if outcome == "connect":
            self.assertTrue(self.account.state_message)
        elif outcome == "tagged" and flow == "parcels":
            self.assertIn(self.account.fulfillment_call, ("missing", "forbidden"))
        elif outcome in ("button", "tagged"):
            of_order = flow in OF_ORDERS
            message = self.order().channel_notice if of_order else self.run_of(flow).message
            self.assertTrue(message)
        elif outcome == "record":
            self.assertTrue(self.run_of(flow).issue_ids.filtered("message"))

    def recover(self, flow, outcome):
        """Do what the outcome says that a person does: test the connection, press the button."""
        self.account.active = True
        if self.account.state == "error":
            self.account.action_test_connection()
        if flow not in OF_ORDERS:
            if outcome == "connect" or self.run_of(flow).state != "done":
                for binding in ("octopus.category", "octopus.product", "octopus.image"):
                    failed = self.env[binding].search([("state", "=", "error")])
                    failed.action_octopus_retry()
                self.start(flow)
                self.go_on(flow)
        elif self.state(flow) != "done":
            self.order().action_retry_push()
            self.tell()

    def assert_right(self, flow):
        """Everything is in its place, once."""
        octopus = self.sandbox.state()
        if flow == "categories":
            self.assertEqual([item["title"] for item in octopus["collections"]], ["Furniture"])
        elif flow in ("products", "pictures"):
            titles = sorted(product["title"] for product in octopus["products"])
            self.assertEqual(titles, ["Chair", "Table"])
            for product in octopus["products"]:
                self.assertEqual(len(product["variants"]), 1)
                images = 1 if product["title"] == "Chair" else 0
                self.assertEqual(len(product["images"]), images)
        elif flow == "stock":
            self.assertEqual(self.remote(), {"Chair": 7, "Table": 3})
            self.assertEqual(self.level(self.chair).quantity, 7)
        elif flow == "orders":
            self.assertEqual(
                self.order().mapped("aggregator_order_no"), [str(self.remote_order["id"])]
            )
        elif flow == "parcels":
            [remote] = octopus["orders"]
            told = [parcel["tracking_numbers"] for parcel in remote["fulfillments"]]
            tags = (remote["tags"] or "").split(", ")
            self.assertIn((told, tags), [([[NUMBER]], [""]), ([], [TAG])], "one parcel, told once")
            with self.account._get_client() as client:
                update = client.get_order(remote["id"])
            self.env["octopus.order"]._ingest(self.account, update)
            self.assertEqual(len(self.order().fulfillment_ids), 1, "and known once")
        else:
            self.assertEqual(self.order().status, "cancelled")
            [remote] = octopus["orders"]
            cancelled = remote.get("cancelled_at") or "Odoo: cancelled" in (remote["tags"] or "")
            self.assertTrue(cancelled)
