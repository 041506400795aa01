"""Online orders at the Point of Sale, as cashiers use them: real Odoo, sandbox and browser."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from .point_of_sale import SHOP_ZONE, PointOfSale, find_article, place_order
from .waiting import wait_for

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def opened(log_in, demo, odoo):
    """Two open Points of Sale of the same store: a cashier's and the manager's."""
    configs = odoo.call("pos.config", "search", [], limit=2, order="id")
    points_of_sale = [
        PointOfSale(log_in(user), demo, config).open()
        for user, config in zip(("pos_login", "login"), configs, strict=True)
    ]
    yield points_of_sale
    for each in points_of_sale:
        each.close()


def at_register(pos):
    """Bring a Point of Sale back to its register, without an alert."""
    pos.show_orders()
    pos.search("")
    pos.leave_orders()
    expect(pos.alert).to_be_hidden()
    return pos


@pytest.fixture
def pos(opened):
    """The cashier's Point of Sale; the manager's may alert meanwhile."""
    return at_register(opened[0])


@pytest.fixture
def points_of_sale(opened):
    """Both of them."""
    return [at_register(each) for each in opened]


@pytest.fixture(scope="module")
def article(demo, odoo):
    """(SKU, product id) of an article with stock."""
    return find_article(demo, odoo)


@pytest.fixture
def place(demo, article):
    """Places an order with the sandbox."""
    return lambda **options: place_order(demo, article[0], **options)


def test_an_order_alerts_all_points_of_sale_until_somebody_looks(points_of_sale, place):
    pos = points_of_sale[0]
    remote = place(source="AMAZON", name="Grace Hopper")
    for each in points_of_sale:
        expect(each.alert).to_be_visible()
    pos.alert.get_by_role("button", name="Open").click()
    row = pos.row(remote)
    expect(row).to_contain_text("Amazon")
    expect(row).to_contain_text("Grace Hopper")
    expect(row).to_contain_text("Take Action")
    assert pos.rows.first.get_attribute("data-order") == str(remote["id"])
    for each in points_of_sale:
        expect(each.alert).to_be_hidden()


def test_an_order_appears_in_the_open_list_by_itself(pos, place):
    pos.show_orders()
    remote = place()
    expect(pos.row(remote)).to_be_visible()
    expect(pos.alert).to_be_hidden()


def test_a_new_order_is_highlighted_while_the_screen_rests(pos, place):
    """What moves for a minute is drawn sixty times a second, by tablets with a battery."""
    pos.show_orders()
    row = pos.row(place())
    expect(row).to_be_visible()
    moving = """document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().progress)
        .map((each) => each.animationName ?? each.transitionProperty)"""
    assert wait_for(lambda: pos.page.evaluate(moving), lambda names: not names, 20) == []
    assert row.evaluate("row => getComputedStyle(row).boxShadow") != "none"


def taps(page):
    """Return a function that counts the taps since now."""
    page.evaluate(
        """
        window.countTaps ??= window.addEventListener("click", () => window.taps++, true) || true;
        window.taps = 0;
        """
    )
    return lambda: page.evaluate("window.taps")


def test_ten_orders_are_completed_in_eleven_taps(pos, place, odoo):
    pos.show_orders("Open")
    pos.leave_orders()
    remotes = [place(name=f"Ada Byron{number}") for number in range(10)]
    numbers = [str(remote["id"]) for remote in remotes]
    mine = [("aggregator_order_no", "in", numbers)]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", mine) == 10)
    expect(pos.alert).to_contain_text("10 new online orders")
    count = taps(pos.page)
    pos.alert.get_by_role("button", name="Open").click()
    number = pos.detail.locator(".fs-3")
    for _remote in remotes:
        shown = number.inner_text()
        pos.page.wait_for_timeout(1000)  # a cashier looks, and does not tap twice
        pos.detail.get_by_role("button", name="Complete").click()
        expect(pos.page.locator(".online-order-detail .fs-3", has_text=shown)).to_be_hidden()
    expect(pos.page.locator(".o_notification", has_text="is completed")).to_be_visible()
    done = [*mine, ("status", "=", "completed")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", done) == 10)
    assert count() <= 11
    pos.page.get_by_role("button", name="Undo").click()
    left = [*mine, ("status", "=", "take_action")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", left) == 1)


def test_an_order_is_cancelled_in_three_taps(pos, place):
    remote = place()
    pos.show_orders()
    expect(pos.row(remote)).to_be_visible()
    count = taps(pos.page)
    pos.choose_status(pos.row(remote), "cancelled")
    pos.page.locator(".modal").get_by_role("button", name="Cancel Order").click()
    expect(pos.row(remote)).to_contain_text("Cancelled")
    assert count() <= 3


def test_on_a_phone_back_closes_the_order_and_not_the_list(pos, place):
    remote = place()
    pos.show_orders()
    pos.page.set_viewport_size({"width": 390, "height": 844})
    pos.row(remote).click()
    expect(pos.detail).to_be_visible()
    pos.page.go_back()
    expect(pos.detail).to_be_hidden()
    expect(pos.row(remote)).to_be_visible()
    pos.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_script_in_a_name_is_shown_as_text(pos, place):
    script = "<img/src/onerror=window.hacked=1>"
    remote = place(name=f"{script} Byron")
    pos.show_orders()
    expect(pos.row(remote)).to_contain_text(script)
    pos.row(remote).click()
    expect(pos.detail).to_contain_text(script)
    assert pos.page.evaluate("window.hacked") is None
    pos.page.keyboard.press("Escape")


def test_a_status_set_at_one_point_of_sale_shows_at_the_other(points_of_sale, place, odoo):
    pos = points_of_sale[0]
    remote = place()
    for each in points_of_sale:
        each.show_orders()
        expect(each.row(remote)).to_be_visible()
    badge = pos.button.locator(".badge")
    # The badge is asked for apart from the list: what it shows now may be of before the order.
    to_act = odoo.call("pos.config", "get_octopus_summary", [pos.config])["to_act"]
    expect(badge).to_have_text(str(to_act))
    pos.choose_status(pos.row(remote), "completed")
    expect(pos.row(remote)).to_contain_text("Completed")
    expect(badge).to_have_text(str(to_act - 1))
    expect(points_of_sale[1].row(remote)).to_contain_text("Completed")


def test_cancelling_asks_first_and_gives_the_stock_back(pos, odoo, place, article):
    def on_hand():
        return odoo.call("product.product", "read", [article[1]], ["qty_available"])[0][
            "qty_available"
        ]

    before = on_hand()
    remote = place(quantity=2)
    pos.show_orders()
    pos.row(remote).click()
    detail = pos.detail
    expect(detail).to_contain_text("Deducted")
    assert on_hand() == before - 2

    dialog = pos.page.locator(".modal")
    pos.choose_status(detail, "cancelled")
    expect(dialog).to_contain_text("2 ×")
    dialog.get_by_role("button", name="Keep Order").click()
    expect(pos.row(remote)).to_contain_text("Take Action")
    pos.choose_status(detail, "cancelled")
    dialog.get_by_role("button", name="Cancel Order").click()
    expect(pos.row(remote)).to_contain_text("Cancelled")
    assert wait_for(on_hand, lambda quantity: quantity == before) == before
    expect(pos.row(remote).locator("button")).to_have_count(0)


def test_search_finds_by_each_column_and_pages_hold_forty(pos, odoo, place):
    others = [place() for _count in range(41)]
    # Orders of the same second stand in the order of their arrival: first let these arrive.
    arrived = [("aggregator_order_no", "in", [str(order["id"]) for order in others])]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", arrived) == len(others))
    wanted = place(source="BIGCOMMERCE", name="Rosalind Franklin", quantity=7)
    pos.show_orders()
    expect(pos.row(wanted)).to_be_visible()
    expect(pos.rows).to_have_count(40)
    newest = pos.order_numbers()
    pos.page.get_by_role("button", name="Older orders").click()
    expect(pos.rows.first).not_to_have_attribute("data-order", newest[0])
    assert not set(pos.order_numbers()) & set(newest)
    pos.page.get_by_role("button", name="Newer orders").click()

    row = pos.row(wanted)
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
        pos.search(text)
        expect(row).to_be_visible()
        if text not in ("take act", today):
            expect(pos.row(others[-1])).to_have_count(0)
    pos.search("nobody ordered this")
    expect(pos.page.get_by_text("No online order matches")).to_be_visible()


def test_back_from_being_offline_nothing_is_missing(pos, place, witness):
    pos.show_orders()
    expect(pos.rows.first).to_be_visible()
    pos.page.context.set_offline(True)
    remote = place(name="Katherine Johnson")
    pos.page.get_by_role("button", name="Older orders").click()
    expect(pos.page.get_by_text("No connection")).to_be_visible()
    expect(pos.rows.first).to_be_visible()
    pos.page.context.set_offline(False)
    expect(pos.row(remote)).to_be_visible()
    expect(pos.page.get_by_text("No connection")).to_be_hidden()
    witness.forget()  # the browser's own words about the missing network


def test_the_way_of_the_manual_leads_to_the_list(pos):
    pos.page.get_by_role("button", name="Orders", exact=True).click()
    pos.page.get_by_role("button", name="Online Orders", exact=True).last.click()
    headers = pos.page.locator(".online-orders-screen th")
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


def test_the_keyboard_leads_through_the_rows(pos, place):
    older, newer = place(), place()
    pos.show_orders()
    for remote in (older, newer):
        expect(pos.row(remote)).to_be_visible()
    first, second = pos.order_numbers()[:2]
    pos.rows.first.focus()
    pos.page.keyboard.press("ArrowDown")
    pos.page.keyboard.press("Enter")
    expect(pos.detail).to_be_visible()
    expect(pos.page.locator(".online-order.table-active")).to_have_attribute("data-order", second)
    pos.page.keyboard.press("ArrowUp")
    pos.page.keyboard.press("Enter")
    expect(pos.page.locator(".online-order.table-active")).to_have_attribute("data-order", first)
    pos.page.keyboard.press("Escape")
    expect(pos.detail).to_be_hidden()


def test_everything_to_press_has_a_name(pos, place):
    pos.show_orders()
    pos.rows.first.click()
    expect(pos.detail).to_be_visible()
    nameless = pos.page.locator(".online-orders-screen").evaluate(
        """(screen) => [...screen.querySelectorAll("button, input, img")]
            .filter((each) => !(each.innerText?.trim() || each.ariaLabel || each.alt))
            .map((each) => each.outerHTML)"""
    )
    assert nameless == []
    pos.page.keyboard.press("Escape")


def test_the_volume_is_remembered_by_the_point_of_sale(pos, place):
    pos.show_orders()
    sound = pos.page.get_by_role("button", name="Sound")
    sound.click()
    pos.page.get_by_role("menuitem", name="Muted").click()
    expect(sound.locator(".fa-volume-off")).to_be_visible()
    pos.page.reload()
    expect(sound.locator(".fa-volume-off")).to_be_visible()
    sound.click()
    pos.page.get_by_role("menuitem", name="Loud").click()
    expect(sound.locator(".fa-volume-up")).to_be_visible()


def test_on_a_phone_orders_are_cards_and_nothing_is_cut_off(pos, place):
    remote = place(name="Maria-Magdalena Wilhelmina von Hohenstein-Schwarzenfels y Fernandez")
    pos.page.set_viewport_size({"width": 390, "height": 844})
    pos.button.click()
    row = pos.row(remote)
    expect(row).to_be_visible()
    expect(pos.page.locator(".online-orders-screen table")).to_have_count(0)
    row.click()
    expect(pos.detail).to_contain_text("von Hohenstein")
    width = pos.page.evaluate("document.scrollingElement.scrollWidth")
    pos.page.get_by_role("button", name="Close", exact=True).click()
    expect(row).to_be_visible()
    pos.page.set_viewport_size({"width": 1280, "height": 900})
    assert width <= 390
