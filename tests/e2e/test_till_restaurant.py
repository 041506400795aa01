"""Online orders on the till of a restaurant, whose app patches the same bar and has tables."""

import pytest
from playwright.sync_api import expect

from devtools.screenshots import scene

from .till import Till, find_article, place_order

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def till(log_in, demo, odoo):
    """The open till of a restaurant, which the demo comes without."""
    till = Till(log_in(), demo, scene.open_restaurant(odoo)).enter()
    yield till
    till.close()


def test_an_order_is_dealt_with_between_the_tables(till, demo, odoo):
    tables = till.page.locator(".floor-screen .table")
    expect(tables.first).to_be_visible()
    expect(till.button).to_be_visible()
    sku, _product = find_article(demo, odoo)
    done, cancelled = (place_order(demo, sku, source="AMAZON") for _order in range(2))
    expect(till.alert).to_be_visible()

    till.show_orders()
    for remote in (done, cancelled):
        expect(till.row(remote)).to_contain_text("Take Action")
    till.choose_status(till.row(done), "completed")
    expect(till.row(done)).to_contain_text("Completed")
    till.choose_status(till.row(cancelled), "cancelled")
    till.page.locator(".modal").get_by_role("button", name="Cancel Order").click()
    expect(till.row(cancelled)).to_contain_text("Cancelled")

    till.page.get_by_role("button", name="Tables", exact=True).click()
    expect(tables.first).to_be_visible()
    expect(till.button).to_be_visible()
