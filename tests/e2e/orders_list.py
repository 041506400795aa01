"""The list of online orders in the back office."""

from playwright.sync_api import expect

from .web_client import visit


def open_all_orders(page, demo):
    """Open the list and take its filter on open orders away."""
    visit(page, demo, "online-orders")
    expect(page.locator(".o_list_view")).to_be_visible()
    facet = page.locator(".o_searchview_facet", has_text="Open")
    facet.locator(".o_facet_remove").click()
    expect(page.locator(".o_searchview_facet")).to_have_count(0)
