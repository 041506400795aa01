"""Parcels: told by the client, shown by the sandbox; merchants whose Octopus has no such call."""

import pytest

from octopus_api import (
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusValidationError,
    Order,
)
from octopus_api.items import fulfillment_item


@pytest.fixture
def order(sandbox, make_products):
    """An order for three pieces of A and one of B."""
    make_products("A", "B")
    placed = sandbox.place_order({"A": 3, "B": 1})
    return Order.from_json(placed)


def parcels(client, order):
    remote = Order.from_json(client.get_order(order.ref))
    return remote, remote.fulfillments


def test_two_parcels_are_shown_with_their_numbers(client, order):
    first, second = order.lines
    item = fulfillment_item(
        numbers=("1Z1", "1Z2"),
        carrier="UPS",
        urls=("https://track/1Z1",),
        location_ref="1",
        pieces={first.ref: 2},
        notify=True,
    )
    ref = client.create_fulfillment(order.ref, item)
    remote, [parcel] = parcels(client, order)
    assert (parcel.ref, parcel.carrier, parcel.numbers) == (ref, "UPS", "1Z1, 1Z2")
    assert (parcel.urls, parcel.location_ref) == ("https://track/1Z1", "1")
    assert [(line.line_ref, line.quantity) for line in parcel.lines] == [(first.ref, 2)]
    assert remote.fulfillment_status == "partial"
    client.create_fulfillment(order.ref, fulfillment_item(numbers=()))
    remote, [_first, rest] = parcels(client, order)
    assert {line.line_ref: line.quantity for line in rest.lines} == {first.ref: 1, second.ref: 1}
    assert remote.fulfillment_status == "fulfilled"


def test_no_piece_leaves_twice(client, order):
    client.create_fulfillment(order.ref, fulfillment_item(numbers=()))
    for pieces in ({order.lines[0].ref: 1}, {}):
        with pytest.raises(OctopusValidationError):
            client.create_fulfillment(order.ref, fulfillment_item(numbers=(), pieces=pieces))
    assert len(parcels(client, order)[1]) == 1


def test_numbers_change_and_a_parcel_is_cancelled(client, order):
    ref = client.create_fulfillment(order.ref, fulfillment_item(numbers=("1",)))
    client.update_fulfillment(order.ref, ref, fulfillment_item(numbers=("2", "3"), carrier="DHL"))
    _remote, [parcel] = parcels(client, order)
    assert (parcel.carrier, parcel.numbers, len(parcel.lines)) == ("DHL", "2, 3", 2)
    client.cancel_fulfillment(order.ref, ref)
    remote, [parcel] = parcels(client, order)
    assert parcel.is_dead
    assert remote.fulfillment_status == ""
    with pytest.raises(OctopusValidationError):
        client.cancel_fulfillment(order.ref, ref)
    client.create_fulfillment(order.ref, fulfillment_item(numbers=("4",)))


@pytest.mark.parametrize(
    ("switch", "error"),
    [("404", OctopusNotFound), ("405", OctopusError), ("403", OctopusForbidden)],
)
def test_merchants_without_the_call(client, sandbox, order, switch, error):
    sandbox.settings(fulfillments=switch)
    with pytest.raises(error) as caught:
        client.create_fulfillment(order.ref, fulfillment_item(numbers=("1",)))
    assert caught.value.status == int(switch)
    assert not caught.value.retryable
    assert not caught.value.maybe_done
    assert parcels(client, order)[1] == ()


def test_an_answer_that_is_lost_leaves_one_parcel(client, sandbox, order):
    sandbox.set_faults([{"path": "/orders/*/fulfillments.json", "drop": True, "times": 1}])
    with pytest.raises(OctopusError) as caught:
        client.create_fulfillment(order.ref, fulfillment_item(numbers=("1",)))
    assert caught.value.maybe_done
    assert [parcel.numbers for parcel in parcels(client, order)[1]] == ["1"]


def test_a_channel_ships_itself(client, sandbox, order):
    sandbox.fulfill_order(
        order.ref,
        lines=[{"sku": "A", "quantity": 1}],
        tracking_company="UPS",
        tracking_numbers=["1Z"],
    )
    _remote, [parcel] = parcels(client, order)
    assert (parcel.carrier, parcel.numbers, parcel.service) == ("UPS", "1Z", "manual")
    assert parcel.created_at is not None
