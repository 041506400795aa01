"""Credentials reach Octopus and nothing else: no log, no message, no URL, no repr."""

import logging
import traceback
from base64 import b64encode

import pytest

from octopus_api import OctopusError
from tests.unit.octopus_api.conftest import ACCESS_ID, MERCHANT

BASIC = b64encode(f"{MERCHANT}:{ACCESS_ID}".encode()).decode()


def assert_no_secret(text):
    assert text
    assert ACCESS_ID not in text
    assert BASIC not in text


def test_no_secret_in_logs_of_any_level(octopus, client, caplog):
    caplog.set_level(logging.DEBUG)
    octopus.answer({"shop": [{"id": 1}]})
    octopus.answer({"error": {"message": "No."}}, status=401)
    octopus.reset()
    client.get_shop()
    for _ in range(2):
        with pytest.raises(OctopusError):
            client.get_shop()
    assert "shop.json: 401" in caplog.text
    assert "shop.json: no answer" in caplog.text
    assert_no_secret(caplog.text)


def test_log_lines_have_no_query_values(octopus, client, caplog):
    caplog.set_level(logging.DEBUG, logger="octopus_api")
    octopus.answer({"variants": []})
    client.find_variant("jane@example.com")
    assert "GET /admin/api/2020-01/Variants.json: 200 in" in caplog.text
    assert "jane" not in caplog.text


@pytest.mark.parametrize("status", [401, 422, 500])
def test_octopus_may_quote_the_secret_but_we_do_not(octopus, client, status):
    octopus.answer(
        {
            "error": {
                "message": f"Access id {ACCESS_ID} is unknown",
                "hint": f"not {ACCESS_ID}",
                "errors": [{"field": "x", "message": ACCESS_ID}],
            }
        },
        status=status,
    )
    with pytest.raises(OctopusError, match=r"Access id \*\*\* is unknown") as caught:
        client.get_shop()
    error = caught.value
    assert_no_secret(f"{error!r} {error.hint} {error.errors}")


def test_a_proxy_may_quote_our_header_but_we_do_not(octopus, client):
    octopus.answer(text=f"Bad header: Authorization: Basic {BASIC}", status=400)
    with pytest.raises(OctopusError, match=r"Basic \*\*\*") as caught:
        client.get_shop()
    assert_no_secret(str(caught.value))


def test_no_complaint_about_an_item_holds_the_secret(octopus, client):
    octopus.answer({"items": [], "errors": [{"sv_temp_id": "1", "message": f"No: {ACCESS_ID}"}]})
    [item] = client.bulk_collects([{"sv_temp_id": "1", "collection_id": 1, "product_id": 1}]).failed
    assert item.error == "No: ***"


def test_no_half_of_the_secret_stays_when_a_page_is_cut(octopus, client):
    octopus.answer(text="x" * 190 + ACCESS_ID, status=500)
    with pytest.raises(OctopusError) as caught:
        client.get_shop()
    assert ACCESS_ID[:5] not in str(caught.value)


def test_no_secret_in_a_traceback(octopus, client):
    octopus.reset()
    with pytest.raises(OctopusError) as caught:
        client.get_shop()
    assert_no_secret("".join(traceback.format_exception(caught.value)))


def test_no_secret_in_repr(octopus, client):
    assert repr(client) == f"<OctopusClient {octopus.base_url}>"
