"""The till's screen of online orders, as cashiers use it: real Odoo, sandbox and browser."""

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.waiting import wait_for

SOON = 20_000  # milliseconds, for what has to happen by itself on a busy machine
# Files that Debian's package of Odoo does not have; nothing of ours.
NOT_OURS = ("Inconsolata", "Failed to load resource")


class Till:
    """A cashier's browser with an open till."""

    def __init__(self, page, demo, config):
        self.page = page
        self.url = f"{demo['odoo']}/pos/ui/{config}"
        self.problems = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._note_console)

    def _note_console(self, message):
        if message.type == "error" and not any(known in message.text for known in NOT_OURS):
            self.problems.append(message.text)

    def open(self):
        self.page.goto(self.url)
        self.page.get_by_role("button", name="Open Register").first.click()
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
        return self.page.locator(".o_notification", has_text="new online order")

    def row(self, remote):
        return self.page.locator(f".online-order[data-order='{remote['id']}']")

    def order_numbers(self):
        return self.rows.evaluate_all("rows => rows.map((row) => row.dataset.order)")

    def show_orders(self):
        self.button.click()
        expect(self.page.locator(".online-orders-screen")).to_be_visible()

    def leave_orders(self):
        self.page.get_by_role("button", name="Register", exact=True).click()
        expect(self.page.locator(".online-orders-screen")).to_be_hidden()

    def search(self, text):
        self.page.get_by_role("searchbox", name="Search online orders").fill(text)

    def choose_status(self, row, status):
        row.locator(".o_octopus_order_status button").click()
        self.page.locator(f".o_octopus_order_status_menu [data-status={status}]").click()


@pytest.fixture(scope="module")
def tills(log_in, demo, odoo):
    """Two open tills of the same store: a cashier's and the manager's."""
    configs = odoo.call("pos.config", "search", [], limit=2, order="id")
    return [
        Till(log_in(user), demo, config).open()
        for user, config in zip(("pos_login", "login"), configs, strict=True)
    ]


@pytest.fixture
def till(tills):
    """The cashier's till, back at the register, with no news on any till."""
    for each in tills:
        each.show_orders()
        each.search("")
        each.leave_orders()
        expect(each.alert).to_be_hidden()
        each.problems.clear()
    yield tills[0]
    assert [each.problems for each in tills] == [[], []]


@pytest.fixture(scope="module")
def article(demo, odoo):
    """(SKU, product id) of an article with stock."""
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


@pytest.fixture
def place(demo, article):
    """Places an order with the sandbox."""

    def place(source="SHOPIFY", name="Ada Byron", quantity=1):
        first, last = name.split(" ", 1)
        body = {
            "source": source,
            "customer": {"first_name": first, "last_name": last},
            "lines": [{"sku": article[0], "quantity": quantity}],
        }
        answer = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    return place


def test_an_order_rings_on_all_tills_until_somebody_looks(tills, till, place):
    remote = place(source="AMAZON", name="Grace Hopper")
    for each in tills:
        expect(each.alert).to_be_visible(timeout=SOON)
    till.alert.get_by_role("button", name="Open").click()
    row = till.row(remote)
    expect(row).to_contain_text("AMAZON")
    expect(row).to_contain_text("Grace Hopper")
    expect(row).to_contain_text("Take Action")
    assert till.rows.first.get_attribute("data-order") == str(remote["id"])
    for each in tills:
        expect(each.alert).to_be_hidden(timeout=SOON)


def test_an_order_appears_in_the_open_list_by_itself(till, place):
    till.show_orders()
    remote = place()
    expect(till.row(remote)).to_be_visible(timeout=SOON)
    expect(till.alert).to_be_hidden()


def test_a_status_set_on_one_till_shows_on_the_other(tills, till, place):
    remote = place()
    for each in tills:
        each.show_orders()
        expect(each.row(remote)).to_be_visible(timeout=SOON)
    badge = till.button.locator(".badge")
    to_act = int(badge.inner_text())
    till.choose_status(till.row(remote), "completed")
    expect(till.row(remote)).to_contain_text("Completed")
    expect(badge).to_have_text(str(to_act - 1), timeout=SOON)
    expect(tills[1].row(remote)).to_contain_text("Completed", timeout=SOON)


def test_cancelling_asks_first_and_gives_the_stock_back(till, odoo, place, article):
    def on_hand():
        return odoo.call("product.product", "read", [article[1]], ["qty_available"])[0][
            "qty_available"
        ]

    before = on_hand()
    remote = place(quantity=2)
    till.show_orders()
    till.row(remote).click(timeout=SOON)
    detail = till.page.locator(".online-order-detail")
    expect(detail).to_contain_text("Deducted", timeout=SOON)
    assert on_hand() == before - 2

    dialog = till.page.locator(".modal")
    till.choose_status(detail, "cancelled")
    expect(dialog).to_contain_text("2 ×")
    dialog.get_by_role("button", name="Keep Order").click()
    expect(till.row(remote)).to_contain_text("Take Action")
    till.choose_status(detail, "cancelled")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(till.row(remote)).to_contain_text("Cancelled")
    assert on_hand() == before
    expect(till.row(remote).locator("button")).to_have_count(0)


def test_search_finds_by_each_column_and_pages_hold_forty(till, odoo, place):
    others = [place() for _count in range(41)]
    # Orders of the same second stand in the order of their arrival: first let these arrive.
    arrived = [("aggregator_order_no", "in", [str(order["id"]) for order in others])]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", arrived) == len(others))
    wanted = place(source="BIGCOMMERCE", name="Rosalind Franklin", quantity=7)
    till.show_orders()
    expect(till.row(wanted)).to_be_visible(timeout=SOON)
    expect(till.rows).to_have_count(40)
    newest = till.order_numbers()
    till.page.get_by_role("button", name="Older orders").click()
    expect(till.rows.first).not_to_have_attribute("data-order", newest[0])
    assert not set(till.order_numbers()) & set(newest)
    till.page.get_by_role("button", name="Newer orders").click()

    row = till.row(wanted)
    expect(row).to_be_visible()
    third_party_no, total = row.locator("td").nth(1).inner_text(), row.locator("td").nth(5)
    for text in (
        "bigcommerce",
        third_party_no,
        str(wanted["id"]),
        "rosalind frank",
        total.inner_text(),
        "take act",
    ):
        till.search(text)
        expect(row).to_be_visible()
        if text != "take act":
            expect(till.row(others[-1])).to_have_count(0)
    till.search("nobody ordered this")
    expect(till.page.get_by_text("No online order shows this")).to_be_visible()


def test_back_from_being_offline_nothing_is_missing(till, place):
    till.show_orders()
    expect(till.rows.first).to_be_visible()
    till.page.context.set_offline(True)
    remote = place(name="Katherine Johnson")
    till.page.get_by_role("button", name="Older orders").click()
    expect(till.page.get_by_text("There is no connection")).to_be_visible()
    expect(till.rows.first).to_be_visible()
    till.page.context.set_offline(False)
    expect(till.row(remote)).to_be_visible(timeout=SOON)
    expect(till.page.get_by_text("There is no connection")).to_be_hidden()
    till.problems.clear()  # the browser's own words about the missing network


def test_the_way_of_the_manual_leads_to_the_list(till):
    till.page.get_by_role("button", name="Orders", exact=True).click()
    till.page.get_by_role("button", name="Online Orders", exact=True).last.click()
    headers = till.page.locator(".online-orders-screen th")
    columns = [
        "Third Party Name",
        "Third Party Order No.",
        "Aggregator Order No.",
        "Transaction Time",
        "Customer",
        "Check Total",
        "Status",
    ]
    expect(headers).to_have_text(columns)
