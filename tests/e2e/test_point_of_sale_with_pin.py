"""Online orders at a Point of Sale that is locked with a PIN, or whose user is logged out."""

import pytest
from playwright.sync_api import expect

from devtools.screenshots import scene

from .point_of_sale import PointOfSale, find_article, place_order

pytestmark = pytest.mark.usefixtures("spotless")
PIN = "4711"


@pytest.fixture(scope="module")
def config(odoo):
    """The id of a Point of Sale at which employees log in with a PIN."""
    return scene.open_locked(odoo, PIN)


@pytest.fixture(scope="module")
def pos(log_in, demo, config):
    """The Point of Sale, opened at the address of the online orders."""
    pos = PointOfSale(log_in("pos_login"), demo, config)
    yield pos
    pos.close()


@pytest.fixture
def place(demo, odoo):
    """Places an order with the sandbox."""
    sku, _product = find_article(demo, odoo)
    return lambda **options: place_order(demo, sku, **options)


def enter_pin(pos, button):
    pos.page.get_by_role("button", name=button).click()
    pos.page.get_by_placeholder("Enter your PIN").press_sequentially(PIN)
    pos.page.keyboard.press("Enter")


def expect_locked(pos):
    """See that a screen guards, and that the alert leads nowhere and tells of nobody."""
    expect(pos.page.locator(".login-overlay")).to_be_visible()
    expect(pos.alert).to_be_visible()
    expect(pos.alert.get_by_role("button", name="Open")).to_have_count(0)
    expect(pos.alert).not_to_contain_text("Hypatia")
    expect(pos.button).to_have_count(0)
    expect(pos.page.locator(".online-orders-screen")).to_have_count(0)


def test_before_the_register_is_open_nothing_leads_to_the_orders(pos, place):
    # The assets of the Point of Sale are made anew.
    pos.page.goto(f"{pos.url}/online-orders", timeout=180_000)
    expect(pos.page.locator(".login-overlay")).to_be_visible(timeout=120_000)
    remote = place(name="Hypatia Alexandria")
    expect_locked(pos)

    enter_pin(pos, "Open Register")
    opening = pos.page.locator(".modal").get_by_role("button", name="Open Register")
    expect(opening).to_be_visible()
    expect(pos.alert.get_by_role("button", name="Open")).to_have_count(0)
    expect(pos.page.locator(".online-orders-screen")).to_have_count(0)
    opening.click()
    # It was opened at the address of the list, and goes there now.
    expect(pos.row(remote)).to_be_visible()
    expect(pos.alert).to_be_hidden()


def test_a_locked_register_is_passed_by_its_pin_only(pos, place):
    pos.page.get_by_title("Lock").click()
    expect(pos.page.locator(".login-overlay")).to_be_visible()
    remote = place(name="Hypatia Alexandria")
    expect_locked(pos)
    # The list is where the browser was before.
    pos.page.go_back()
    expect_locked(pos)
    # As after two minutes without a touch, and at the next one.
    pos.page.evaluate("posmodel.navigate('SaverScreen')")
    expect(pos.page.locator(".open-register-btn")).to_have_count(0)
    expect_locked(pos)
    pos.page.evaluate("posmodel.navigateToFirstPage()")

    enter_pin(pos, "Unlock Register")
    pos.alert.get_by_role("button", name="Open").click()
    expect(pos.row(remote)).to_be_visible()


def test_a_session_that_expired_is_one_bar_until_the_login(pos, place, witness):
    pos.leave_orders()
    cookies = pos.page.context.cookies()
    pos.page.context.clear_cookies()
    bars = pos.page.locator(".o_notification")
    for _poll in range(3):
        with pos.page.expect_response("**/get_octopus_summary"):
            pos.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(bars).to_have_count(1)
    expect(bars).to_contain_text("You are logged out. Online orders do not arrive.")
    expect(pos.page.locator(".modal")).to_have_count(0)

    # Logged in again in another tab: the next question finds it out.
    pos.page.context.add_cookies(cookies)
    remote = place()
    pos.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(bars).to_have_count(1)
    expect(bars).to_contain_text("New online order")
    pos.alert.get_by_role("button", name="Open").click()
    expect(pos.row(remote)).to_be_visible()
    witness.forget()


def test_the_bar_leads_to_the_login_and_back(pos, demo, witness):
    pos.page.context.clear_cookies()
    pos.page.evaluate("window.dispatchEvent(new Event('online'))")
    pos.page.get_by_role("button", name="Log In").click()
    pos.page.fill("input[name=login]", demo["pos_login"])
    pos.page.fill("input[name=password]", demo["pos_password"])
    pos.page.click("button[type=submit]")
    expect(pos.rows.first).to_be_visible()
    witness.forget()
