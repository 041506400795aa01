"""Who may talk to Octopus, how often, and what a failure looks like from here."""

import pytest

from octopus_api import (
    OctopusAuthError,
    OctopusBadAnswer,
    OctopusClient,
    OctopusConnectionError,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusServerError,
    OctopusTimeout,
    OctopusValidationError,
)


def test_the_shop_and_its_locations(client, sandbox):
    shop = client.get_shop()
    assert (shop.name, shop.currency) == (sandbox.merchant, "USD")
    assert (shop.timezone, shop.taxes_included) == ("America/Los_Angeles", False)
    locations = client.get_locations()
    assert shop.primary_location_ref == locations[0].ref
    assert len(locations) > 1
    assert all(location.active for location in locations)


@pytest.mark.parametrize("wrong", [("someone", "demo-access-id"), ("demo", "guess")])
def test_wrong_credentials(sandbox, wrong):
    with (
        OctopusClient(sandbox.api_url, *wrong) as client,
        pytest.raises(OctopusAuthError) as caught,
    ):
        client.get_shop()
    assert not caught.value.retryable


def test_a_wrong_address_of_the_right_server(sandbox):
    address = f"{sandbox.url}/admin/api/1999-01"
    with (
        OctopusClient(address, sandbox.merchant, sandbox.access_id) as client,
        pytest.raises((OctopusNotFound, OctopusBadAnswer)),
    ):
        client.get_shop()


def test_the_rate_limit_is_told_and_enforced(client, sandbox):
    sandbox.settings(rate_limit=3)
    for remaining in (2, 1, 0):
        client.get_shop()
        assert (client.rate.limit, client.rate.remaining) == (3, remaining)
    with pytest.raises(OctopusRateLimited) as caught:
        client.get_shop()
    assert 0 < caught.value.retry_after <= 60
    assert caught.value.retryable
    assert client.rate.reset_at is not None
    assert client.calls == 4


def test_an_unknown_field_is_refused_by_name(client):
    with pytest.raises(OctopusValidationError, match="colour") as caught:
        client.create_collection({"title": "Shoes", "colour": "red"})
    assert caught.value.status == 422
    assert not caught.value.maybe_done


def test_a_page_that_is_no_json(client, sandbox):
    sandbox.set_faults(
        [
            {
                "path": "/shop.json",
                "status": 502,
                "body": "<h1>Bad Gateway</h1>",
                "content_type": "text/html",
            }
        ]
    )
    with pytest.raises(OctopusServerError, match="<h1>Bad Gateway</h1>") as caught:
        client.get_shop()
    assert caught.value.retryable


def test_an_answer_that_comes_too_late(sandbox):
    sandbox.set_faults([{"path": "/shop.json", "delay": 2}])
    with (
        OctopusClient(
            sandbox.api_url, sandbox.merchant, sandbox.access_id, timeout=(2, 0.2)
        ) as client,
        pytest.raises(OctopusTimeout) as caught,
    ):
        client.get_shop()
    assert caught.value.retryable


def test_a_create_whose_answer_got_lost_was_done(client, sandbox):
    sandbox.set_faults([{"method": "POST", "path": "/custom_collections.json", "drop": True}])
    with pytest.raises(OctopusConnectionError) as caught:
        client.create_collection({"title": "Shoes"})
    assert caught.value.maybe_done
    assert [collection.title for collection in client.iter_collections()] == ["Shoes"]
    assert sandbox.requests()["POST /custom_collections.json"] == 1
