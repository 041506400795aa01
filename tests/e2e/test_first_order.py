"""From Apps to the first online order, as somebody clicks it who has not read anything.

An Odoo with Point of Sale and its demo shops, without the app. What it takes is counted and
written to .local/first-order.json; docs/first-order.md compares it with other connectors.
"""

import json
import re
import sys
import time
from contextlib import contextmanager

import pytest
import requests
from playwright.sync_api import expect

from devtools import paths
from devtools.provision import databases, postgres, stamps
from devtools.servers import ports
from devtools.servers.odoo_rpc import OdooSession
from devtools.servers.odoo_server import Odoo
from devtools.servers.sandbox_server import ACCESS_ID, MERCHANT, Sandbox
from devtools.servers.shop import LOGIN, PASSWORD

from .witness import Witness

DB = databases.own("linga_first_order")
RECORD = paths.LOCAL / "first-order.json"
PICTURE = paths.LOCAL / "first-order.png"  # where the journey ended, for when it fails
DOCUMENT = paths.ROOT / "docs" / "first-order.md"
LONG = 180_000  # milliseconds; installing an app takes its time on a busy machine


class Journey:
    """What a person does, counted: clicks, fields typed in, and how long each step took."""

    def __init__(self):
        self.clicks = self.fields = 0
        self.steps = []

    @contextmanager
    def step(self, title):
        clicks, fields, start = self.clicks, self.fields, time.monotonic()
        yield
        self.steps.append(
            {
                "step": title,
                "clicks": self.clicks - clicks,
                "fields": self.fields - fields,
                "seconds": round(time.monotonic() - start, 1),
            }
        )

    def click(self, locator):
        locator.click(timeout=LONG)
        self.clicks += 1

    def type(self, locator, text):
        locator.fill(text, timeout=LONG)
        self.fields += 1

    def write(self):
        total = {
            "clicks": self.clicks,
            "fields": self.fields,
            "seconds": round(sum(step["seconds"] for step in self.steps)),
        }
        RECORD.write_text(json.dumps({"total": total, "steps": self.steps}, indent=1))
        sys.stdout.write(f"{json.dumps(total)}\n")


@pytest.fixture(scope="module")
def octopus():
    """A sandbox in which nobody has registered a webhook yet."""
    sandbox = Sandbox(DB, ports.pick(0))
    sandbox.forget()
    try:
        sandbox.start("http://127.0.0.1:9/nobody")
        sandbox.wait()
        yield sandbox
    finally:
        sandbox.server.stop()
        sandbox.forget()


@pytest.fixture(scope="module")
def plain_odoo():
    """Odoo with Point of Sale and its demo shops, without the app."""
    busy = "Waiting for another run of this test"
    with stamps.lock(paths.LOCAL / "first-order.lock", busy), postgres.running():
        odoo = Odoo(DB, ports.pick(0))
        try:
            odoo.server.stop()  # one that a killed run left behind
            databases.drop(DB)
            databases.shop()
            databases.copy(databases.SHOP, DB)
            databases.set_parameter(DB, "web.base.url", odoo.url)
            # Odoo refuses to install an app while a scheduled action runs, and a login may wake
            # one.
            postgres.psql("UPDATE ir_cron SET active = false", connect_to=DB)
            odoo.start()
            odoo.wait()
            yield odoo
        finally:
            odoo.server.stop()
            databases.drop(DB)


@pytest.fixture
def visitor(chromium, plain_odoo):
    """The window of an administrator who has just logged in."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    witness = Witness(plain_odoo.server.log_file)
    witness.watch(page)
    page.goto(f"{plain_odoo.url}/web/login")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=LONG)
    page.goto(f"{plain_odoo.url}/odoo/apps")
    page.wait_for_selector(".o_kanban_record", timeout=LONG)
    yield page
    page.screenshot(path=PICTURE)
    page.context.close()
    assert witness.complaints() == []


def test_from_apps_to_the_first_order(visitor, plain_odoo, octopus):
    page, journey = visitor, Journey()
    with journey.step("Activate the app"):
        journey.type(page.locator(".o_searchview_input"), "octopus")
        page.keyboard.press("Enter")
        card = page.locator(".o_kanban_record", has_text="Linga Octopus")
        journey.click(card.get_by_role("button", name="Activate"))
        # The page that comes next is the one to go on with.
        expect(page.locator(".o_octopus_marketplace")).to_be_visible(timeout=LONG)

    with journey.step("Subscribe"):
        journey.click(page.locator(".o_octopus_subscribe"))
        journey.click(page.locator(".modal").get_by_label("I agree to these terms"))
        journey.click(page.locator(".modal").get_by_role("button", name="Confirm"))

    with journey.step("Connect"):
        merchant = page.locator(".o_field_widget[name=merchant_name] input")
        expect(merchant).to_be_focused()
        # Only here: a real store leaves the address of Octopus as it is.
        page.locator(".o_field_widget[name=base_url] input").fill(octopus.api_url)
        journey.type(merchant, MERCHANT)
        journey.type(page.locator(".o_field_widget[name=access_id] input"), ACCESS_ID)
        journey.click(page.get_by_role("button", name="Save & Test"))
        item(page, "locations", "done")

    with journey.step("Send categories, products, stock"):
        expect(item(page, "categories", "todo").locator(".btn-primary")).to_be_visible(timeout=LONG)
        journey.click(item(page, "categories", "todo").locator(".btn-primary"))
        for name in ("categories", "products", "stock"):
            item(page, name, "done")

    with journey.step("Register the webhook"):
        journey.click(item(page, "webhook", "warning").get_by_role("button"))
        address = page.locator(".o_field_widget[name=webhook_url]")
        journey.click(address.locator(".o_clipboard_button"))
        [url] = re.findall(r"http\S+", address.inner_text() or "")
        # In the admin page of Octopus, which is not ours.
        body = {"url": url}
        requests.put(f"{octopus.url}/_sandbox/webhooks", json=body, timeout=30).raise_for_status()

    with journey.step("A customer orders, the order is here"):
        order = place_order(octopus)
        journey.click(page.locator(".o_main_navbar").get_by_role("menuitem", name="Online Orders"))
        row = page.locator(".o_data_row", has_text=str(order["id"]))
        expect(row).to_contain_text("Take Action", timeout=LONG)
        rpc = OdooSession(plain_odoo.url, DB, LOGIN, PASSWORD)
        until_deducted(rpc, order)

    journey.write()
    told = re.search(r"\*\*(\d+) clicks and (\d+) fields\*\*", DOCUMENT.read_text())
    assert told.groups() == (str(journey.clicks), str(journey.fields))


def item(page, name, state):
    """An item of the checklist, once it is in this state."""
    found = page.locator(f".o_octopus_checklist [data-name={name}]")
    # Folded up when nothing is missing: then all are done.
    folded = page.locator(".o_octopus_checklist", has_text="Setup complete")
    wanted = page.locator(f".o_octopus_checklist [data-name={name}][data-state={state}]")
    if state == "done":  # which is hidden
        expect(wanted.or_(folded)).to_be_attached(timeout=LONG)
    else:
        expect(wanted).to_be_visible(timeout=LONG)
    return found


def place_order(octopus):
    """Order one piece of something that Octopus shows in stock."""
    state = requests.get(f"{octopus.url}/_sandbox/state", timeout=30).json()
    in_stock = {level["inventory_item_id"] for level in state["levels"] if level["available"] > 0}
    sku = next(
        variant["sku"]
        for product in state["products"]
        for variant in product["variants"]
        if variant["sku"] and variant["inventory_item_id"] in in_stock
    )
    body = {"source": "SHOPIFY", "lines": [{"sku": sku, "quantity": 1}]}
    answer = requests.post(f"{octopus.url}/_sandbox/orders", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def until_deducted(rpc, order, seconds=LONG // 1000):
    """Wait until the goods of the order are off the stock."""
    domain = [("aggregator_order_no", "=", str(order["id"]))]
    deadline = time.monotonic() + seconds
    while True:
        [found] = rpc.call("octopus.order", "search_read", domain, ["stock_state"])
        if found["stock_state"] == "deducted" or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    assert found["stock_state"] == "deducted"
