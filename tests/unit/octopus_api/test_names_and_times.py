"""What people read of an order: its words, its numbers, its times."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from octopus_api import Order
from octopus_api.parsing import MAX_TEXT, as_datetime, as_moment, as_name, as_words

NEW_YORK = ZoneInfo("America/New_York")


def order(zone=timezone.utc, **values):
    return Order.from_json({"id": 1, **values}, zone)


# === WORDS === #


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Lucy&#039;s &amp; Co", "Lucy's & Co"),
        ("Caf&eacute; &#x1F600;", "Café 😀"),
        ("&amp;lt;", "&lt;"),  # once, not twice
        ("&amp;amp;", "&amp;"),
        ("R&D &copy AT&T; a&b;", "R&D &copy AT&T; a&b;"),
        ("&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"),
        ("&nbsp;Ada&nbsp;", "Ada"),
        ("&#0;&#xD800;&#9999999;", "\ufffd\ufffd\ufffd"),
        (5, "5"),
        (None, ""),
    ],
)
def test_html_entities_are_read_once(given, words):
    assert as_words(given) == words


def test_words_have_an_end():
    assert len(as_words("&amp;" * MAX_TEXT)) <= MAX_TEXT
    assert len(as_name("&lt;" * 500)) == 255


def test_whatever_people_read_has_its_entities_read():
    text, read = "A&#39;s &amp;lt; B", "A's &lt; B"
    address = dict.fromkeys(
        ("name", "company", "address1", "address2", "zip", "city", "province", "country"), text
    )
    line = {"title": text, "variant_title": text, "name": text, "properties": {text: text}}
    found = order(
        customer={"first_name": text, "last_name": "x"},
        billing_address=address,
        shipping_address={"first_name": text, "last_name": "y"},
        note=[text, text],
        gateway=text,
        cancel_reason=text,
        shipping_lines=[{"title": text, "code": text}],
        line_items=[line],
    )
    billing, [line], [way] = found.billing_address, found.lines, found.shipping_lines
    assert found.customer.name == f"{read} x"
    assert found.shipping_address.name == f"{read} y"
    assert {billing.name, billing.company, billing.street, billing.street2} == {read}
    assert {billing.zip, billing.city, billing.state, billing.country} == {read}
    assert (line.title, line.variant_title, line.full_title) == (read, read, read)
    assert line.options == ((read, read),)
    assert (way.title, way.code) == (read, read)
    assert (found.note, found.gateway) == (f"{read}, {read}", read)
    assert found.cancel_reason == read


def test_codes_and_tags_are_no_words():
    found = order(tags="a&amp;b", line_items=[{"sku": "A&amp;B", "barcode": "&lt;"}])
    [line] = found.lines
    assert (found.tags, line.sku, line.barcode) == ("a&amp;b", "A&amp;B", "&lt;")


# === NUMBERS === #


@pytest.mark.parametrize(
    ("values", "number", "others"),
    [
        ({"name": "#1150", "order_number": 1150, "number": 150}, "#1150", ("150",)),
        ({"name": "112-3141592-6535897", "order_number": 7}, "112-3141592-6535897", ("7",)),
        ({"name": " #105 ", "order_number": 0, "number": None}, "#105", ()),
        ({"name": "", "order_number": 105, "number": 5}, "105", ("5",)),
        ({"name": None, "order_number": "", "number": 5}, "5", ()),
        ({"name": ["#1"], "order_number": "SO/105-x"}, "SO/105-x", ()),
        ({}, "", ()),
        (
            {"name": "#1", "source_identifier": "27-1", "po_number": "PO 9", "reference": "Demo1"},
            "#1",
            ("PO 9", "Demo1", "27-1"),
        ),
        ({"name": "#1", "reference": True, "po_number": {}, "checkout_id": 0}, "#1", ()),
        ({"name": "#1", "reference": "9" * 65}, "#1", ()),
        ({"name": "9" * 201}, None, ()),
    ],
)
def test_an_order_is_called_as_the_channel_calls_it(values, number, others):
    found = order(**values)
    assert found.number == number
    assert found.other_numbers == others


@pytest.mark.parametrize("number", ["#1150", "1150", "150", "#150", "PO 9"])
def test_people_may_know_it_by_each_of_its_numbers(number):
    found = order(name="#1150", number=150, po_number="PO 9")
    assert found.is_called(number)
    assert not found.is_called("115")
    assert not order(name={}).is_called("1")


# === TIMES === #


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2026-07-01T10:00:00", "2026-07-01T14:00"),
        ("2026-01-01T10:00:00", "2026-01-01T15:00"),
        ("2026-07-01", "2026-07-01T04:00"),
        ("07/25/2026 02:30:00 PM", "2026-07-25T18:30"),
        ("25.07.2026 14:30", "2026-07-25T18:30"),
        ("Fri, 10 Jul 2026 10:00:00 -0000", "2026-07-10T14:00"),
        ("2026-11-01T01:30:00", "2026-11-01T05:30"),  # twice that night: the first
        ("2026-03-08T02:30:00", "2026-03-08T07:30"),  # never that night
        # with an offset
        ("2026-07-01T10:00:00Z", "2026-07-01T10:00"),
        ("2026-07-01T10:00:00-00:00", "2026-07-01T10:00"),
        ("2026-07-01T10:00:00+0200", "2026-07-01T08:00"),
        ("/Date(1767225600000)/", "2026-01-01T00:00"),
        (1767225600, "2026-01-01T00:00"),
    ],
)
def test_a_time_without_an_offset_is_that_of_the_shop(given, moment):
    moment = datetime.fromisoformat(moment).replace(tzinfo=timezone.utc)
    assert as_moment(given, NEW_YORK) == moment
    assert as_moment(given, NEW_YORK).tzinfo is timezone.utc
    found = order(NEW_YORK, created_at=given, refunds=[{"id": 1, "processed_at": given}])
    assert (found.created_at, found.refunds[0].refunded_at) == (moment, moment)


def test_the_times_of_octopus_itself_are_utc():
    """Its lists are asked for with times in UTC without an offset."""
    found = order(NEW_YORK, octopus_updated_at="2026-07-01T10:00:00")
    assert found.updated_at == as_datetime("2026-07-01T10:00:00Z")


@pytest.mark.parametrize("given", ["9999-12-31T23:59:59", "0002-01-01T00:00", "2026-13-01"])
def test_the_ends_of_the_calendar_are_no_time(given):
    for zone in (NEW_YORK, ZoneInfo("Asia/Tokyo"), timezone.utc):
        found = order(zone, created_at=given)
        assert found.created_at or found.unread == (("created_at", "is not a date"),)


def test_the_best_known_time_of_placing_comes_first():
    times = {
        "created_at": "2026-01-03T00:00:00Z",
        "octopus_created_at": "2026-01-02T00:00:00Z",
        "octopus_updated_at": "2026-01-01T00:00:00Z",
    }
    assert [moment.day for moment in order(**times).placed_moments] == [3, 2, 1]
    assert order().placed_moments == ()
