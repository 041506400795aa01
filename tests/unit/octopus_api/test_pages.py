"""Lists of many pages: all of it, each record once, and always an end."""

from datetime import datetime, timedelta, timezone

import pytest

from octopus_api import OctopusBadAnswer


def products(first, last):
    return {"product": [{"id": number} for number in range(first, last + 1)]}


def ids(found):
    return [item["id"] for item in found]


def refs(found):
    return [int(item.ref) for item in found]


def next_link(url):
    return {"Link": f'<{url}>; rel="next"'}


# === THE CURSOR since_id === #


def test_products_are_read_to_the_first_page_that_is_not_full(octopus, client):
    octopus.answer(products(1, 250))
    octopus.answer(products(251, 500))
    octopus.answer(products(501, 510))
    assert refs(client.iter_products()) == list(range(1, 511))
    assert [request.query for request in octopus.requests] == [
        {"limit": "250"},
        {"limit": "250", "since_id": "250"},
        {"limit": "250", "since_id": "500"},
    ]


def test_a_full_last_page_is_followed_by_an_empty_one(octopus, client):
    octopus.answer(products(1, 250))
    octopus.answer({"product": []})
    assert len(list(client.iter_products())) == 250
    assert len(octopus.requests) == 2


def test_a_server_that_ignores_the_cursor_does_not_keep_us(octopus, client):
    octopus.answer(products(1, 250))
    assert refs(client.iter_products()) == list(range(1, 251))
    assert len(octopus.requests) == 2


def test_overlapping_pages_yield_each_record_once(octopus, client):
    octopus.answer(products(1, 3))
    octopus.answer(products(3, 5))
    octopus.answer(products(5, 5))
    assert refs(client.iter_products(limit=3)) == [1, 2, 3, 4, 5]


def test_filters_are_kept_on_every_page(octopus, client):
    octopus.answer(products(1, 2))
    octopus.answer({"product": []})
    list(client.iter_products(limit=2, vendor="ACME", title=None))
    assert [request.query for request in octopus.requests] == [
        {"limit": "2", "vendor": "ACME"},
        {"limit": "2", "vendor": "ACME", "since_id": "2"},
    ]


def test_pages_are_read_only_when_needed(octopus, client):
    octopus.answer(products(1, 250))
    assert next(client.iter_products()).ref == "1"
    assert client.calls == 1


@pytest.mark.parametrize("key", ["product", "products"])
def test_the_key_may_be_singular_or_plural(octopus, client, key):
    octopus.answer({key: [{"id": 1}]})
    assert refs(client.iter_products()) == [1]


@pytest.mark.parametrize("answer", [{}, {"error": "x"}, "x", 3, None, {"product": [1]}])
def test_an_answer_without_list_is_not_an_empty_shop(octopus, client, answer):
    octopus.answer(answer)
    with pytest.raises(OctopusBadAnswer, match="no list of product"):
        list(client.iter_products())


# === LINK HEADERS === #


def test_orders_follow_the_next_page(octopus, client):
    octopus.answer(
        {"orders": [{"id": 1}]}, headers=next_link(f"{octopus.base_url}/orders.json?page_info=b")
    )
    octopus.answer(
        {"orders": [{"id": 2}]},
        headers={
            "Link": f'<{octopus.base_url}/orders.json?page_info=a>; rel="previous", '
            f'<{octopus.base_url}/orders.json?page_info=c>; rel="next"'
        },
    )
    octopus.answer(
        {"orders": [{"id": 3}]},
        headers={"Link": f'<{octopus.base_url}/orders.json?page_info=b>; rel="previous"'},
    )
    assert ids(client.iter_orders()) == [1, 2, 3]
    assert [request.query for request in octopus.requests] == [
        {"limit": "250"},
        {"page_info": "b"},
        {"page_info": "c"},
    ]


def test_a_relative_link_is_followed(octopus, client):
    octopus.answer({"orders": [{"id": 1}]}, headers=next_link("orders.json?page_info=b"))
    octopus.answer({"orders": [{"id": 2}]})
    assert ids(client.iter_orders()) == [1, 2]
    assert octopus.requests[1].path == "orders.json"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/admin/api/2020-01/orders.json",
        "https://evil.example/orders.json",
        "//evil.example/orders.json",
        "http://[broken",
        "file:///etc/passwd",
        # Whoever looks only at one of the two hosts in it sends the secret to the other.
        "{evil}\\@{octopus}/admin/api/2020-01/orders.json",
        "{evil}@{octopus_host}/admin/api/2020-01/orders.json",
        "http://user:pass@{octopus_host}/admin/api/2020-01/orders.json",
    ],
)
def test_credentials_do_not_follow_a_link_to_another_server(octopus, client, url):
    host = octopus.origin.removeprefix("http://")
    url = url.format(evil="http://127.0.0.2:1", octopus=host, octopus_host=host)
    octopus.answer({"orders": [{"id": 1}]}, headers=next_link(url))
    with pytest.raises(OctopusBadAnswer, match="another address"):
        list(client.iter_orders())
    assert client.calls == 1


def test_an_empty_page_is_the_end_even_with_a_link(octopus, client):
    octopus.answer({"orders": []}, headers=next_link(f"{octopus.base_url}/orders.json?x=1"))
    assert not list(client.iter_orders())
    assert len(octopus.requests) == 1


def test_pages_in_a_circle_are_noticed(octopus, client):
    link = next_link(f"{octopus.base_url}/orders.json?page_info=b")
    octopus.answer({"orders": [{"id": 1}]}, headers=link)
    with pytest.raises(OctopusBadAnswer, match="circle"):
        list(client.iter_orders())
    assert len(octopus.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"orders": [{"id": 1}]},
        {"order": [{"id": 1}]},
        {"order": {"id": 1}},
        [{"id": 1}],
        {"id": 1},
    ],
)
def test_the_ambiguous_key_of_orders(octopus, client, answer):
    octopus.answer(answer)
    assert list(client.iter_orders()) == [{"id": 1}]


# === FILTERS === #


def test_moments_are_sent_in_utc_without_offset(octopus, client):
    octopus.answer({"orders": []})
    east = timezone(timedelta(hours=2))
    list(
        client.iter_orders(
            updated_at_min=datetime(2014, 4, 25, 18, 15, 47, 999, tzinfo=east),
            updated_at_max=datetime(2014, 4, 25, 16, 15, 47),  # noqa: DTZ001
            ids=["1", "ord_2"],
            test=False,
            location_id=None,
        )
    )
    assert octopus.requests[0].query == {
        "limit": "250",
        "updated_at_min": "2014-04-25T16:15:47",
        "updated_at_max": "2014-04-25T16:15:47",
        "ids": "1,ord_2",
        "test": "false",
    }


def test_no_ids_are_no_orders(octopus, client):
    assert not list(client.iter_orders(ids=[]))
    assert not octopus.requests
