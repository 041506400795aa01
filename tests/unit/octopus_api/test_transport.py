"""One request and its answer, over a real connection: what goes out, what may come back."""

import gzip
import socket
from base64 import b64encode
from datetime import datetime, timezone
from decimal import Decimal

import pytest
import requests

from octopus_api import (
    VERSION,
    OctopusAuthError,
    OctopusBadAnswer,
    OctopusClient,
    OctopusConnectionError,
    OctopusTimeout,
    RateLimit,
    transport,
)
from tests.unit.octopus_api.conftest import ACCESS_ID, MERCHANT

SHOP = {"shop": [{"id": 1, "name": "Corner shop"}]}


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# === WHAT GOES OUT === #


def test_credentials_travel_in_headers_only(octopus, client):
    octopus.answer(SHOP)
    client.get_shop()
    (request,) = octopus.requests
    basic = b64encode(f"{MERCHANT}:{ACCESS_ID}".encode()).decode()
    assert request.headers["Authorization"] == f"Basic {basic}"
    assert request.headers["X-Octopus-Access-Token"] == ACCESS_ID
    assert request.headers["User-Agent"] == f"LingaOctopus/{VERSION}"
    assert (request.method, request.path, request.query) == ("GET", "shop.json", {})


def test_credentials_may_be_any_utf8(octopus):
    octopus.answer(SHOP)
    with OctopusClient(octopus.base_url, "Bäckerei 北京", " schlüssel ") as client:
        client.get_shop()
    headers = octopus.requests[0].headers
    assert (
        headers["Authorization"]
        == "Basic " + b64encode("Bäckerei 北京:schlüssel".encode()).decode()
    )
    # http.server reads headers as Latin-1
    assert headers["X-Octopus-Access-Token"].encode("latin-1").decode() == "schlüssel"


def test_decimals_leave_with_their_digits(octopus, client):
    octopus.answer({"variant": {"id": 1}})
    client.update_variant("1", {"price": Decimal("9.4900"), "title": "Größe"})
    (request,) = octopus.requests
    assert request.body == b'{"variant":{"price":9.4900,"title":"Gr\\u00f6\\u00dfe"}}'
    assert request.headers["Content-Type"] == "application/json; charset=utf-8"


def test_trailing_slash_of_the_address_does_not_matter(octopus):
    octopus.answer(SHOP)
    with OctopusClient(f" {octopus.base_url}/ ", MERCHANT, ACCESS_ID) as client:
        client.get_shop()
    assert octopus.requests[0].path == "shop.json"


def test_a_session_of_the_caller_is_used_and_left_as_it_was(octopus):
    octopus.answer(SHOP)
    with requests.Session() as session:
        headers = dict(session.headers)
        OctopusClient(octopus.base_url, MERCHANT, ACCESS_ID, session=session).get_shop()
        assert session.headers == headers
        assert session.auth is None
    assert octopus.requests[0].headers["X-Octopus-Access-Token"] == ACCESS_ID


@pytest.mark.parametrize(
    "base_url",
    ["", None, "octopusapi.24sevencommerce.com", "ftp://host/x", "https://", "https://host:port"]
    + ["https://a..b", f"https://{'a' * 64}.com", "https://exa mple.com", "https://["]
    + ["https://user:pass@host/admin", "https://host/admin?key=1"],
)
def test_an_address_that_cannot_be_meant(base_url):
    with pytest.raises(OctopusConnectionError, match="address of Octopus") as caught:
        OctopusClient(base_url, MERCHANT, ACCESS_ID)
    assert not caught.value.retryable
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize(
    ("merchant", "access_id"),
    [("", "x"), ("m", None), ("m", "  "), ("m", "hid\r\nden"), ("m\x00", "x")],
)
def test_credentials_that_cannot_be_meant(merchant, access_id):
    with pytest.raises(OctopusAuthError, match="Enter the merchant name") as caught:
        OctopusClient("https://host", merchant, access_id)
    assert "den" not in str(caught.value)


# === WHAT COMES BACK === #


def test_numbers_of_an_answer_are_exact(octopus, client):
    octopus.answer(text='{"order": {"id": 1, "total_price": 9.4900}}')
    price = client.get_order("1")["total_price"]
    assert isinstance(price, Decimal)
    assert str(price) == "9.4900"


def test_rate_is_that_of_the_last_answer_that_told_it(octopus, client):
    assert client.rate is None
    headers = {"X-RateLimit-Limit": "250", "X-RateLimit-Remaining": "249"}
    octopus.answer(SHOP, headers={**headers, "X-RateLimit-Reset": "1772366460"})
    octopus.answer(SHOP)
    client.get_shop()
    client.get_shop()
    reset_at = datetime(2026, 3, 1, 12, 1, tzinfo=timezone.utc)
    assert client.rate == RateLimit(250, 249, reset_at)
    assert client.calls == 2


@pytest.mark.parametrize("text", ["<html>Welcome</html>", '{"shop": [', "NaN", "\xff"])
def test_an_answer_that_is_no_json(octopus, client, text):
    octopus.answer(text=text.encode("latin-1"))
    with pytest.raises(OctopusBadAnswer, match="not JSON") as caught:
        client.get_shop()
    assert caught.value.status == 200
    assert caught.value.retryable
    assert not caught.value.maybe_done


def test_a_write_with_an_unreadable_answer_may_be_done(octopus, client):
    octopus.answer(text="<html>")
    with pytest.raises(OctopusBadAnswer) as caught:
        client.create_collection({"title": "Shoes"})
    assert caught.value.maybe_done


def test_a_byte_order_mark_does_no_harm(octopus, client):
    octopus.answer(text=b'\xef\xbb\xbf{"shop": [{"id": 1}]}')
    assert client.get_shop().ref == "1"


def test_redirects_are_not_followed(octopus, client):
    octopus.answer(status=302, headers={"Location": f"{octopus.origin}/elsewhere"}, text="")
    with pytest.raises(OctopusBadAnswer, match="redirects"):
        client.get_shop()
    assert len(octopus.requests) == 1


def test_an_answer_without_end_is_not_read_to_its_end(octopus, client, monkeypatch):
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)
    octopus.answer(text=gzip.compress(b"[" * 1_000_000), headers={"Content-Encoding": "gzip"})
    with pytest.raises(OctopusBadAnswer, match="too large"):
        client.get_shop()


def test_an_answer_that_cannot_be_unpacked(octopus, client):
    octopus.answer(text="no gzip", headers={"Content-Encoding": "gzip"})
    with pytest.raises(OctopusBadAnswer, match="unpacked"):
        client.get_shop()


# === WHEN NO ANSWER COMES === #


def test_a_refused_connection_is_nothing_done():
    base_url = f"http://127.0.0.1:{unused_port()}"
    with (
        OctopusClient(base_url, MERCHANT, ACCESS_ID) as client,
        pytest.raises(OctopusConnectionError, match="does not accept connections") as caught,
    ):
        client.create_collection({"title": "Shoes"})
    assert caught.value.retryable
    assert not caught.value.maybe_done
    assert caught.value.status is None


def test_an_unknown_host_is_a_connection_error():
    with (
        OctopusClient("http://octopus.invalid", MERCHANT, ACCESS_ID) as client,
        pytest.raises(OctopusConnectionError) as caught,
    ):
        client.get_shop()
    assert caught.value.retryable


def test_silence_is_a_timeout(octopus, hasty_client):
    octopus.hang()
    with pytest.raises(OctopusTimeout, match="took too long") as caught:
        hasty_client.get_shop()
    assert caught.value.retryable
    assert not caught.value.maybe_done
    assert len(octopus.requests) == 1


def test_silence_half_way_is_a_timeout(octopus, hasty_client):
    octopus.hang(after=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    with pytest.raises(OctopusTimeout):
        hasty_client.get_shop()


def test_a_write_that_met_silence_may_be_done_and_is_not_repeated(octopus, hasty_client):
    octopus.hang()
    with pytest.raises(OctopusTimeout) as caught:
        hasty_client.create_collection({"title": "Shoes"})
    assert caught.value.maybe_done
    assert len(octopus.requests) == 1


@pytest.mark.parametrize("method", ["get_shop", "delete_product"])
def test_a_reset_connection_is_not_repeated(octopus, client, method):
    octopus.reset()
    arguments = [] if method == "get_shop" else ["1"]
    with pytest.raises(OctopusConnectionError, match="connection broke") as caught:
        getattr(client, method)(*arguments)
    assert caught.value.retryable
    assert caught.value.maybe_done is (method == "delete_product")
    assert len(octopus.requests) == 1


def test_a_truncated_answer_is_not_taken_for_whole(octopus, client):
    octopus.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"orders": []}')
    with pytest.raises(OctopusConnectionError, match="connection broke"):
        list(client.iter_orders())


def test_the_client_works_on_after_a_failure(octopus, client):
    octopus.reset()
    octopus.answer(SHOP)
    with pytest.raises(OctopusConnectionError):
        client.get_shop()
    assert client.get_shop().ref == "1"
