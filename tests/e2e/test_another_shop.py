"""A store that becomes another shop of Octopus: the question when it is saved, and the answers."""

import re

import pytest
from playwright.sync_api import expect

from devtools.servers import demo_connect, ports
from devtools.servers.sandbox_server import ACCESS_ID, MERCHANT, Sandbox
from devtools.steps import Step

from .waiting import wait_for
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture
def store(shop, odoo):
    """A second store with an Octopus of its own, to which it has sent its categories."""
    octopus = Sandbox(f"{shop.odoo.db}_another_shop", ports.pick())
    octopus.forget()
    account = None
    try:
        octopus.start("http://127.0.0.1:9/nobody")
        octopus.wait()
        values = {"name": "Harbor Street", "merchant_name": MERCHANT, "access_id": ACCESS_ID}
        account = odoo.call("octopus.account", "create", {**values, "base_url": octopus.api_url})
        for action in ("subscribe", "test_connection", "sync_categories"):
            odoo.call("octopus.account", f"action_{action}", [account])
        demo_connect.wait_for_run(odoo, account, "categories", Step("Categories"))
        yield account
    finally:
        if account:
            odoo.call("octopus.account", "action_unsubscribe", [account])
            odoo.call("octopus.account", "write", [account], {"active": False})
        octopus.server.stop()
        octopus.forget()


def linked_categories(odoo, account):
    domain = [("account_id", "=", account), ("octopus_ref", "!=", False)]
    return odoo.call("octopus.category", "search_count", domain)


def merchant(odoo, account):
    return demo_connect.read(odoo, "octopus.account", account, "merchant_name")["merchant_name"]


def test_another_merchant_is_saved_after_a_question_with_what_it_costs(page, demo, odoo, store):
    count = linked_categories(odoo, store)
    assert count
    visit(page, demo, f"octopus-stores/{store}")
    page.get_by_role("tab", name="Settings").click()
    name, save = page.get_by_label("Merchant Name"), page.locator(".o_form_button_save")
    question = page.locator(".modal", has_text="Another Shop?")

    name.fill("harbor")
    save.click()
    expect(question).to_contain_text(f"categories: {count}")
    expect(question).to_contain_text(re.compile(r"online orders stay \(\d+\)"))
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_be_hidden()
    # What was typed is still there to be corrected; nothing is saved.
    expect(name).to_have_value("harbor")
    assert merchant(odoo, store) == MERCHANT
    assert linked_categories(odoo, store) == count

    # Another spelling is the same shop, and asks nothing.
    name.fill(MERCHANT.title())
    save.click()
    expect(save).to_be_hidden()
    assert merchant(odoo, store) == MERCHANT.title()
    assert linked_categories(odoo, store) == count

    name.fill("harbor")
    save.click()
    question.get_by_role("button", name="Change Shop").click()
    expect(save).to_be_hidden()
    assert wait_for(lambda: merchant(odoo, store), lambda saved: saved == "harbor") == "harbor"
    assert linked_categories(odoo, store) == 0
