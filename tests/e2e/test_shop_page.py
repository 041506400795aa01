"""The shop page of the sandbox, where a newcomer plays the customer: it all gets to Odoo."""

import re

from playwright.sync_api import expect

CUSTOMER = "Grace Brewster Hopper"


def test_a_customer_orders_and_cancels(chromium, demo, odoo):
    page = chromium.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto(demo["sandbox"])
    in_stock = page.locator(".badge.good", has_text=re.compile(r"^\d+ in stock$"))
    sku = page.locator(".card", has=in_stock).first.locator(".sku").inner_text()
    page.fill("#search", sku)
    card = page.locator(".card").first
    before = int(card.locator(".badge").inner_text().split()[0])

    card.locator(".add").click()
    card.locator(".add").click()
    page.get_by_label("Amazon").check(force=True)
    page.fill("#customer", CUSTOMER)
    page.click("#send")
    expect(page.locator("#message")).to_contain_text("is placed")
    entry = page.locator("#orders > li").first
    expect(entry).to_contain_text(CUSTOMER)
    expect(card.locator(".badge")).to_have_text(f"{before - 2} in stock")
    [order] = odoo.call(
        "octopus.order",
        "search_read",
        [("customer_name", "=", CUSTOMER)],
        ["third_party_name", "status"],
    )
    assert (order["third_party_name"], order["status"]) == ("AMAZON", "take_action")

    entry.get_by_role("button", name="Cancel").click()
    expect(entry.locator(".badge").first).to_have_text("cancelled")
    expect(card.locator(".badge")).to_have_text(f"{before} in stock")
    [order] = odoo.call("octopus.order", "read", [order["id"]], ["status"])
    assert order["status"] == "cancelled"
    assert problems == []
    page.close()
