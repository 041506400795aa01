"""A batch that Octopus refuses as a whole is halved until the poison item is alone."""

from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_api.bisect import send_next
from octopus_api.bulk import BulkItem, BulkResult
from octopus_api.errors import OctopusServerError, OctopusValidationError


class Remote:
    """Refuses every call that has a bad item in it."""

    def __init__(self, bad):
        self.bad = set(bad)
        self.calls = 0
        self.taken = []

    def send(self, items):
        self.calls += 1
        refs = [item["ref"] for item in items]
        if self.bad & set(refs):
            raise OctopusValidationError("No.")
        self.taken += refs
        return BulkResult({ref: BulkItem(ref, f"remote-{ref}") for ref in refs})


def send_all(call, items, **options):
    """Send items until all are settled; return the BulkItems by correlation id."""
    parts, found = [items] if items else [], {}
    while results := send_next(call, parts, "ref", **options):
        found |= results
    return found


def outcome(remote, size):
    return send_all(remote.send, [{"ref": str(number)} for number in range(size)])


@given(st.integers(1, 250), st.data())
def test_only_the_bad_ones_fail(size, data):
    bad = data.draw(st.sets(st.integers(0, size - 1).map(str), max_size=5))
    remote = Remote(bad)
    found = outcome(remote, size)
    assert {ref for ref, item in found.items() if item.error} == bad
    assert sorted(remote.taken, key=int) == [str(n) for n in range(size) if str(n) not in bad]
    assert remote.calls <= 1 + 2 * len(bad) * ceil(log2(size))


def test_one_bad_item_in_250():
    remote = Remote({"77"})
    found = outcome(remote, 250)
    assert found["77"].error == "No."
    assert found["77"].raw == {"failure": found["77"].raw["failure"], "refused": True}
    assert remote.calls <= 17


def test_other_errors_are_not_halved():
    def send(_items):
        raise OctopusServerError("Down.")

    with pytest.raises(OctopusServerError):
        send_all(send, [{"ref": "1"}, {"ref": "2"}])


@pytest.mark.parametrize("maybe_done", [False, True])
def test_other_errors_are_halved_where_that_is_asked_for(maybe_done):
    def send(items):
        if {"ref": "2"} in items:
            raise OctopusServerError("Oops.", maybe_done=maybe_done)
        return BulkResult({item["ref"]: BulkItem(item["ref"]) for item in items})

    items = [{"ref": "1"}, {"ref": "2"}, {"ref": "3"}]
    found = send_all(send, items, ambiguous=OctopusServerError)
    assert [item.error for item in found.values()] == [None, "Oops.", None]
    assert ("unclear" if maybe_done else "refused") in found["2"].raw


def test_nothing_to_send_makes_no_call():
    remote = Remote(())
    assert send_all(remote.send, []) == {}
    assert remote.calls == 0
