"""Online Orders in the back office: live lists, status by list and board, search, printing."""

import re
import time

import pytest
import requests
from playwright.sync_api import expect

SOON = 20_000  # milliseconds, for what has to happen by itself on a busy machine


@pytest.fixture(scope="module")
def sku(odoo, demo):
    """An article that Octopus sells and that has stock."""
    [variant] = odoo.call(
        "octopus.variant",
        "search_read",
        [("state", "=", "synced"), ("product_id.qty_available", ">", 4)],
        ["octopus_ref"],
        limit=1,
        order="id desc",
    )
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=30).json()
    [sku] = [
        each["sku"]
        for product in state["products"]
        for each in product["variants"]
        if str(each["id"]) == variant["octopus_ref"]
    ]
    return sku


@pytest.fixture
def place(demo, sku):
    """Places an order of two pieces with the sandbox; answers its Aggregator Order No."""

    def place(name="Ada Byron", source="SHOPIFY"):
        first, last = name.split(" ", 1)
        body = {
            "source": source,
            "customer": {"first_name": first, "last_name": last},
            "lines": [{"sku": sku, "quantity": 2}],
        }
        answer = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["id"])

    return place


@pytest.fixture
def orders(demo, page):
    """The list of online orders, as a manager opens it."""
    page.goto(f"{demo['odoo']}/odoo/online-orders")
    expect(page.locator(".o_list_view")).to_be_visible()
    return page


def order_becomes(odoo, number, **expected):
    """Tell whether the order gets these values: the page shows a choice before it is saved."""
    domain = [("aggregator_order_no", "=", number)]
    deadline = time.monotonic() + 10
    while True:
        [found] = odoo.call("octopus.order", "search_read", domain, list(expected))
        if expected.items() <= found.items():
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def row(page, number):
    return page.locator("tr.o_data_row", has_text=number)


def card(page, number):
    return page.locator(".o_kanban_record", has_text=number)


def column(page, title):
    return page.locator(".o_kanban_group", has_text=title)


def drag(page, number, title):
    """Drag a card onto a column as a hand does: Odoo ignores a jump."""
    card(page, number).hover()
    page.mouse.down()
    box = column(page, title).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 120
    page.mouse.move(x, y - 20, steps=10)
    page.mouse.move(x, y, steps=5)
    page.mouse.up()


def test_the_list_shows_an_order_that_arrives_while_one_looks(orders, place):
    number = place(name="Grace Hopper", source="AMAZON")
    expect(row(orders, number)).to_be_visible(timeout=SOON)
    expect(row(orders, number)).to_contain_text("Grace Hopper")


def test_without_a_websocket_the_list_asks_by_itself(log_in, demo, place):
    page = log_in(service_workers="block")
    page.route_web_socket("**/websocket*", lambda socket: socket.close())
    page.goto(f"{demo['odoo']}/odoo/online-orders")
    expect(page.locator(".o_list_view")).to_be_visible()
    number = place()
    expect(row(page, number)).to_be_visible(timeout=SOON)
    page.context.close()


def test_the_status_is_set_in_the_list(orders, odoo, place):
    number = place()
    row(orders, number).locator(".o_octopus_order_status button").click(timeout=SOON)
    orders.locator(".o_octopus_order_status_menu [data-status=completed]").click()
    expect(row(orders, number)).to_contain_text("Completed")
    assert order_becomes(odoo, number, status="completed")
    expect(orders).to_have_url(re.compile("/online-orders$"))  # the row was not opened


def test_cancelling_in_the_list_asks_and_gives_the_stock_back(orders, odoo, place):
    number = place()
    expect(row(orders, number)).to_be_visible(timeout=SOON)
    assert order_becomes(odoo, number, stock_state="deducted")
    row(orders, number).locator(".o_octopus_order_status button").click()
    orders.locator(".o_octopus_order_status_menu [data-status=cancelled]").click()
    dialog = orders.locator(".modal")
    expect(dialog).to_contain_text("go back on the stock")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(row(orders, number)).to_contain_text("Cancelled")
    assert order_becomes(odoo, number, status="cancelled", stock_state="restored")
    expect(row(orders, number).locator(".o_octopus_order_status")).to_have_count(0)


def test_a_card_is_dragged_to_completed_and_a_cancelled_one_stays(orders, odoo, place):
    done, cancelled = place(name="Mary Shelley"), place(name="Jane Austen")
    expect(row(orders, cancelled)).to_be_visible(timeout=SOON)
    orders.locator(".o_switch_view.o_kanban").click()
    drag(orders, done, "Completed")
    expect(column(orders, "Completed").get_by_text(done)).to_be_visible()
    assert order_becomes(odoo, done, status="completed")

    drag(orders, cancelled, "Cancelled")
    dialog = orders.locator(".modal")
    dialog.get_by_role("button", name="Keep Order").click()
    assert order_becomes(odoo, cancelled, status="take_action")
    drag(orders, cancelled, "Cancelled")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(column(orders, "Cancelled").get_by_text(cancelled)).to_be_visible()
    refusal = orders.locator(".o_notification", has_text="stays cancelled")
    for _attempt in range(3):  # news of the change before may redraw the board under the hand
        drag(orders, cancelled, "Completed")
        orders.wait_for_timeout(1000)
        if refusal.count():
            break
    expect(refusal.first).to_be_visible()
    assert order_becomes(odoo, cancelled, status="cancelled")


def test_the_search_box_finds_in_any_column(orders, place):
    number = place(name="Rosalind Franklin", source="BIGCOMMERCE")
    expect(row(orders, number)).to_be_visible(timeout=SOON)
    for text in ("rosalind", number, "bigcomm"):
        search(orders, text)
        expect(orders.locator(".o_searchview_facet")).to_contain_text(text)
        expect(row(orders, number)).to_be_visible()
        orders.locator(".o_facet_remove").click()
        expect(orders.locator(".o_searchview_facet")).to_have_count(0)
    search(orders, "nobody ordered this")
    expect(row(orders, number)).to_have_count(0)


def search(orders, text):
    """Type into the search box, and take its first offer once it is there."""
    box = orders.locator(".o_searchview_input")
    box.fill(text)
    expect(orders.get_by_role("menuitem", name=f"Search Any Column for: {text}")).to_be_visible()
    box.press("Enter")


def test_the_form_completes_and_reopens_an_order(orders, odoo, place):
    number = place()
    row(orders, number).locator("td[name=customer_name]").click(timeout=SOON)
    form = orders.locator(".o_form_view")
    expect(form.locator("[name=line_ids]")).to_contain_text("2.00")
    form.get_by_role("button", name="Complete", exact=True).click()
    expect(form.get_by_role("button", name="Reopen")).to_be_visible()
    assert order_becomes(odoo, number, status="completed")
    form.get_by_role("button", name="Reopen").click()
    expect(form.get_by_role("button", name="Complete", exact=True)).to_be_visible()
