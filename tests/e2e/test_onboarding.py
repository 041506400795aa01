"""From Browse and Subscribe to the settings page, as a manager clicks it."""

import pytest
from playwright.sync_api import expect

from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture
def store(odoo):
    """The name of a store to subscribe; what became of it is put away afterwards."""
    name = "Second Street"
    yield name
    accounts = odoo.call("octopus.account", "search", [("name", "=", name)])
    odoo.call("octopus.account", "action_unsubscribe", accounts)
    odoo.call("octopus.account", "write", accounts, {"active": False})


def test_a_store_subscribes_and_is_led_to_its_next_step(page, demo, odoo, store):
    visit(page, demo, "browse-integrations")
    page.locator(".o_octopus_subscribe").click()
    dialog = page.locator(".modal")
    dialog.get_by_label("Store").fill(store)
    expect(dialog.get_by_role("button", name="Confirm")).to_be_disabled()
    dialog.get_by_label("I agree to these terms").check()
    dialog.get_by_role("button", name="Confirm").click()

    checklist = page.locator(".o_octopus_checklist")
    expect(checklist.locator("[data-name=connection]")).to_have_attribute("data-state", "todo")
    assert odoo.call("octopus.account", "search_count", [("name", "=", store)]) == 1

    step = page.locator(".o_octopus_step:visible")
    expect(step.locator("[name=merchant_name] input")).to_be_focused()
    step.get_by_role("button", name="Save & Test").click()
    expect(step.locator(".alert-danger")).to_contain_text("Merchant Name")
    expect(step.locator(".o_field_invalid[name=access_id]")).to_be_visible()

    # Folded, it stays folded.
    checklist.locator(".card-header").click()
    expect(step).to_have_count(0)
    page.reload()
    expect(checklist.locator(".card-header")).to_have_attribute("aria-expanded", "false")
    expect(step).to_have_count(0)


def test_the_overview_leads_to_the_orders(page, demo, odoo):
    [account] = odoo.call("octopus.account", "search", [("merchant_name", "=", demo["merchant"])])
    visit(page, demo, "octopus")
    card = page.locator(".o_kanban_record", has=page.locator(".o_octopus_overview")).first

    card.locator("[name=action_open_orders_to_act]").click()

    expect(page.locator(".o_breadcrumb")).to_contain_text("Online Orders")
    waiting = [("account_id", "=", account), ("status", "=", "take_action")]
    count = odoo.call("octopus.order", "search_count", waiting)
    expect(page.locator(".o_data_row")).to_have_count(min(count, 80))
