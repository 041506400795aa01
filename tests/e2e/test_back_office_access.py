"""The back office for those who use the keyboard only, or have the screen read to them."""

import re

import pytest
from playwright.sync_api import expect

from .orders_list import open_all_orders
from .point_of_sale import find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")

# Odoo's own that have no name.
NOT_OURS = (
    ".o_optional_columns_dropdown, .o_field_boolean, .o-mail-ChatterContainer, .o-mail-Chatter"
)
NAMELESS = """(view, notOurs) => [...view.querySelectorAll("button, input, img, [role=img]")]
    .filter((each) => each.checkVisibility() && !each.closest(notOurs))
    .filter((each) => !(each.innerText?.trim() || each.ariaLabel || each.alt || each.title ||
        each.placeholder || each.labels?.length ||
        each.querySelector("[aria-label], [title], [alt]")))
    .map((each) => each.outerHTML)"""


@pytest.fixture
def orders(demo, page):
    """The list of online orders, as a manager opens it."""
    open_all_orders(page, demo)
    return page


def row(page, number):
    return page.locator("tr.o_data_row", has_text=number)


def nameless(page):
    return page.locator(".o_content").evaluate(NAMELESS, NOT_OURS)


def test_everything_to_press_has_a_name(orders, demo):
    # A line that needs a product has the most to press.
    number = str(place_order(demo, "NOBODY-KNOWS-4", title="Brass Bell", price=5)["id"])
    expect(row(orders, number)).to_be_visible()
    assert nameless(orders) == []

    orders.locator(".o_switch_view.o_kanban").click()
    card = orders.locator(".o_kanban_record", has_text=number)
    expect(card).to_be_visible()
    assert nameless(orders) == []

    card.click()
    expect(orders.locator(".o_form_view [name=line_ids] .o_data_row")).to_be_visible()
    assert nameless(orders) == []
    orders.get_by_role("tab", name="Stock & History").click()
    assert nameless(orders) == []


def test_the_status_is_chosen_with_the_keyboard_only(orders, demo, odoo):
    sku, _product = find_article(demo, odoo)
    number = str(place_order(demo, sku)["id"])
    badge = row(orders, number).locator(".o_octopus_order_status button")
    expect(badge).to_be_visible()
    orders.locator(".o_searchview_input").focus()
    press = orders.keyboard.press
    # Past the head of the list to its first row, then along its seven columns.
    for key in ("ArrowDown", "ArrowDown", *["ArrowRight"] * 7):
        press(key)
    expect(badge).to_be_focused()
    press("Enter")
    menu = orders.locator(".o_octopus_order_status_menu")
    expect(menu).to_be_visible()
    press("Escape")
    expect(menu).to_be_hidden()
    expect(badge).to_be_focused()

    press("Enter")
    expect(menu).to_be_visible()
    for _status in ("cancelled", "completed"):  # from the end
        press("ArrowUp")
    expect(menu.locator("[data-status=completed]")).to_have_class(re.compile(r"\bfocus\b"))
    press("Enter")
    expect(row(orders, number)).to_contain_text("Completed")
    completed = [("aggregator_order_no", "=", number), ("status", "=", "completed")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", completed))
