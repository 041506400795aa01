"""The rate limit headers, in every notation that they may have."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from octopus_api.transport import RateLimit, read_clock_skew, read_rate, read_retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
IN_A_MINUTE = NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    "reset",
    ["60", str(int(IN_A_MINUTE.timestamp())), str(int(IN_A_MINUTE.timestamp() * 1000))]
    + ["2026-03-01T12:01:00Z", "Sun, 01 Mar 2026 12:01:00 GMT"],
)
def test_reset_is_a_moment(reset):
    headers = {
        "X-RateLimit-Limit": "250",
        "X-RateLimit-Remaining": "17",
        "X-RateLimit-Reset": reset,
    }
    assert read_rate(headers, NOW) == RateLimit(250, 17, IN_A_MINUTE)


def test_unreadable_reset_leaves_the_rest():
    headers = {"X-RateLimit-Remaining": "17", "X-RateLimit-Reset": "soon"}
    assert read_rate(headers, NOW) == RateLimit(None, 17, None)


def test_no_headers_no_rate():
    assert read_rate({"X-RateLimit-Remaining": "many"}, NOW) is None
    assert read_rate({}, NOW) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:45 GMT"}, 45),
        ({"Retry-After": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "30", "X-RateLimit-Reset": "60"}, 30),
        ({"X-RateLimit-Reset": "60"}, 60),
        ({"Retry-After": "86400"}, 3600),
        ({"Retry-After": "9999999999999"}, 3600),
        ({"Retry-After": "later"}, None),
        ({}, None),
    ],
)
def test_seconds_to_wait(headers, seconds):
    assert read_retry_after(headers, NOW) == seconds


@pytest.mark.parametrize("text", ["9" * 30, "-5", "1e5"])
def test_no_header_breaks_an_answer(text):
    headers = {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": text, "Retry-After": text}
    assert read_rate(headers, NOW).remaining == 1
    assert read_retry_after(headers, NOW) is None


@pytest.mark.parametrize("hours", [2, -2])
def test_moments_are_octopuss_and_clocks_may_differ(hours):
    """Octopus's window ends in 40 seconds, whatever our clock says."""
    theirs = NOW + timedelta(hours=hours)
    headers = {
        "Date": format_datetime(theirs, usegmt=True),
        "X-RateLimit-Remaining": "3",
        "X-RateLimit-Reset": str(int(theirs.timestamp()) + 40),
    }
    assert read_clock_skew(headers, NOW) == timedelta(hours=hours)
    assert read_rate(headers, NOW).reset_at == NOW + timedelta(seconds=40)
    assert read_retry_after(headers, NOW) == 40
    headers["Retry-After"] = format_datetime(theirs + timedelta(seconds=50), usegmt=True)
    assert read_retry_after(headers, NOW) == 50


@pytest.mark.parametrize("text", ["", "yesterday", "9" * 40, "Sun, 01 Mar 2026 12:00:20 GMT"])
def test_clocks_that_agree_or_say_nothing(text):
    assert read_clock_skew({"Date": text}, NOW) == timedelta(0)
