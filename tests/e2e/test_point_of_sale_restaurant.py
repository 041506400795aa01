"""Online orders at a restaurant, whose app patches the same bar and has tables."""

import pytest
from playwright.sync_api import expect

from devtools.screenshots import scene

from .point_of_sale import PointOfSale, find_article, place_order

pytestmark = pytest.mark.usefixtures("spotless")


@pytest.fixture(scope="module")
def pos(log_in, demo, odoo):
    """The open Point of Sale of a restaurant, which the demo comes without."""
    pos = PointOfSale(log_in(), demo, scene.open_restaurant(odoo)).enter()
    yield pos
    pos.close()


def test_an_order_is_dealt_with_between_the_tables(pos, demo, odoo):
    tables = pos.page.locator(".floor-screen .table")
    expect(tables.first).to_be_visible()
    expect(pos.button).to_be_visible()
    sku, _product = find_article(demo, odoo)
    done, cancelled = (place_order(demo, sku, source="AMAZON") for _order in range(2))
    expect(pos.alert).to_be_visible()

    pos.show_orders()
    for remote in (done, cancelled):
        expect(pos.row(remote)).to_contain_text("Take Action")
    pos.choose_status(pos.row(done), "completed")
    expect(pos.row(done)).to_contain_text("Completed")
    pos.choose_status(pos.row(cancelled), "cancelled")
    pos.page.locator(".modal").get_by_role("button", name="Cancel Order").click()
    expect(pos.row(cancelled)).to_contain_text("Cancelled")

    pos.page.get_by_role("button", name="Tables", exact=True).click()
    expect(tables.first).to_be_visible()
    expect(pos.button).to_be_visible()
