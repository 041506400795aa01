"""The settings page, its buttons and the order list, as a manager sees them in a browser."""

import re

import pytest
import requests
from playwright.sync_api import expect

from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")
COLUMNS = [
    "Third Party Name",
    "Third Party Order No.",
    "Aggregator Order No.",
    "Transaction Time",
    "Customer",
    "Check Total",
    "Status",
]


@pytest.fixture
def settings(demo, page):
    """The settings page of the connected store."""
    visit(page, demo, "octopus-stores")
    page.get_by_role("cell", name="Demo store").click()
    expect(page.get_by_role("tab", name="Actions")).to_be_visible()
    return page


def test_a_sync_button_makes_a_run_and_shows_its_result(settings):
    settings.get_by_role("tab", name="Actions").click()
    settings.get_by_role("button", name="Sync Categories").click()
    started = settings.locator(".o_notification", has_text="the sync has started")
    expect(started).to_be_visible()  # the result comes beside it
    card = settings.locator(".card", has=settings.get_by_role("button", name="Sync Categories"))
    expect(card).to_contain_text(re.compile("Done|Up to date", re.I))


def test_save_and_test_says_that_the_store_is_connected(settings):
    settings.get_by_role("tab", name="Settings").click()
    expect(settings.get_by_label("Merchant Name")).to_have_value("demo")
    expect(settings.get_by_label("Access ID")).to_have_attribute("type", "password")
    settings.get_by_role("button", name="Save & Test").click()
    expect(settings.locator(".o_notification").last).to_contain_text("Connected to")


def test_an_order_stands_on_top_of_the_list_and_is_completed_there(demo, odoo, page):
    visit(page, demo, "online-orders")
    headers = page.locator(".o_list_view thead th[data-name]")
    expect(headers.first).to_be_visible()
    assert [name for name in headers.all_inner_texts() if name.strip()][:7] == COLUMNS

    sku = _any_sku(demo)
    body = {
        "source": "AMAZON",
        "lines": [{"sku": sku, "quantity": 1}],
        "customer": {"first_name": "Grace", "last_name": "Hopper"},
    }
    remote = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30).json()
    first = page.locator(".o_list_view tbody tr.o_data_row").first
    expect(first).to_contain_text(str(remote["id"]))
    expect(first).to_contain_text("Grace Hopper")
    expect(first).to_contain_text("Take Action")


def _any_sku(demo):
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=30).json()
    return state["products"][0]["variants"][0]["sku"]
