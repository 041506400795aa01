"""Online orders at a Point of Sale that is locked with a PIN, or whose user is logged out."""

import pytest
from playwright.sync_api import expect

from devtools.screenshots import scene

from .till import Till, find_article, place_order

pytestmark = pytest.mark.usefixtures("spotless")
PIN = "4711"


@pytest.fixture(scope="module")
def config(odoo):
    """The id of a Point of Sale at which employees log in with a PIN."""
    return scene.open_locked(odoo, PIN)


@pytest.fixture(scope="module")
def till(log_in, demo, config):
    """The Point of Sale, opened at the address of the online orders."""
    till = Till(log_in("pos_login"), demo, config)
    yield till
    till.close()


@pytest.fixture
def place(demo, odoo):
    """Places an order with the sandbox."""
    sku, _product = find_article(demo, odoo)
    return lambda **options: place_order(demo, sku, **options)


def enter_pin(till, button):
    till.page.get_by_role("button", name=button).click()
    till.page.get_by_placeholder("Enter your PIN").press_sequentially(PIN)
    till.page.keyboard.press("Enter")


def expect_locked(till):
    """See that a screen guards, and that the alert leads nowhere and tells of nobody."""
    expect(till.page.locator(".login-overlay")).to_be_visible()
    expect(till.alert).to_be_visible()
    expect(till.alert.get_by_role("button", name="Open")).to_have_count(0)
    expect(till.alert).not_to_contain_text("Hypatia")
    expect(till.button).to_have_count(0)
    expect(till.page.locator(".online-orders-screen")).to_have_count(0)


def test_before_the_register_is_open_nothing_leads_to_the_orders(till, place):
    # The assets of the Point of Sale are made anew.
    till.page.goto(f"{till.url}/online-orders", timeout=180_000)
    expect(till.page.locator(".login-overlay")).to_be_visible(timeout=120_000)
    remote = place(name="Hypatia Alexandria")
    expect_locked(till)

    enter_pin(till, "Open Register")
    opening = till.page.locator(".modal").get_by_role("button", name="Open Register")
    expect(opening).to_be_visible()
    expect(till.alert.get_by_role("button", name="Open")).to_have_count(0)
    expect(till.page.locator(".online-orders-screen")).to_have_count(0)
    opening.click()
    # It was opened at the address of the list, and goes there now.
    expect(till.row(remote)).to_be_visible()
    expect(till.alert).to_be_hidden()


def test_a_locked_register_is_passed_by_its_pin_only(till, place):
    till.page.get_by_title("Lock").click()
    expect(till.page.locator(".login-overlay")).to_be_visible()
    remote = place(name="Hypatia Alexandria")
    expect_locked(till)
    # The list is where the browser was before.
    till.page.go_back()
    expect_locked(till)
    # As after two minutes without a touch, and at the next one.
    till.page.evaluate("posmodel.navigate('SaverScreen')")
    expect(till.page.locator(".open-register-btn")).to_have_count(0)
    expect_locked(till)
    till.page.evaluate("posmodel.navigateToFirstPage()")

    enter_pin(till, "Unlock Register")
    till.alert.get_by_role("button", name="Open").click()
    expect(till.row(remote)).to_be_visible()


def test_a_session_that_expired_is_one_bar_until_the_login(till, place, witness):
    till.leave_orders()
    cookies = till.page.context.cookies()
    till.page.context.clear_cookies()
    bars = till.page.locator(".o_notification")
    for _poll in range(3):
        with till.page.expect_response("**/get_octopus_summary"):
            till.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(bars).to_have_count(1)
    expect(bars).to_contain_text("You are logged out. Online orders do not arrive.")
    expect(till.page.locator(".modal")).to_have_count(0)

    # Logged in again in another tab: the next question finds it out.
    till.page.context.add_cookies(cookies)
    remote = place()
    till.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(bars).to_have_count(1)
    expect(bars).to_contain_text("New online order")
    till.alert.get_by_role("button", name="Open").click()
    expect(till.row(remote)).to_be_visible()
    witness.forget()


def test_the_bar_leads_to_the_login_and_back(till, demo, witness):
    till.page.context.clear_cookies()
    till.page.evaluate("window.dispatchEvent(new Event('online'))")
    till.page.get_by_role("button", name="Log In").click()
    till.page.fill("input[name=login]", demo["pos_login"])
    till.page.fill("input[name=password]", demo["pos_password"])
    till.page.click("button[type=submit]")
    expect(till.rows.first).to_be_visible()
    witness.forget()
