"""The screen of online orders for everybody: with the keyboard alone, and for axe-core."""

import pytest
from playwright.sync_api import expect

from .axe import findings
from .point_of_sale import find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")


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


def press(pos, *keys):
    for key in keys:
        pos.page.keyboard.press(key)


def focus_by_tab(pos, selector):
    """Press Tab until an element has the focus, as somebody without a mouse."""
    for _press in range(80):
        if pos.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        press(pos, "Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def search(pos, remote):
    """Search for an order with the keyboard alone."""
    press(pos, "/")
    expect(pos.page.get_by_role("searchbox")).to_be_focused()
    press(pos, "Control+A")
    pos.page.keyboard.type(str(remote["id"]))
    expect(pos.rows).to_have_count(1)
    expect(pos.row(remote)).to_be_visible()


def test_complete_print_and_cancel_with_the_keyboard_alone(pos, place):
    first, second = place(name="Ada Byron"), place(name="Grace Hopper")
    pos.show_orders("Open")
    pos.page.evaluate("window.print = () => (window.printed = true)")

    search(pos, first)
    press(pos, "ArrowDown")
    expect(pos.row(first)).to_be_focused()
    press(pos, "Enter")
    expect(pos.detail).to_contain_text("Ada Byron")
    focus_by_tab(pos, ".print")
    press(pos, "Enter")
    expect(pos.detail.locator(".printed")).to_be_visible()
    assert pos.page.evaluate("window.printed")
    focus_by_tab(pos, ".complete")
    press(pos, "Enter")
    expect(pos.row(first)).to_contain_text("Completed")

    search(pos, second)
    focus_by_tab(pos, ".online-order .o_octopus_order_status button")
    press(pos, "Enter")
    expect(pos.page.locator(".o_octopus_order_status_menu")).to_be_visible()
    focus_by_tab(pos, ".o_octopus_order_status_menu [data-status=cancelled]")
    press(pos, "Enter")
    expect(pos.page.locator(".modal .keep")).to_be_focused()
    press(pos, "Tab")
    expect(pos.page.locator(".modal .confirm")).to_be_focused()
    press(pos, "Space")
    expect(pos.row(second)).to_contain_text("Cancelled")


def test_the_search_finds_what_the_row_shows(pos, place):
    remote = place(name="Žofie Núñez")
    pos.show_orders()
    pos.search(str(remote["id"]))
    row = pos.row(remote)
    expect(row).to_be_visible()
    time, day = (row.locator("td").nth(3).inner_text().split("\n"))[:2]
    for text in (time, f"{day.split('·')[0].strip()}, {time}", "zofie nunez", "Nunez Zofie"):
        pos.search(text)
        expect(row).to_be_visible()
    pos.search("nobody ordered this")
    expect(pos.page.get_by_text("No online order matches your search")).to_be_visible()
    pos.page.locator(".orders").get_by_role("button", name="Clear").click()
    expect(row).to_be_visible()


def test_axe_finds_nothing_serious(pos, place):
    remote = place(name="Ada Byron")
    pos.show_orders("Open")
    screen = ".online-orders-screen"
    pos.page.locator(".filters").click()
    expect(pos.page.locator(".order-filters")).to_be_visible()
    expect(pos.row(remote)).to_be_visible()
    assert findings(pos.page, screen) == []
    pos.show_tab("All")
    pos.row(remote).locator(".order-tick input").click()
    pos.row(remote).click()
    expect(pos.detail).to_be_visible()
    assert findings(pos.page, screen) == []
    pos.choose_status(pos.detail, "cancelled")
    expect(pos.page.locator(".modal .keep")).to_be_visible()
    assert findings(pos.page, ".modal-content") == []  # the frame around it is Odoo's
    pos.page.locator(".modal .keep").click()
    pos.page.set_viewport_size({"width": 390, "height": 844})
    expect(pos.detail).to_be_visible()
    assert findings(pos.page, screen) == []
