"""Every screen of the back office has nothing that axe-core finds serious."""

from xml.etree import ElementTree

import pytest
import requests
from playwright.sync_api import expect

from devtools import paths

from .axe import findings
from .waiting import wait_for
from .web_client import visit

# Each screen with what is there when it is rendered.
SCREENS = {
    "octopus": ".o_octopus_overview",
    "online-orders": ".o_data_row",
    "online-orders?view_type=kanban": ".o_kanban_record:not(.o_kanban_ghost)",
    "online-pickups": ".o_view_controller",
    "octopus-products": ".o_data_row",
    "octopus-opening-catalog": ".o_view_controller",
    "octopus-sync-runs": ".o_data_row",
    "octopus-issues": ".o_view_controller",
    "octopus-stock": ".o_data_row",
    "octopus-stock-updates": ".o_data_row",
    "octopus-stock-differences": ".o_view_controller",
    "octopus-order-checks": ".o_view_controller",
    "octopus-channels": ".o_data_row",
    "octopus-mapped-products": ".o_view_controller",
    "online-orders-analysis": ".o_view_controller",
    "octopus-accounting": ".o_view_controller",
    "octopus-booking-days": ".o_view_controller",
    "octopus-clearing": ".o_view_controller",
    "octopus-sales": ".o_view_controller",
    "octopus-stores": ".o_data_row",
    "browse-integrations": ".o_octopus_marketplace",
}
# Pages of a record: the list, and the tabs to look at.
RECORDS = {
    "online-orders": ("lines", "history"),
    "octopus-stores": ("actions", "settings"),
    "octopus-sync-runs": (),
    "octopus-stock": (),
    "octopus-channels": (),
}
STATUS = ".o_data_row:has-text('Take Action') .o_octopus_order_status button"
STORE = ".o_data_row .o_data_cell"
# Dialogs: the screen, and the presses that lead to them.
DIALOGS = {
    "subscribe": ("browse-integrations", ".o_octopus_subscribe"),
    "preview": ("octopus-stores", STORE, "button[name=action_preview_catalog]"),
    "unsubscribe": ("octopus-stores", STORE, "button[name=action_open_unsubscribe]"),
    "import": ("online-orders", ".o_control_panel button:has-text('Import Orders')"),
    "check": ("octopus-order-checks", ".o_control_panel button:has-text('Check Orders')"),
    "cancel": ("online-orders", STATUS, ".o_octopus_order_status_menu [data-status=cancelled]"),
}


@pytest.fixture(scope="module")
def orders(demo, odoo):
    """Orders of several channels, one of them unpaid and oversold."""
    for profile in ("SHOPIFY", "AMAZON", "EBAY"):
        place(demo, {"profile": profile, "seed": 7})
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=30).json()
    sku = state["products"][0]["variants"][0]["sku"]
    line = {"sku": sku, "quantity": 999}
    body = {"source": "SHOPIFY", "financial_status": "pending", "lines": [line]}
    number = place(demo, body)["id"]
    wait_for(
        lambda: odoo.call(
            "octopus.order",
            "search_count",
            [("aggregator_order_no", "=", str(number)), ("stock_state", "!=", "waiting")],
        )
    )


def place(demo, body):
    answer = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


@pytest.mark.parametrize("path", SCREENS)
@pytest.mark.usefixtures("orders")
def test_a_screen_can_be_used_by_everybody(page, demo, path):
    visit(page, demo, path)
    expect(page.locator(SCREENS[path]).first).to_be_visible()
    assert findings(page, ".o_action_manager") == []


@pytest.mark.parametrize("path", RECORDS)
@pytest.mark.usefixtures("orders")
def test_the_page_of_a_record_can_be_used_by_everybody(page, demo, path):
    visit(page, demo, path)
    page.locator(".o_data_row .o_data_cell").first.click()
    expect(page.locator(".o_form_view .o_form_sheet")).to_be_visible()
    assert findings(page, ".o_action_manager") == []
    for tab in RECORDS[path]:
        page.locator(f".nav-link[name={tab}]").click()
        expect(page.locator(f".nav-link.active[name={tab}]")).to_be_visible()
        assert findings(page, ".o_action_manager") == []


@pytest.mark.parametrize("name", DIALOGS)
@pytest.mark.usefixtures("orders")
def test_a_dialog_can_be_used_by_everybody(page, demo, name):
    path, *presses = DIALOGS[name]
    visit(page, demo, path)
    for press in presses:
        page.locator(press).first.click()
    expect(page.locator(".modal-content .modal-footer button").first).to_be_visible()
    assert findings(page, ".modal-body") == []


def test_no_screen_is_left_out():
    fields = [
        field
        for path in paths.ADDON.rglob("*.xml")
        for field in ElementTree.parse(path).iter("field")
        if field.get("name") == "path"
    ]
    assert {field.text for field in fields} <= set(SCREENS)


def test_the_checker_finds_what_is_wrong(page, demo):
    visit(page, demo, "browse-integrations")
    expect(page.locator(".o_octopus_marketplace")).to_be_visible()
    page.evaluate(
        "document.querySelector('.o_octopus_marketplace').append(document.createElement('button'))"
    )
    assert [rule for rule, *_rest in findings(page, ".o_action_manager")] == ["button-name"]
