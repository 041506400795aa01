"""Finding online orders in the back office: each column, filters, groups, a filter of one's own."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from .orders_list import open_all_orders
from .point_of_sale import SHOP_ZONE, find_article, place_order
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def wanted(demo, odoo):
    """An order among others."""
    [sku, _product] = find_article(demo, odoo)
    place_order(demo, sku)
    return place_order(demo, sku, source="BIGCOMMERCE", name="Rosalind Franklin", quantity=3)


@pytest.fixture
def orders(demo, page, wanted):
    """The list of online orders, with the wanted one."""
    open_all_orders(page, demo)
    expect(row(page, wanted)).to_be_visible()
    return page


def row(page, remote):
    return page.locator("tr.o_data_row", has_text=str(remote["id"]))


def test_each_of_the_seven_columns_is_searched(orders, wanted):
    cells = row(orders, wanted)
    texts = {
        "Third Party Name": "bigcomm",
        "Third Party Order No.": cells.locator("[name=third_party_order_no]").inner_text(),
        "Aggregator Order No.": str(wanted["id"]),
        "Transaction Time": f"{datetime.now(SHOP_ZONE):%Y-%m-%d}",
        "Customer": "rosalind",
        "Check Total": cells.locator("[name=check_total]").inner_text().strip("$\u00a0 "),
    }
    for column, text in texts.items():
        for name in (column, "Any Column"):
            search(orders, text, name)
            expect(orders.locator(".o_searchview_facet")).to_contain_text(text)
            expect(cells).to_be_visible()
            clear(orders)
    search(orders, "nobody ordered this")
    expect(orders.locator("tr.o_data_row:not(.o_sample_data_disabled *)")).to_have_count(0)
    expect(orders.locator(".o_nocontent_help")).to_contain_text("No order matches")
    orders.locator(".o_nocontent_help").get_by_role("button", name="Clear").click()
    expect(row(orders, wanted)).to_be_visible()


def test_the_list_opens_with_the_open_orders_and_the_board_with_all(page, demo, odoo, wanted):
    domain = [("aggregator_order_no", "=", str(wanted["id"]))]
    ids = odoo.call("octopus.order", "search", domain)
    odoo.call("octopus.order", "action_complete", ids)
    visit(page, demo, "online-orders")
    expect(facet(page, "Open Orders")).to_be_visible()
    expect(page.locator("tr.o_data_row").first).to_be_visible()
    expect(row(page, wanted)).to_have_count(0)

    page.locator(".o_switch_view.o_kanban").click()
    expect(page.locator(".o_kanban_record", has_text=str(wanted["id"]))).to_be_visible()
    expect(page.locator(".o_searchview_facet")).to_have_count(0)

    page.locator(".o_switch_view.o_list").click()
    expect(facet(page, "Open Orders")).to_be_visible()
    expect(row(page, wanted)).to_have_count(0)
    odoo.call("octopus.order", "action_reopen", ids)


def test_a_status_is_searched_by_its_word(orders, wanted):
    search(orders, "take act")
    expect(row(orders, wanted)).to_be_visible()
    clear(orders)
    orders.locator(".o_searchview_input").fill("cancel")
    orders.get_by_role("menuitem", name="Search Status for: cancel").click()
    orders.get_by_role("menuitem", name="Cancelled").click()
    expect(row(orders, wanted)).to_have_count(0)


@pytest.fixture
def no_default(odoo):
    """Takes away the filters that a test kept."""
    yield
    kept = odoo.call("ir.filters", "search", [("model_id", "=", "octopus.order")])
    odoo.call("ir.filters", "unlink", kept)


@pytest.mark.usefixtures("no_default")
def test_filters_combine_and_can_be_kept_as_default(log_in, wanted, demo):
    # Windows of their own: a browser keeps a list's filters for longer than the server, and
    # forgets them a moment after it has shown a new one.
    choosing = log_in()
    visit(choosing, demo, "online-orders")
    choosing.locator(".o_searchview_dropdown_toggler").click()
    # Beside the filter "Open Orders", with which the list opens.
    for name in ("BigCommerce", "Today"):
        choosing.get_by_role("menuitemcheckbox", name=name, exact=True).click()
    kept = choosing.locator(".o_favorite_menu")
    kept.locator(".o_add_favorite").click()
    kept.locator("input[type=text]").fill("BigCommerce today")
    kept.get_by_label("Default filter").check()
    kept.get_by_role("button", name="Save", exact=True).click()
    # Leaving before it is saved would take the saving back.
    expect(facet(choosing, "BigCommerce today")).to_be_visible()
    choosing.context.close()

    orders = log_in()
    visit(orders, demo, "online-orders")
    expect(facet(orders, "BigCommerce today")).to_be_visible()
    expect(row(orders, wanted)).to_be_visible()
    channels = orders.locator("tr.o_data_row td[name=channel_id]").all_inner_texts()
    assert set(channels) == {"BigCommerce"}
    orders.context.close()


def search(orders, text, column="Any Column"):
    """Type into the search box, and take its offer for a column."""
    orders.locator(".o_searchview_input").fill(text)
    offer = orders.get_by_role("menuitem", name=f"Search {column} for: {text}")
    offer.click()


def facet(page, text):
    return page.locator(".o_searchview_facet", has_text=text)


def clear(orders):
    """Take the search away again."""
    orders.locator(".o_facet_remove").click()
    expect(orders.locator(".o_searchview_facet")).to_have_count(0)
