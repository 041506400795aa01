"""A text without a space is broken: it pushes nothing out of sight."""

import pytest
import requests
from playwright.sync_api import expect

from .point_of_sale import find_article
from .waiting import wait_for
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")
EMAIL = "maximiliana.alexandrowna.von-hohenstein-schwarzenfels@warehouses.example.com"
TITLE = "Donaudampfschifffahrtsgesellschaftskapitänsmützenkordel" * 2
NUMBER = "MARKETPLACE_ORDER_0123456789_0123456789_0123456789"
SOURCE = "THE_MARKETPLACE_WITH_THE_LONGEST_NAME_OF_ALL"


@pytest.fixture(scope="module")
def order(demo, odoo):
    """An order in which each text is long and has no space."""
    sku, _product = find_article(demo, odoo)
    body = {
        "source": SOURCE,
        "customer": {"email": EMAIL},
        "lines": [{"sku": sku, "title": TITLE}],
        "webhook": False,
    }
    remote = requests.post(f"{demo['sandbox']}/_sandbox/orders", json=body, timeout=30).json()
    url = f"{demo['sandbox']}/_sandbox/orders/{remote['id']}"
    requests.put(url, json={"name": NUMBER, "note": TITLE}, timeout=30).raise_for_status()
    mine = [("aggregator_order_no", "=", str(remote["id"]))]
    [local] = wait_for(lambda: odoo.call("octopus.order", "search", mine))
    return remote | {"local": local}


def too_wide(locator):
    """Return what sticks out of an element, which is [] for one that shows all."""
    return locator.evaluate(
        """root => {
            if (root.scrollWidth <= root.clientWidth) {
                return [];
            }
            const edge = root.getBoundingClientRect().right;
            return [...root.querySelectorAll("*")]
                .filter((node) => node.getBoundingClientRect().right > edge)
                .map((node) => `${node.tagName}.${node.className}`);
        }"""
    )


@pytest.mark.parametrize("width", [1024, 1280, 1366])
def test_the_status_stays_in_sight_beside_an_open_order(pos, order, width):
    pos.page.set_viewport_size({"width": width, "height": 800})
    pos.show_orders("Open")
    pos.row(order).click()
    expect(pos.detail).to_contain_text(TITLE)
    assert too_wide(pos.page.locator(".orders")) == []
    assert too_wide(pos.detail) == []
    assert too_wide(pos.detail.locator(".overflow-auto")) == []
    pos.page.get_by_role("button", name="Close", exact=True).click()
    assert too_wide(pos.page.locator(".orders")) == []
    pos.leave_orders()


def test_on_a_phone_the_card_and_the_order_fit(pos, order):
    pos.page.set_viewport_size({"width": 390, "height": 844})
    pos.button.click()
    expect(pos.row(order)).to_be_visible()
    assert too_wide(pos.page.locator(".status-tabs")) == []
    assert too_wide(pos.page.locator(".online-orders-screen > div")) == []
    assert too_wide(pos.page.locator(".orders")) == []
    pos.row(order).click()
    expect(pos.detail).to_contain_text(TITLE)
    assert too_wide(pos.detail) == []
    assert too_wide(pos.detail.locator(".overflow-auto")) == []
    pos.page.evaluate("window.print = () => {}")
    pos.page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize(
    ("report", "width"), [("report_picking_ticket", 800), ("report_picking_receipt", 300)]
)
def test_slips_are_as_wide_as_their_paper(page, demo, order, report, width):
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(f"{demo['odoo']}/report/html/linga_octopus.{report}/{order['local']}")
    expect(page.locator(".page")).to_contain_text(TITLE)
    assert too_wide(page.locator(".page h2")) == []
    assert too_wide(page.locator(".page table")) == []


@pytest.mark.parametrize("view", ["list", "kanban", "form"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_back_office_fits(page, demo, order, view, width):
    page.set_viewport_size({"width": width, "height": 844})
    where = f"/{order['local']}" if view == "form" else f"?view_type={view}"
    visit(page, demo, f"online-orders{where}")
    expect(page.locator(".o_view_controller")).to_contain_text(EMAIL)
    for part in page.locator(".o_kanban_record, .o_form_sheet, .o_list_renderer").all():
        assert too_wide(part) == []
