"""The hand-over as people do it: parcels from the form, twenty orders by scanner, a pickup with its
code at the Point of Sale, and an order that the channel has shipped."""

import pytest
import requests
from playwright.sync_api import expect

from .axe import findings
from .orders_list import open_all_orders
from .point_of_sale import find_article, place_order
from .waiting import wait_for
from .web_client import visit

pytestmark = pytest.mark.usefixtures("spotless")
TWENTY = 20


@pytest.fixture(scope="module")
def sku(demo, odoo):
    return find_article(demo, odoo)[0]


@pytest.fixture
def place(demo, odoo, sku):
    """Places an order of an address or of a pickup; answers its Aggregator Order No."""

    def place(name="Ada Byron", quantity=1, **changes):
        remote = place_order(demo, sku, name=name, quantity=quantity)
        mine = [("aggregator_order_no", "=", str(remote["id"]))]
        assert wait_for(lambda: odoo.call("octopus.order", "search_count", mine))
        if changes:
            change(demo, remote["id"], **changes)
            wanted = {"fulfillment": "delivery" if "shipping_address" in changes else "pickup"}
            is_right = [*mine, *((field, "=", value) for field, value in wanted.items())]
            assert wait_for(lambda: odoo.call("octopus.order", "search_count", is_right))
        return str(remote["id"])

    return place


ADDRESS = {"name": "Ada Byron", "address1": "12 Market St", "city": "San Francisco", "zip": "94103"}
PICKUP = {"shipping_lines": [{"title": "Store Pickup", "price": "0.00"}], "shipping_address": None}


def change(demo, number, **values):
    answer = requests.put(f"{demo['sandbox']}/_sandbox/orders/{number}", json=values, timeout=30)
    answer.raise_for_status()


def in_octopus(demo, number):
    state = requests.get(f"{demo['sandbox']}/_sandbox/state", timeout=30).json()
    return next(order for order in state["orders"] if str(order["id"]) == number)


def numbers_in_octopus(demo, number):
    return [parcel["tracking_numbers"] for parcel in in_octopus(demo, number)["fulfillments"]]


def read(odoo, number, *fields):
    domain = [("aggregator_order_no", "=", number)]
    [order] = odoo.call("octopus.order", "search_read", domain, list(fields))
    return order


def open_order(page, demo, odoo, number):
    visit(page, demo, f"online-orders/{read(odoo, number, 'id')['id']}")
    expect(page.locator(".o_form_view")).to_be_visible()


def test_two_parcels_are_shipped_from_the_form(page, demo, odoo, place):
    number = place(quantity=2, shipping_address=ADDRESS)
    open_order(page, demo, odoo, number)
    for parcel, pieces in (("1Z0001", "1"), ("1Z0002", None)):
        page.locator(".o_form_statusbar").get_by_role("button", name="Ship", exact=True).click()
        dialog = page.locator(".modal")
        expect(dialog.get_by_label("Carrier").first).to_be_visible()
        assert findings(page, ".modal-content .o_form_view") == []
        dialog.get_by_label("Carrier").first.fill("UPS")
        dialog.get_by_label("Tracking Number").first.fill(parcel)
        if pieces:
            cell = dialog.locator("td[name=quantity]")
            cell.click()
            cell.locator("input").fill(pieces)
        dialog.get_by_role("button", name="Ship", exact=True).click()
        expect(dialog).to_have_count(0)
        page.get_by_role("tab", name="Parcels").click()
        expect(page.locator(".o_field_widget[name=fulfillment_ids]")).to_contain_text(parcel)
    assert findings(page, ".o_action_manager") == []
    assert wait_for(lambda: numbers_in_octopus(demo, number) == [["1Z0001"], ["1Z0002"]])
    order = read(odoo, number, "status", "fulfillment_state")
    assert (order["status"], order["fulfillment_state"]) == ("completed", "full")


def test_twenty_orders_are_shipped_by_scanning(page, demo, odoo, place):
    numbers = [place(name=f"Scan Number{at}") for at in range(TWENTY)]
    open_all_orders(page, demo)
    search = page.locator(".o_searchview_input")
    search.fill("Scan Number")
    search.press("Enter")
    expect(page.locator("tr.o_data_row")).to_have_count(TWENTY)
    page.locator("thead .o_list_record_selector").click()
    page.get_by_role("button", name="Ship", exact=True).click()
    dialog = page.locator(".modal")
    expect(dialog.locator("tr.o_data_row")).to_have_count(TWENTY)
    assert findings(page, ".modal-content .o_form_view") == []
    field = dialog.get_by_label("Scan or Paste")
    for at in range(TWENTY):
        field.click()
        page.keyboard.type(f"TRACK{at:04}", delay=2)
        page.keyboard.press("Enter")
        expect(dialog.locator("tr.o_data_row", has_text=f"TRACK{at:04}")).to_be_visible()
    dialog.get_by_role("button", name="Ship", exact=True).click()
    expect(dialog).to_have_count(0)
    done = [("aggregator_order_no", "in", numbers), ("status", "=", "completed")]
    assert wait_for(lambda: odoo.call("octopus.order", "search_count", done) == TWENTY)
    told = [("order_id.aggregator_order_no", "in", numbers), ("push_status", "=", "synced")]
    assert wait_for(lambda: odoo.call("octopus.fulfillment", "search_count", told) == TWENTY)
    found = [entry for number in numbers for entry in numbers_in_octopus(demo, number)]
    assert sorted(found) == [[f"TRACK{at:04}"] for at in range(TWENTY)]


def test_a_pickup_is_ready_and_not_ready_on_the_form(page, demo, odoo, place):
    number = place(name="Maria Mitchell", **PICKUP)
    open_order(page, demo, odoo, number)
    form = page.locator(".o_form_view")
    ready = form.get_by_role("button", name="Ready for Pickup", exact=True)
    not_ready = form.get_by_role("button", name="Not Ready")
    expect(not_ready).to_have_count(0)
    ready.click()
    expect(form.locator("[name=pickup_ready_at]")).to_be_visible()
    expect(ready).to_have_count(0)
    assert read(odoo, number, "pickup_ready_at")["pickup_ready_at"]
    not_ready.click()
    expect(ready).to_be_visible()
    expect(not_ready).to_have_count(0)
    assert not read(odoo, number, "pickup_ready_at")["pickup_ready_at"]


def scan(pos, code):
    """Do as a scanner: type quickly, then Enter."""
    pos.page.keyboard.type(code, delay=1)
    pos.page.keyboard.press("Enter")


def test_a_pickup_is_handed_over_with_its_code(pos, demo, odoo, place):
    number = place(name="Grace Hopper", **PICKUP)
    pos.show_orders("Open")
    pos.row({"id": number}).click()
    pos.detail.get_by_role("button", name="Ready for Pickup").click()
    expect(pos.detail.locator(".ready")).to_contain_text("Ready for pickup")
    assert wait_for(lambda: in_octopus(demo, number)["tags"] == "Ready for pickup")
    code = read(odoo, number, "pickup_code")["pickup_code"]
    assert f"code {code}" in in_octopus(demo, number)["note"]
    pos.detail.get_by_role("button", name="Close").click()
    expect(pos.detail).to_be_hidden()

    scan(pos, code)
    expect(pos.detail.locator(".pickup-code")).to_contain_text(code)
    assert findings(pos.page, ".online-orders-screen") == []
    pos.detail.get_by_role("button", name="Handed Over").click()
    dialog = pos.page.locator(".modal")
    expect(dialog.locator(".handed-to")).to_have_value("Grace Hopper")
    assert findings(pos.page, ".modal-content") == []
    dialog.locator(".handed-to").fill("Her brother")
    dialog.get_by_role("button", name="Handed Over").click()
    assert wait_for(lambda: read(odoo, number, "status")["status"] == "completed")
    [parcel] = odoo.call(
        "octopus.fulfillment",
        "search_read",
        [("order_id.aggregator_order_no", "=", number)],
        ["kind", "handed_to"],
    )
    assert (parcel["kind"], parcel["handed_to"]) == ("counter", "Her brother")
    assert wait_for(lambda: "Ready for pickup" not in in_octopus(demo, number)["tags"])
    pos.leave_orders()


def test_a_parcel_is_scanned_at_the_point_of_sale(pos, demo, odoo, place):
    number = place(name="Emmy Noether", shipping_address=ADDRESS)
    pos.show_orders("Open")
    pos.row({"id": number}).click()
    pos.detail.get_by_role("button", name="Ship", exact=True).click()
    dialog = pos.page.locator(".modal")
    expect(dialog.locator(".tracking-number")).to_be_focused()
    scan(pos, "POS0001")
    scan(pos, "POS0002")
    expect(dialog.locator(".numbers button")).to_have_count(2)
    assert findings(pos.page, ".modal-content") == []
    dialog.locator(".carrier").fill("DHL")
    dialog.get_by_role("button", name="Ship", exact=True).click()
    assert wait_for(lambda: numbers_in_octopus(demo, number) == [["POS0001", "POS0002"]])
    assert read(odoo, number, "status")["status"] == "completed"
    pos.leave_orders()


def test_an_order_that_the_channel_has_shipped_is_not_packed_again(pos, page, demo, odoo, place):
    number = place(name="Mary Somerville", shipping_address=ADDRESS)
    answer = requests.post(
        f"{demo['sandbox']}/_sandbox/orders/{number}/fulfill",
        json={"tracking_company": "FedEx", "tracking_numbers": ["FX1"]},
        timeout=30,
    )
    answer.raise_for_status()
    assert wait_for(lambda: read(odoo, number, "fulfillment_state")["fulfillment_state"])
    pos.show_orders("Open")
    pos.row({"id": number}).click()
    expect(pos.detail).to_contain_text("Shipped by the channel: do not pack.")
    expect(pos.detail).to_contain_text("FX1")
    expect(pos.detail.get_by_role("button", name="Ship", exact=True)).to_have_count(0)
    pos.leave_orders()

    open_order(page, demo, odoo, number)
    expect(page.locator(".o_form_view")).to_contain_text("Shipped by the channel: do not pack.")
    bar = page.locator(".o_form_statusbar")
    expect(bar.get_by_role("button", name="Ship", exact=True)).to_have_count(0)
