"""The page of an order at its channel: an address to open, without a secret in it."""

import json

import pytest

from octopus_api.order_page import order_page

PAGE = "https://shop.example.com/orders/8"


@pytest.mark.parametrize(
    ("payload", "page"),
    [
        ({"order_status_url": PAGE}, PAGE),
        ({"order": {"order_status_url": PAGE}}, PAGE),
        ({"order_status_url": PAGE + "/authenticate?key=secret#top"}, PAGE + "/authenticate"),
        ({"order_status_url": "", "order_url": PAGE}, PAGE),
        ({"order_status_url": "http://shop.example.com/orders/8"}, ""),
        ({"order_status_url": "javascript:alert(1)"}, ""),
        ({"order_status_url": "https://me:secret@shop.example.com/"}, ""),
        ({"order_status_url": "https://[broken/"}, ""),
        ({"order_status_url": 8}, ""),
        ({"order": "nothing"}, ""),
        ([], ""),
        ({}, ""),
    ],
)
def test_only_a_safe_page_is_opened(payload, page):
    assert order_page(json.dumps(payload)) == page


@pytest.mark.parametrize("payload", ["", None, "no JSON"])
def test_without_a_payload_there_is_no_page(payload):
    assert order_page(payload) == ""
