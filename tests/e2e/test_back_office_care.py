"""Online Orders in the back office: two people at one order, scanners, and an expired session."""

import pytest
from playwright.sync_api import expect

from .orders_list import open_all_orders
from .point_of_sale import find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")
SCAN = "4006381333931"


@pytest.fixture
def orders(demo, page):
    """The list of online orders, as a manager opens it."""
    open_all_orders(page, demo)
    return page


@pytest.fixture
def place(demo, odoo, orders):
    """Places an order with the sandbox; returns its row in the list, and its id in Odoo."""
    sku, _product = find_article(demo, odoo)

    def place():
        number = str(place_order(demo, sku)["id"])
        domain = [("aggregator_order_no", "=", number), ("stock_state", "=", "deducted")]
        assert wait_for(lambda: odoo.call("octopus.order", "search", domain))
        row = orders.locator("tr.o_data_row", has_text=number)
        expect(row).to_be_visible()
        return row, odoo.call("octopus.order", "search", domain)

    return place


def open_menu(row):
    row.locator(".o_octopus_order_status button").click()
    menu = row.page.locator(".o_octopus_order_status_menu")
    expect(menu).to_be_visible()
    return menu


def expect_refusal(page):
    dialog = page.locator(".modal")
    expect(dialog).to_contain_text("Completed meanwhile by")
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)


def status(odoo, ids):
    return odoo.call("octopus.order", "read", ids, ["status"])[0]["status"]


def test_the_list_changes_no_status_that_somebody_else_has_changed(orders, odoo, place, witness):
    row, ids = place()
    menu = open_menu(row)  # the row is left alone meanwhile
    odoo.call("octopus.order", "action_complete", ids)
    menu.locator("[data-status=cancelled]").click()
    expect_refusal(orders)
    expect(row).to_contain_text("Completed")
    assert status(odoo, ids) == "completed"
    witness.forget()  # Odoo's warning about the refusal


def test_nor_does_the_button_for_the_selected_rows(orders, odoo, place, witness):
    row, ids = place()
    row.locator(".o_list_record_selector input").check()
    odoo.call("octopus.order", "action_complete", ids)
    orders.locator(".o_control_panel").get_by_role("button", name="Cancel", exact=True).click()
    expect_refusal(orders)
    assert status(odoo, ids) == "completed"
    witness.forget()  # Odoo's warning about the refusal


def test_the_form_asks_twice_before_a_completed_order_is_cancelled(orders, odoo, place):
    row, ids = place()
    odoo.call("octopus.order", "action_complete", ids)
    expect(row).to_contain_text("Completed")
    row.locator("td[name=customer_name]").click()
    orders.locator(".o_form_view").get_by_role("button", name="Cancel", exact=True).click()
    dialog = orders.locator(".modal")
    expect(dialog).to_contain_text("are returned to stock")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(dialog).to_contain_text("its goods were handed over")
    assert status(odoo, ids) == "completed"
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(orders.locator(".o_form_view .text-bg-danger")).to_be_visible()
    assert status(odoo, ids) == "cancelled"


def test_a_scanner_and_enter_leave_an_order_alone(orders, odoo, place):
    row, ids = place()
    open_menu(row).locator("[data-status=cancelled]").click()
    keep = orders.locator(".modal").get_by_role("button", name="Keep Order")
    expect(keep).to_be_focused()
    orders.keyboard.type(SCAN)
    orders.keyboard.press("Enter")
    expect(keep).to_be_focused()
    orders.wait_for_timeout(1100)  # what follows is no part of the scan
    orders.keyboard.press("Tab")
    orders.keyboard.press("Enter")
    expect(keep).to_be_visible()
    orders.keyboard.press("Shift+Tab")
    orders.keyboard.press("Enter")
    expect(keep).to_be_hidden()
    assert status(odoo, ids) == "take_action"


def test_a_session_that_expired_is_one_bar(orders, place, demo, odoo, witness):
    place()
    cookies = orders.context.cookies()
    orders.context.clear_cookies()
    bars = orders.locator(".o_notification", has_text="You are logged out")
    sku, _product = find_article(demo, odoo)
    for _order in range(2):
        # The list is read again at each new order.
        with orders.expect_response("**/octopus.order/**"):
            place_order(demo, sku)
    expect(bars).to_have_count(1)
    expect(orders.locator(".modal")).to_have_count(0)
    for _try in range(5):
        # An answer that is still under way may replace them.
        orders.context.clear_cookies()
        orders.context.add_cookies(cookies)
        row = orders.locator("tr.o_data_row", has_text=str(place_order(demo, sku)["id"]))
        if wait_for(row.is_visible, seconds=10):
            break
    expect(row).to_be_visible()
    expect(bars).to_have_count(0)
    witness.forget()
