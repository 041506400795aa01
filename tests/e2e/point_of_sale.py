"""A Point of Sale in the browser, and customers who order."""

from zoneinfo import ZoneInfo

import requests
from playwright.sync_api import expect

SHOP_ZONE = ZoneInfo("America/Los_Angeles")  # of the sandbox's shop: the days of its orders


class PointOfSale:
    """A cashier's browser with an open Point of Sale."""

    def __init__(self, page, demo, config):
        self.page = page
        self.config = config
        self.url = f"{demo['odoo']}/pos/ui/{config}"

    def enter(self):
        """Leave the login screen; wait for it, because the assets may be made anew."""
        self.page.goto(self.url, timeout=180_000)
        # "Open Register", or, with `pos_hr` installed and an open session, "Unlock Register".
        self.page.locator(".open-register-btn").click(timeout=120_000)
        return self

    def open(self):
        self.enter()
        dialog = self.page.locator(".modal").get_by_role("button", name="Open Register")
        dialog.click()
        expect(dialog).to_be_hidden()
        return self

    @property
    def button(self):
        return self.page.locator(".online-orders-button")

    @property
    def rows(self):
        return self.page.locator(".online-order")

    @property
    def alert(self):
        return self.page.locator(".o_notification.o_octopus_new_order")

    @property
    def detail(self):
        return self.page.locator(".online-order-detail")

    def row(self, remote):
        return self.page.locator(f".online-order[data-order='{remote['id']}']")

    def order_numbers(self):
        return self.rows.evaluate_all("rows => rows.map((row) => row.dataset.order)")

    def show_orders(self, tab="All"):
        self.button.click()
        expect(self.page.locator(".online-orders-screen")).to_be_visible()
        self.show_tab(tab)

    def show_tab(self, tab):
        button = self.page.locator(".status-tabs button", has_text=tab)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def leave_orders(self):
        self.page.get_by_role("button", name="Register", exact=True).click()
        expect(self.page.locator(".online-orders-screen")).to_be_hidden()

    def search(self, text):
        self.page.get_by_role("searchbox", name="Search online orders").fill(text)

    def choose_status(self, row, status):
        row.locator(".o_octopus_order_status button").click()
        self.page.locator(f".o_octopus_order_status_menu [data-status={status}]").click()

    def close(self):
        self.page.context.close()


def find_article(demo, odoo):
    """Return (SKU, product id) of an article with stock."""
    [variant] = odoo.call(
        "octopus.variant",
        "search_read",
        [("state", "=", "synced"), ("product_id.qty_available", ">", 4)],
        ["product_id", "octopus_ref"],
        limit=1,
    )
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=30).json()
    [sku] = [
        each["sku"]
        for product in state["products"]
        for each in product["variants"]
        if str(each["id"]) == variant["octopus_ref"]
    ]
    return sku, variant["product_id"][0]


def place_order(demo, sku, source="SHOPIFY", name="Ada Byron", quantity=1, **line):
    """Order in the sandbox as a customer; return the order as Octopus shows it.

    `line` says what is otherwise about its line.
    """
    first, last = name.split(" ", 1)
    body = {
        "source": source,
        "customer": {"first_name": first, "last_name": last},
        "lines": [{"sku": sku, "quantity": quantity, **line}],
    }
    answer = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()
