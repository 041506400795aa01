"""From nothing booked to the first posted day, as an accountant who is no manager of Octopus."""

from datetime import datetime, timedelta, timezone

import pytest
import requests
from playwright.sync_api import expect

from .axe import findings
from .point_of_sale import SHOP_ZONE, find_article
from .waiting import wait_for
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")

CHANNEL = "BOOKSHOP"
SCREEN, DIALOG = ".o_action_manager", ".modal-content .o_form_view"
GROUPS = ("base.group_user", "account.group_account_manager")


@pytest.fixture(scope="module")
def accountant(demo, odoo):
    """The key of an accountant in `demo`, for `log_in`."""
    refs = dict.fromkeys(GROUPS)
    for ref in refs:
        module, name = ref.split(".")
        [found] = odoo.call(
            "ir.model.data", "search_read", [("module", "=", module), ("name", "=", name)]
        )
        refs[ref] = found["res_id"]
    values = {"name": "Luca Pacioli", "login": "luca", "password": "summa-1494"}
    odoo.call("res.users", "create", {**values, "group_ids": [(6, 0, list(refs.values()))]})
    demo |= {"accountant_login": values["login"], "accountant_password": values["password"]}
    return "accountant_login"


@pytest.fixture(scope="module")
def day():
    """A day of the shop that is over."""
    return datetime.now(SHOP_ZONE).date() - timedelta(days=2)


def order_on(demo, odoo, day, price):
    """Order in the sandbox at noon of a day, without a webhook, and have the order imported."""
    sku, _product = find_article(demo, odoo)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=SHOP_ZONE)
    body = {
        "source": CHANNEL,
        "customer": {"first_name": "Ada", "last_name": "Byron"},
        "lines": [{"sku": sku, "quantity": 1, "price": price}],
        "created_at": noon.astimezone(timezone.utc).isoformat(),
    }
    answer = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30)
    answer.raise_for_status()
    number = str(answer.json()["id"])
    known = [("aggregator_order_no", "=", number)]
    wait_for(lambda: odoo.call("octopus.order", "search_count", known))
    return number


def days_of(odoo, day):
    return odoo.call(
        "octopus.booking.day",
        "search_read",
        [("channel_id.source", "=", CHANNEL), ("day", "=", day.isoformat())],
        ["state", "total", "total_open", "move_count"],
    )


def fill_day(field, day):
    """Fill in a date: a field that has the focus is an input, otherwise a button."""
    field.locator("button, input").first.click()
    field.locator("input").fill(day.strftime("%m/%d/%Y"))
    field.locator("input").press("Tab")


def test_an_accountant_books_the_first_day(log_in, demo, odoo, accountant, day):
    for price in (100, 20.5):
        order_on(demo, odoo, day, price)
    page = log_in(accountant)
    visit(page, demo, "action-linga_octopus.octopus_booking_set_up_action")
    page.locator(".o_data_row", has_text="Bookshop").locator("[name=channel_id]").click()

    # Nothing is booked as long as anything is missing.
    expect(page.locator(".alert-warning")).to_contain_text("Clearing Account")
    expect(page.get_by_role("button", name="Confirm and Start Booking")).to_be_hidden()
    assert findings(page, SCREEN) == []
    page.get_by_role("button", name="Create What Is Missing", exact=True).click()
    page.locator(".modal-footer").get_by_role("button", name="Create", exact=True).click()
    expect(page.locator(".alert-warning")).to_be_hidden()
    expect(page.locator("[name=clearing_account_id] input")).to_have_value(
        "Online Clearing Bookshop"
    )
    fill_day(page.locator("[name=start_day]"), day)

    # What the day would book.
    page.get_by_role("button", name="Preview", exact=True).click()
    preview = page.locator(".modal")
    fill_day(preview.locator("[name=day]"), day)
    preview.get_by_role("button", name="Show", exact=True).click()
    rows = preview.locator(".o_data_row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("120.50")
    assert findings(page, DIALOG) == []
    assert days_of(odoo, day) == []
    preview.get_by_role("button", name="Close", exact=True).last.click()
    expect(preview).to_have_count(0)

    page.get_by_role("button", name="Confirm and Start Booking", exact=True).click()
    page.locator(".modal-footer").get_by_role("button", name="Start Booking", exact=True).click()
    expect(page.locator("[name=state] [aria-checked=true]")).to_contain_text("Confirmed")
    assert wait_for(lambda: days_of(odoo, day))

    # The day waits for its order check; the accountant need not.
    visit(page, demo, "octopus-booking-days")
    page.locator(".o_data_row", has_text="Bookshop").locator("[name=channel_id]").click()
    expect(page.get_by_role("button", name="Check Orders", exact=True)).to_be_visible()
    assert findings(page, SCREEN) == []
    page.get_by_role("button", name="Book Now", exact=True).click()
    expect(page.locator("[name=state] [aria-checked=true]")).to_contain_text("Booked")
    page.locator("[name=action_view_entries]").click()
    expect(page.locator("[name=state] [aria-checked=true]")).to_contain_text("Posted")
    [booked] = days_of(odoo, day)
    assert (booked["total"], booked["total_open"], booked["move_count"]) == (120.5, 0, 1)

    # And from the entry to its orders.
    page.locator("[name=action_view_octopus_orders]").click()
    expect(page.locator(".o_data_row")).to_have_count(2)
    page.locator(".o_data_row [name=customer_name]").first.click()
    expect(page.get_by_role("button", name="Create Invoice", exact=True)).to_be_visible()
    assert findings(page, SCREEN) == []

    # What the channel owes, and what was sold.
    visit(page, demo, "octopus-clearing")
    page.locator(".o_group_header", has_text="Bookshop").click()
    expect(page.locator(".o_data_row")).to_contain_text("120.50")
    assert findings(page, SCREEN) == []
    page.get_by_role("button", name="Match a Payout", exact=True).click()
    expect(page.locator(DIALOG)).to_be_visible()
    assert findings(page, DIALOG) == []
    visit(page, demo, "octopus-sales")
    expect(page.locator("div.o_pivot")).to_contain_text("Bookshop")
    page.context.close()
