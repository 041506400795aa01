"""The till's screen of online orders for everybody: with the keyboard alone, and for axe-core."""

import pytest
from playwright.sync_api import expect

from .axe import findings
from .till import Till, find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def till(log_in, demo, odoo):
    """A cashier's open till."""
    [config] = odoo.call("pos.config", "search", [], limit=1, order="id")
    till = Till(log_in("pos_login"), demo, config).open()
    yield till
    till.close()


@pytest.fixture(scope="module")
def place(demo, odoo):
    """Places an order with the sandbox, and waits until it is in Odoo."""
    article = find_article(demo, odoo)

    def place(**options):
        remote = place_order(demo, article[0], **options)
        mine = [("aggregator_order_no", "=", str(remote["id"]))]
        assert wait_for(lambda: odoo.call("octopus.order", "search_count", mine) == 1)
        return remote

    return place


def press(till, *keys):
    for key in keys:
        till.page.keyboard.press(key)


def focus_by_tab(till, selector):
    """Press Tab until an element has the focus, as somebody without a mouse."""
    for _press in range(80):
        if till.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        press(till, "Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def search(till, remote):
    """Search for an order with the keyboard alone."""
    press(till, "/")
    expect(till.page.get_by_role("searchbox")).to_be_focused()
    press(till, "Control+A")
    till.page.keyboard.type(str(remote["id"]))
    expect(till.rows).to_have_count(1)
    expect(till.row(remote)).to_be_visible()


def test_complete_print_and_cancel_with_the_keyboard_alone(till, place):
    first, second = place(name="Ada Byron"), place(name="Grace Hopper")
    till.show_orders("Open")
    till.page.evaluate("window.print = () => (window.printed = true)")

    search(till, first)
    focus_by_tab(till, ".online-order")
    press(till, "Enter")
    expect(till.detail).to_contain_text("Ada Byron")
    focus_by_tab(till, ".print")
    press(till, "Enter")
    expect(till.detail.locator(".printed")).to_be_visible()
    assert till.page.evaluate("window.printed")
    focus_by_tab(till, ".complete")
    press(till, "Enter")
    expect(till.row(first)).to_contain_text("Completed")

    search(till, second)
    focus_by_tab(till, ".online-order .o_octopus_order_status button")
    press(till, "Enter")
    expect(till.page.locator(".o_octopus_order_status_menu")).to_be_visible()
    focus_by_tab(till, ".o_octopus_order_status_menu [data-status=cancelled]")
    press(till, "Enter")
    expect(till.page.locator(".modal .keep")).to_be_focused()
    press(till, "Tab")
    expect(till.page.locator(".modal .confirm")).to_be_focused()
    press(till, "Space")
    expect(till.row(second)).to_contain_text("Cancelled")


def test_the_search_finds_what_the_row_shows(till, place):
    remote = place(name="Žofie Núñez")
    till.show_orders()
    till.search(str(remote["id"]))
    row = till.row(remote)
    expect(row).to_be_visible()
    time, day = (row.locator("td").nth(3).inner_text().split("\n"))[:2]
    for text in (time, f"{day.split('·')[0].strip()}, {time}", "zofie nunez", "Nunez Zofie"):
        till.search(text)
        expect(row).to_be_visible()
    till.search("nobody ordered this")
    expect(till.page.get_by_text("No online order matches your search")).to_be_visible()
    till.page.locator(".orders").get_by_role("button", name="Clear").click()
    expect(row).to_be_visible()


def test_axe_finds_nothing_serious(till, place):
    remote = place(name="Ada Byron")
    till.show_orders("Open")
    screen = ".online-orders-screen"
    till.page.locator(".filters").click()
    expect(till.page.locator(".order-filters")).to_be_visible()
    expect(till.row(remote)).to_be_visible()
    assert findings(till.page, screen) == []
    till.show_tab("All")
    till.row(remote).locator(".order-tick input").click()
    till.row(remote).click()
    expect(till.detail).to_be_visible()
    assert findings(till.page, screen) == []
    till.choose_status(till.detail, "cancelled")
    expect(till.page.locator(".modal .keep")).to_be_visible()
    assert findings(till.page, ".modal") == []
    till.page.locator(".modal .keep").click()
    till.page.set_viewport_size({"width": 390, "height": 844})
    expect(till.detail).to_be_visible()
    assert findings(till.page, screen) == []
