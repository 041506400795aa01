"""A store's first day, from outside: only HTTP to Odoo, to its webhook and to the sandbox."""

import time
from collections import Counter

import pytest
import requests

from devtools.steps import Failure
from tests.e2e.waiting import wait_for


class Octopus:
    """The sandbox's control, as a test needs it."""

    def __init__(self, url):
        self.url = url

    def state(self):
        return requests.get(f"{self.url}/_sandbox/state", timeout=30).json()

    def order(self, *lines, **fields):
        body = {"source": "SHOPIFY", "lines": list(lines), **fields}
        answer = requests.post(f"{self.url}/_sandbox/orders", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def levels(self):
        """{SKU: available} of the one mapped location."""
        state = self.state()
        skus = {
            str(variant["inventory_item_id"]): variant["sku"]
            for product in state["products"]
            for variant in product["variants"]
        }
        return {
            skus[str(level["inventory_item_id"])]: level["available"] for level in state["levels"]
        }


@pytest.fixture(scope="module")
def octopus(demo):
    return Octopus(demo["sandbox"])


@pytest.fixture(scope="module")
def article(octopus, odoo):
    """(SKU, product id) of a variant of which the sandbox has some in stock."""
    variants = odoo.call(
        "octopus.variant",
        "search_read",
        [("state", "=", "synced"), ("product_id.is_storable", "=", True)],
        ["product_id", "octopus_ref"],
    )
    skus = {
        str(variant["id"]): variant["sku"]
        for product in octopus.state()["products"]
        for variant in product["variants"]
    }
    levels = octopus.levels()
    for variant in variants:
        sku = skus[variant["octopus_ref"]]
        if levels.get(sku, 0) > 10:
            return sku, variant["product_id"][0]
    raise AssertionError("no variant is synced and in stock")


def on_hand(odoo, product):
    return odoo.call("product.product", "read", [product], ["qty_available"])[0]["qty_available"]


def find_order(odoo, remote):
    fields = ["status", "stock_state", "check_total", "customer_name", "third_party_name"]
    return odoo.call(
        "octopus.order",
        "search_read",
        [("aggregator_order_no", "=", str(remote["id"]))],
        [*fields, "third_party_order_no", "picking_ids", "line_ids"],
    )


def deducted_order(odoo, remote):
    """The order, once its stock is deducted."""
    return wait_for(
        lambda: find_order(odoo, remote),
        lambda found: found and found[0]["stock_state"] == "deducted",
    )


def level(octopus, sku, expected):
    """What the sandbox shows of `sku`, once it is as expected or time is up."""
    levels = wait_for(octopus.levels, lambda levels: levels[sku] == expected)
    return levels[sku]


# === THE CATALOGUE === #


def test_octopus_shows_the_categories_of_the_points_of_sale(octopus, odoo):
    names = {
        category["id"]: category
        for category in odoo.call("pos.category", "search_read", [], ["name", "parent_id"])
    }

    def spelled(category):
        parent = category["parent_id"]
        above = f"{spelled(names[parent[0]])} > " if parent else ""
        return f"{above}{category['name']}"

    ours = Counter(spelled(category) for category in names.values())
    theirs = Counter(item["title"] for item in octopus.state()["collections"])
    assert set(theirs) == set(ours)
    assert max(theirs.values()) == 1


def test_octopus_shows_the_products_of_the_points_of_sale(octopus, odoo):
    products = odoo.call(
        "product.template",
        "search_read",
        [("available_in_pos", "=", True), ("sale_ok", "=", True)],
        ["name", "product_variant_count"],
    )
    explained = {
        issue["record_name"]
        for issue in odoo.call(
            "octopus.sync.issue",
            "search_read",
            [("kind", "=", "products"), ("fixed_by", "=", False)],
            ["record_name"],
        )
    }
    theirs = {item["title"]: len(item["variants"]) for item in octopus.state()["products"]}
    ours = {
        product["name"]: product["product_variant_count"]
        for product in products
        if product["name"] not in explained
    }
    assert theirs == ours
    assert len(theirs) > 50


def test_octopus_shows_the_stock_of_the_warehouse(octopus, odoo):
    variants = odoo.call(
        "octopus.variant",
        "search_read",
        [("state", "=", "synced"), ("product_id.is_storable", "=", True)],
        ["product_id", "inventory_item_ref"],
    )
    ids = [variant["product_id"][0] for variant in variants]
    free = {
        product["id"]: product["free_qty"]
        for product in odoo.call("product.product", "read", ids, ["free_qty"])
    }
    levels = {
        str(level["inventory_item_id"]): level["available"] for level in octopus.state()["levels"]
    }
    expected = {
        variant["inventory_item_ref"]: max(0, int(free[variant["product_id"][0]]))
        for variant in variants
    }
    assert expected
    assert {ref: levels.get(ref) for ref in expected} == expected


# === AN ORDER === #


def test_an_order_arrives_and_takes_its_stock_everywhere(octopus, odoo, article):
    sku, product = article
    before, shown = on_hand(odoo, product), octopus.levels()[sku]
    remote = octopus.order(
        {"sku": sku, "quantity": 2},
        customer={"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"},
    )
    [order] = deducted_order(odoo, remote)
    assert order["status"] == "take_action"
    assert order["stock_state"] == "deducted"
    assert order["customer_name"] == "Ada Byron"
    assert order["third_party_name"] == "SHOPIFY"
    assert f"{order['check_total']:.2f}" == f"{float(remote['total_price']):.2f}"
    pickings = odoo.call("stock.picking", "read", order["picking_ids"], ["state"])
    assert [picking["state"] for picking in pickings] == ["done"]
    assert on_hand(odoo, product) == before - 2
    assert level(octopus, sku, shown - 2) == shown - 2


def test_an_order_beyond_the_stock_goes_below_zero_and_comes_back(octopus, odoo, article):
    sku, product = article
    before = on_hand(odoo, product)
    remote = octopus.order({"sku": sku, "quantity": int(before) + 5})
    [order] = deducted_order(odoo, remote)
    assert on_hand(odoo, product) == before - (int(before) + 5) < 0
    assert level(octopus, sku, 0) == 0

    odoo.call("octopus.order", "write", [order["id"]], {"status": "cancelled"})
    assert on_hand(odoo, product) == before
    [order] = find_order(odoo, remote)
    assert (order["status"], order["stock_state"]) == ("cancelled", "restored")
    assert level(octopus, sku, max(0, int(before))) == max(0, int(before))


def test_the_same_webhook_again_changes_nothing(demo, octopus, odoo, article):
    sku, product = article
    remote = octopus.order({"sku": sku, "quantity": 1})
    deducted_order(odoo, remote)
    before = on_hand(odoo, product)
    answer = post(demo, remote)
    assert answer.status_code == 200
    time.sleep(1.5)  # nothing may happen: there is no event to wait for
    assert on_hand(odoo, product) == before
    [order] = find_order(odoo, remote)
    assert len(order["picking_ids"]) == 1


def test_an_order_for_an_unknown_product_is_kept(octopus, odoo, article):
    sku, product = article
    before = on_hand(odoo, product)
    remote = octopus.order(
        {"sku": sku, "quantity": 1},
        {"sku": "NOBODY-KNOWS", "title": "A mystery", "price": "3.50", "quantity": 1},
    )
    [order] = wait_for(
        lambda: find_order(odoo, remote),
        lambda found: found and found[0]["stock_state"] == "partial",
    )
    assert order["stock_state"] == "partial"
    lines = odoo.call("octopus.order.line", "read", order["line_ids"], ["sku", "needs_mapping"])
    assert {line["sku"]: line["needs_mapping"] for line in lines} == {
        sku: False,
        "NOBODY-KNOWS": True,
    }
    assert on_hand(odoo, product) == before - 1


# === BAD INPUT AT THE DOOR === #


def post(demo, body, **options):
    """Post to the webhook with the merchant's credentials, unless told otherwise."""
    options.setdefault("auth", (demo["merchant"], demo["access_id"]))
    options.setdefault("headers", {"X-Octopus-Topic": "orders/create"})
    content = {"data": body} if isinstance(body, bytes | str) else {"json": body}
    url = options.pop("url", demo["webhook_url"])
    if "data" in content:
        options["headers"] = {"Content-Type": "application/json"} | options["headers"]
    return requests.post(url, timeout=30, **content, **options)


def test_malformed_json_is_refused(demo):
    assert post(demo, '{"id": 1,').status_code == 400


def test_json_that_is_no_order_is_refused_with_the_field(demo):
    answer = post(demo, {"line_items": "two shirts"})
    assert answer.status_code == 422
    assert answer.json()["field"] == "id"


def test_an_enormous_body_is_refused(demo):
    assert post(demo, b'{"id": "' + b"9" * 1_100_000 + b'"}').status_code == 413


def test_strangers_are_refused(demo):
    order = {"id": 4711, "line_items": []}
    wrong_password = post(demo, order, auth=(demo["merchant"], "wrong"))
    wrong_token = post(demo, order, url=demo["webhook_url"][:-4] + "none")
    assert wrong_password.status_code in (401, 403)
    assert wrong_token.status_code in (401, 403)


def test_wrong_credentials_are_told_from_an_octopus_that_is_down(demo, odoo):
    values = {"merchant_name": "nobody", "access_id": "wrong", "name": "Other store"}
    account = odoo.call(
        "octopus.account", "create", values | {"base_url": f"{demo['sandbox']}/admin/api/2020-01"}
    )
    odoo.call("octopus.account", "action_subscribe", [account])
    assert "does not accept" in refusal(odoo, account)
    odoo.call("octopus.account", "write", [account], {"base_url": "http://127.0.0.1:9/api"})
    assert "cannot be reached" in refusal(odoo, account)
    odoo.call("octopus.account", "write", [account], {"base_url": f"{demo['sandbox']}/nothing"})
    assert "no Octopus at" in refusal(odoo, account)
    odoo.call("octopus.account", "unlink", [account])


def refusal(odoo, account):
    """What Save & Test says when it fails."""
    with pytest.raises(Failure) as refused:
        odoo.call("octopus.account", "action_test_connection", [account])
    return str(refused.value)
