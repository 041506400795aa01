"""Which lines of an order are goods, and where these leave."""

from decimal import Decimal

import pytest
from order_goods import (
    Places,
    elsewhere_services,
    line_kinds,
    line_places,
    named_kind,
    parts,
    place_values,
    says_elsewhere,
    title_key,
    unknown_locations,
)

from octopus_api import Order


def order(*lines, **fields):
    items = [
        {"id": 10 + place, "title": "Chair", "price": "5.00", **line}
        for place, line in enumerate(lines)
    ]
    return Order.from_json({"id": 1, "line_items": items, **fields})


def kinds(*lines, found=(), no_goods=()):
    """Return the kinds of lines; `found` are the places of those with a product."""
    remote = order(*lines)
    products = [place in found or None for place in range(len(lines))]
    return line_kinds(remote.lines, products, no_goods)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({}, "goods"),
        ({"sku": "A"}, "goods"),
        # the reference's own sample: a helmet that needs no shipping
        ({"sku": "A", "variant_id": 79, "requires_shipping": False}, "goods"),
        ({"requires_shipping": False}, "not_goods"),
        ({"title": "Gift wrap", "requires_shipping": True}, "not_goods"),
        ({"title": "GIFT  WRAP - red"}, "not_goods"),
        ({"title": "Gift wrap paper, 5 m"}, "goods"),
        ({"title": "Tip (15%)"}, "not_goods"),
        ({"title": "Tip jar"}, "goods"),
        ({"title": "Pfand 0,25 EUR", "sku": "PFAND-25"}, "not_goods"),
        ({"title": "Gift wrap - red", "sku": "GW-RED"}, "goods"),
        ({"title": "Shipping insurance by Route"}, "not_goods"),
        ({"title": "Donation to WWF"}, "not_goods"),
        ({"title": "Chair - delivery"}, "goods"),
        ({"title": "Coupon: WELCOME", "price": "-5.00"}, "not_goods"),
        ({"title": "Anything", "sku": "A", "price": "-5.00"}, "not_goods"),
        ({"title": "礼品包装"}, "not_goods"),
        ({"title": "Propina"}, "not_goods"),
        ({"title": "Gift card", "gift_card": True}, "gift_card"),
        ({"title": "Gift card $50"}, "gift_card"),
        ({"title": "Card", "sku": "C", "fulfillment_service": "gift_card"}, "gift_card"),
    ],
)
def test_the_kind_of_a_line(line, kind):
    assert kinds(line) == [kind]


def test_what_is_in_odoo_is_goods_whatever_it_is_called():
    assert kinds({"title": "Gift wrap", "sku": "WRAP"}, found=[0]) == ["goods"]


def test_what_a_user_has_said_counts_for_what_is_not_in_odoo():
    said = {title_key("Engraving  service")}
    line = {"title": "ENGRAVING service", "sku": "ENG"}
    assert kinds(line, no_goods=said) == ["not_goods"]
    assert kinds(line, no_goods=said, found=[0]) == ["goods"]


@pytest.mark.parametrize("parent_ref", [10, 1])
def test_the_children_of_a_configurable_are_the_goods(parent_ref):
    parent = {"sku": "CHAIR", "product_type": "Configurable"}
    child = {"sku": "CHAIR", "parent_item_id": parent_ref}
    assert kinds(parent, child, found=[0, 1]) == ["parent", "goods"]


def test_a_configurable_without_children_is_the_goods():
    assert kinds({"sku": "CHAIR", "product_type": "configurable"}, found=[0]) == ["goods"]


def test_the_parts_of_a_bundle_name_it():
    part = {"sku": "A", "properties": [{"name": "_bundle", "value": "SET"}]}
    assert kinds(part, part, {"sku": "SET"}) == ["goods", "goods", "parent"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([{"product_type": "configurable"}, {"parent_item_id": 10}], {0: [1]}),
        ([{"properties": {"_bundle": "SET"}}, {"sku": "SET"}], {1: [0]}),
        (
            [{"product_type": "configurable"}, {"parent_item_id": 10}, {"parent_item_id": 10}],
            {0: [1, 2]},
        ),
        ([{"sku": "CAMERA"}, {"title": "Gift wrap", "parent_item_id": 10}], {}),
    ],
)
def test_the_parts_of_a_parent_are_told(lines, found):
    assert parts(order(*lines).lines, kinds(*lines, found=[0])) == found


@pytest.mark.parametrize("named", ["10", "SET"])
def test_a_part_that_names_its_parent_in_two_ways_is_one_part(named):
    part = {"parent_item_id": 10, "properties": {"_bundle": named}}
    lines = [{"sku": "SET", "product_type": "configurable"}, part]
    assert parts(order(*lines).lines, kinds(*lines)) == {0: [1]}


def test_a_token_that_all_lines_share_names_no_parent():
    line = {"sku": "A", "properties": {"_bundle_id": "A"}}
    assert kinds(line, line, found=[0, 1]) == ["goods", "goods"]


def test_what_a_warranty_is_for_is_goods():
    warranty = {"title": "2 years of repair", "sku": "REPAIR", "parent_item_id": 10}
    assert kinds({"sku": "CAMERA"}, warranty, found=[0]) == ["goods", "goods"]
    wrap = {"title": "Gift wrap", "parent_item_id": 10}
    assert kinds({"sku": "CAMERA"}, wrap, found=[0]) == ["goods", "not_goods"]


@pytest.mark.parametrize("title", ["", None, "-", "()", "  "])
def test_a_title_without_words_names_nothing(title):
    assert named_kind(title, as_whole=True) is None
    assert named_kind(title, as_whole=False) is None


# === WHERE THE GOODS LEAVE === #


@pytest.mark.parametrize(
    "service", ["FBA", "AFN", "WFS", "Amazon FBA", "amazon_fba", "Fulfillment by Amazon",
                "Fulfilled by Walmart", "AMAZON_NA", "Amazon MCF"]
)  # fmt: skip
def test_services_that_ship_from_elsewhere(service):
    assert says_elsewhere(service)


@pytest.mark.parametrize(
    "service", ["", None, "manual", "MFN", "FBM", "BigCommerce", "Amazon", "SellerFulfilled", "DHL"]
)
def test_services_that_say_nothing(service):
    assert not says_elsewhere(service)


def places(*lines, elsewhere=(), **fields):
    return line_places(order(*lines, **fields), elsewhere)


def parcel(location, *lines, **fields):
    items = [{"id": ref, "quantity": quantity} for ref, quantity in lines]
    return {"location_id": location, "status": "success", "line_items": items, **fields}


def test_without_fulfillments_goods_leave_from_the_place_of_the_order():
    assert places({"quantity": 2}) == [{None: 2}]


def test_each_line_leaves_from_its_fulfillment():
    found = places(
        {"quantity": 3}, {"quantity": 1}, {"quantity": 1},
        fulfillments=[parcel("A", (10, 2)), parcel("B", (10, 1), (11, 1))],
    )  # fmt: skip
    assert found == [{"A": 2, "B": 1}, {"B": 1}, {None: 1}]


def test_a_fulfillment_without_lines_contains_all():
    assert places({"quantity": 3}, {}, fulfillments=[parcel("A")]) == [{"A": 3}, {"A": 1}]


@pytest.mark.parametrize("status", ["cancelled", "Canceled", "failure", "error"])
def test_a_cancelled_fulfillment_does_not_count(status):
    gone = parcel("A", (10, 1), status=status)
    assert places({}, fulfillments=[gone, parcel("B", (10, 1))]) == [{"B": 1}]


def test_more_pieces_than_ordered_are_not_taken():
    found = places({"quantity": 2}, fulfillments=[parcel("A", (10, 2)), parcel("B", (10, 2))])
    assert found == [{"A": 2}]


def test_what_a_service_ships_leaves_elsewhere():
    line = {"quantity": 3, "fulfillment_service": "manual"}
    sent = parcel("A", (10, 2), service="FBA")
    assert places(line, elsewhere={"FBA"}, fulfillments=[sent]) == [{False: 2, None: 1}]
    assert places({"fulfillment_service": "AFN"}, elsewhere={"AFN"}) == [{False: Decimal(1)}]


def test_a_fulfillment_without_a_service_is_that_of_its_lines():
    lines = [{"quantity": 2, "fulfillment_service": "AFN"}, {"fulfillment_service": "manual"}]
    for sent in parcel(0), parcel("A"), parcel("A", (10, 2), (11, 1)):
        own = sent["location_id"] or None
        assert places(*lines, elsewhere={"AFN"}, fulfillments=[sent]) == [{False: 2}, {own: 1}]


def test_the_services_of_an_order():
    remote = order({"fulfillment_service": "manual"}, {}, fulfillments=[parcel("A", service="UPS")])
    assert remote.services == {"manual", "UPS"}


def test_a_quantity_that_is_unknown_leaves_from_nowhere():
    assert places({"quantity": "many"}, fulfillments=[parcel("A", (10, 2))]) == [{}]


def test_where_lines_leave_in_terms_of_the_store():
    remote = order(
        {"quantity": 3}, {"quantity": 1}, {"quantity": 1},
        location_id="A", fulfillments=[parcel("B", (10, 2)), parcel("X", (11, 1))],
    )  # fmt: skip
    known = Places({"A": 1, "B": 2}, 1, 7)
    values = place_values(remote, known, set())
    assert [entry["places"] for entry in values] == [{"2": 2.0}, None, None]
    assert unknown_locations(remote, {"A", "B"}, set()) == ["X"]


def test_what_no_parcel_contains_leaves_from_the_default():
    remote = order({}, {}, fulfillments=[parcel("B", (10, 1))])
    values = place_values(remote, Places({"B": 2}, 2, 7), set())
    assert [entry["places"] for entry in values] == [None, {"7": 1.0}]


def test_the_location_of_another_service_need_not_be_known():
    remote = order({}, fulfillments=[parcel("X", (10, 1), service="FBA")])
    assert elsewhere_services(remote, {}) == {"FBA"}
    assert elsewhere_services(remote, {"FBA": False}) == set()
    assert unknown_locations(remote, set(), {"FBA"}) == []
    assert place_values(remote, Places({}, 7, 7), {"FBA"}) == [
        {"quantity_elsewhere": 1, "places": None}
    ]
