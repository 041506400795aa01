"""The till's screen of online orders, as cashiers use it: real Odoo, sandbox and browser."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from .till import SHOP_ZONE, Till, find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def tills(log_in, demo, odoo):
    """Two open tills of the same store: a cashier's and the manager's."""
    configs = odoo.call("pos.config", "search", [], limit=2, order="id")
    tills = [
        Till(log_in(user), demo, config).open()
        for user, config in zip(("pos_login", "login"), configs, strict=True)
    ]
    yield tills
    for each in tills:
        each.close()


@pytest.fixture
def till(tills):
    """The cashier's till, back at the register, with no news on any till."""
    for each in tills:
        each.show_orders()
        each.search("")
        each.leave_orders()
        expect(each.alert).to_be_hidden()
    return tills[0]


@pytest.fixture(scope="module")
def article(demo, odoo):
    """(SKU, product id) of an article with stock."""
    return find_article(demo, odoo)


@pytest.fixture
def place(demo, article):
    """Places an order with the sandbox."""
    return lambda **options: place_order(demo, article[0], **options)


def test_an_order_rings_on_all_tills_until_somebody_looks(tills, till, place):
    remote = place(source="AMAZON", name="Grace Hopper")
    for each in tills:
        expect(each.alert).to_be_visible()
    till.alert.get_by_role("button", name="Open").click()
    row = till.row(remote)
    expect(row).to_contain_text("Amazon")
    expect(row).to_contain_text("Grace Hopper")
    expect(row).to_contain_text("Take Action")
    assert till.rows.first.get_attribute("data-order") == str(remote["id"])
    for each in tills:
        expect(each.alert).to_be_hidden()


def test_an_order_appears_in_the_open_list_by_itself(till, place):
    till.show_orders()
    remote = place()
    expect(till.row(remote)).to_be_visible()
    expect(till.alert).to_be_hidden()


def taps(page):
    """Return a function that counts the taps since now."""
    page.evaluate(
        """
        window.countTaps ??= window.addEventListener("click", () => window.taps++, true) || true;
        window.taps = 0;
        """
    )
    return lambda: page.evaluate("window.taps")


def test_ten_orders_are_completed_in_eleven_taps(till, place, odoo):
    till.show_orders("Open")
    till.leave_orders()
    remotes = [place(name=f"Ada Byron{number}") for number in range(10)]
    numbers = [str(remote["id"]) for remote in remotes]
    mine = [("aggregator_order_no", "in", numbers)]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", mine) == 10)
    expect(till.alert).to_contain_text("10 new online orders")
    count = taps(till.page)
    till.alert.get_by_role("button", name="Open").click()
    number = till.detail.locator(".fs-3")
    for _remote in remotes:
        shown = number.inner_text()
        till.page.wait_for_timeout(1000)  # a cashier looks, and does not tap twice
        till.detail.get_by_role("button", name="Complete").click()
        expect(till.page.locator(".online-order-detail .fs-3", has_text=shown)).to_be_hidden()
    expect(till.page.locator(".o_notification", has_text="is completed")).to_be_visible()
    done = [*mine, ("status", "=", "completed")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", done) == 10)
    assert count() <= 11
    till.page.get_by_role("button", name="Undo").click()
    left = [*mine, ("status", "=", "take_action")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", left) == 1)


def test_an_order_is_cancelled_in_three_taps(till, place):
    remote = place()
    till.show_orders()
    expect(till.row(remote)).to_be_visible()
    count = taps(till.page)
    till.choose_status(till.row(remote), "cancelled")
    till.page.locator(".modal").get_by_role("button", name="Cancel Order").click()
    expect(till.row(remote)).to_contain_text("Cancelled")
    assert count() <= 3


def test_on_a_phone_back_closes_the_order_and_not_the_list(till, place):
    remote = place()
    till.show_orders()
    till.page.set_viewport_size({"width": 390, "height": 844})
    till.row(remote).click()
    expect(till.detail).to_be_visible()
    till.page.go_back()
    expect(till.detail).to_be_hidden()
    expect(till.row(remote)).to_be_visible()
    till.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_script_in_a_name_is_shown_as_text(till, place):
    script = "<img/src/onerror=window.hacked=1>"
    remote = place(name=f"{script} Byron")
    till.show_orders()
    expect(till.row(remote)).to_contain_text(script)
    till.row(remote).click()
    expect(till.detail).to_contain_text(script)
    assert till.page.evaluate("window.hacked") is None
    till.page.keyboard.press("Escape")


def test_a_status_set_on_one_till_shows_on_the_other(tills, till, place, odoo):
    remote = place()
    for each in tills:
        each.show_orders()
        expect(each.row(remote)).to_be_visible()
    badge = till.button.locator(".badge")
    # The badge is asked for apart from the list: what it shows now may be of before the order.
    to_act = odoo.call("pos.config", "get_octopus_summary", [till.config])["to_act"]
    expect(badge).to_have_text(str(to_act))
    till.choose_status(till.row(remote), "completed")
    expect(till.row(remote)).to_contain_text("Completed")
    expect(badge).to_have_text(str(to_act - 1))
    expect(tills[1].row(remote)).to_contain_text("Completed")


def test_cancelling_asks_first_and_gives_the_stock_back(till, odoo, place, article):
    def on_hand():
        return odoo.call("product.product", "read", [article[1]], ["qty_available"])[0][
            "qty_available"
        ]

    before = on_hand()
    remote = place(quantity=2)
    till.show_orders()
    till.row(remote).click()
    detail = till.detail
    expect(detail).to_contain_text("Deducted")
    assert on_hand() == before - 2

    dialog = till.page.locator(".modal")
    till.choose_status(detail, "cancelled")
    expect(dialog).to_contain_text("2 ×")
    dialog.get_by_role("button", name="Keep Order").click()
    expect(till.row(remote)).to_contain_text("Take Action")
    till.choose_status(detail, "cancelled")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(till.row(remote)).to_contain_text("Cancelled")
    assert wait_for(on_hand, lambda quantity: quantity == before) == before
    expect(till.row(remote).locator("button")).to_have_count(0)


def test_search_finds_by_each_column_and_pages_hold_forty(till, odoo, place):
    others = [place() for _count in range(41)]
    # Orders of the same second stand in the order of their arrival: first let these arrive.
    arrived = [("aggregator_order_no", "in", [str(order["id"]) for order in others])]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", arrived) == len(others))
    wanted = place(source="BIGCOMMERCE", name="Rosalind Franklin", quantity=7)
    till.show_orders()
    expect(till.row(wanted)).to_be_visible()
    expect(till.rows).to_have_count(40)
    newest = till.order_numbers()
    till.page.get_by_role("button", name="Older orders").click()
    expect(till.rows.first).not_to_have_attribute("data-order", newest[0])
    assert not set(till.order_numbers()) & set(newest)
    till.page.get_by_role("button", name="Newer orders").click()

    row = till.row(wanted)
    expect(row).to_be_visible()
    third_party_no, total = row.locator("td").nth(1).inner_text(), row.locator("td").nth(5)
    today = f"{datetime.now(SHOP_ZONE):%Y-%m-%d}"
    for text in (
        "bigcommerce",
        third_party_no,
        str(wanted["id"]),
        "rosalind frank",
        total.inner_text(),
        "take act",
        today,
    ):
        till.search(text)
        expect(row).to_be_visible()
        if text not in ("take act", today):
            expect(till.row(others[-1])).to_have_count(0)
    till.search("nobody ordered this")
    expect(till.page.get_by_text("No online order matches")).to_be_visible()


def test_back_from_being_offline_nothing_is_missing(till, place, witness):
    till.show_orders()
    expect(till.rows.first).to_be_visible()
    till.page.context.set_offline(True)
    remote = place(name="Katherine Johnson")
    till.page.get_by_role("button", name="Older orders").click()
    expect(till.page.get_by_text("No connection")).to_be_visible()
    expect(till.rows.first).to_be_visible()
    till.page.context.set_offline(False)
    expect(till.row(remote)).to_be_visible()
    expect(till.page.get_by_text("No connection")).to_be_hidden()
    witness.forget()  # the browser's own words about the missing network


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


def test_the_keyboard_leads_through_the_rows(till, place):
    older, newer = place(), place()
    till.show_orders()
    for remote in (older, newer):
        expect(till.row(remote)).to_be_visible()
    first, second = till.order_numbers()[:2]
    till.rows.first.focus()
    till.page.keyboard.press("ArrowDown")
    till.page.keyboard.press("Enter")
    expect(till.detail).to_be_visible()
    expect(till.page.locator(".online-order.table-active")).to_have_attribute("data-order", second)
    till.page.keyboard.press("ArrowUp")
    till.page.keyboard.press("Enter")
    expect(till.page.locator(".online-order.table-active")).to_have_attribute("data-order", first)
    till.page.keyboard.press("Escape")
    expect(till.detail).to_be_hidden()


def test_everything_to_press_has_a_name(till, place):
    till.show_orders()
    till.rows.first.click()
    expect(till.detail).to_be_visible()
    nameless = till.page.locator(".online-orders-screen").evaluate(
        """(screen) => [...screen.querySelectorAll("button, input, img")]
            .filter((each) => !(each.innerText?.trim() || each.ariaLabel || each.alt))
            .map((each) => each.outerHTML)"""
    )
    assert nameless == []
    till.page.keyboard.press("Escape")


def test_how_loud_it_rings_is_remembered_by_the_till(till, place):
    till.show_orders()
    sound = till.page.get_by_role("button", name="Sound")
    sound.click()
    till.page.get_by_role("menuitem", name="Muted").click()
    expect(sound.locator(".fa-volume-off")).to_be_visible()
    till.page.reload()
    expect(sound.locator(".fa-volume-off")).to_be_visible()
    sound.click()
    till.page.get_by_role("menuitem", name="Loud").click()
    expect(sound.locator(".fa-volume-up")).to_be_visible()


def test_on_a_phone_orders_are_cards_and_nothing_is_cut_off(till, place):
    remote = place(name="Maria-Magdalena Wilhelmina von Hohenstein-Schwarzenfels y Fernandez")
    till.page.set_viewport_size({"width": 390, "height": 844})
    till.button.click()
    row = till.row(remote)
    expect(row).to_be_visible()
    expect(till.page.locator(".online-orders-screen table")).to_have_count(0)
    row.click()
    expect(till.detail).to_contain_text("von Hohenstein")
    width = till.page.evaluate("document.scrollingElement.scrollWidth")
    till.page.get_by_role("button", name="Close", exact=True).click()
    expect(row).to_be_visible()
    till.page.set_viewport_size({"width": 1280, "height": 900})
    assert width <= 390
