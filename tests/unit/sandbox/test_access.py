"""Who may call, how often, and how a refusal looks."""

import pytest

from octopus_sandbox.rate_limit import RateLimit

TOKEN = {"X-Octopus-Access-Token": "demo-access-id"}
BASIC = ("demo", "demo-access-id")
SHOP = "/admin/api/2020-01/shop.json"


@pytest.mark.parametrize(
    ("auth", "headers"),
    [
        (None, {}),
        (BASIC, {}),
        (None, TOKEN),
        (("demo", "wrong"), TOKEN),
        (("someone", "demo-access-id"), TOKEN),
        (BASIC, {"X-Octopus-Access-Token": "wrong"}),
    ],
)
def test_both_credentials_are_needed(client, auth, headers):
    answer = client.get(SHOP, auth=auth, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "UNAUTHORIZED"
    assert client.get(SHOP, auth=BASIC, headers=TOKEN).status_code == 200


def test_shop_is_a_list_whose_first_entry_is_the_shop(api):
    first, second = api.ok("GET", "shop.json")["shop"]
    assert (first["currency"], first["primary_location_id"]) == ("USD", 1001)
    assert second["id"] == 1002
    names = [location["name"] for location in api.ok("GET", "locations.json")["locations"]]
    assert names == ["Main store", "Warehouse"]


def test_broken_json_is_400(api):
    answer = api.send("POST", "BulkProduct/bulkpost.json", content=b"{nonsense")
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "BAD_REQUEST",
        "message": "The request body is not valid JSON.",
        "status": 400,
    }


def test_half_a_character_is_400(api):
    body = b'{"custom_collection": {"title": "\\ud800"}}'
    assert api.send("POST", "custom_collections.json", content=body).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing.json", 404),
        ("GET", "orders/ord_1010.json", 404),
        ("DELETE", "shop.json", 405),
        ("DELETE", f"products/{10**30}.json", 422),
    ],
)
def test_every_refusal_has_the_envelope(api, method, path, status):
    assert api.refused(method, path, status=status)["status"] == status


def test_unknown_query_parameter_is_refused(api):
    assert api.refused("GET", "products.json?colour=red")["field"] == "colour"
    assert api.refused("GET", "products.json?limit=251")["field"] == "limit"


def test_rate_limit_counts_down_and_then_refuses(api, control):
    control.ok("PUT", "settings", {"rate_limit": 2})
    first, second, third = (api.send("GET", "shop.json") for _ in range(3))
    assert [r.headers["X-RateLimit-Remaining"] for r in (first, second)] == ["1", "0"]
    assert third.status_code == 429
    assert third.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert third.headers["X-RateLimit-Limit"] == "2"
    assert 1 <= int(third.headers["Retry-After"]) <= 60
    assert first.headers["X-RateLimit-Reset"] == third.headers["X-RateLimit-Reset"]


def test_rate_limit_opens_again_at_its_reset_time():
    clock = iter([1000.0, 1059.5, 1060.0])
    limit = RateLimit(1, 60, clock=lambda: next(clock))
    assert limit.take()[1]["X-RateLimit-Reset"] == "1060"
    allowed, headers = limit.take()
    assert (allowed, headers["Retry-After"]) == (False, "1")
    assert limit.take()[0]


def test_requests_are_counted_by_template(api, control):
    api.send("GET", "shop.json")
    for order_id in (1, 2):
        api.send("GET", f"orders/{order_id}.json")
    assert control.ok("GET", "requests") == {"GET /orders/{id}.json": 2, "GET /shop.json": 1}
    control.ok("DELETE", "requests")
    assert control.ok("GET", "requests") == {}
