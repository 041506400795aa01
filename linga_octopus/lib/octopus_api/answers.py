"""Tolerant reading of whole answers: lists, single records, pages."""

from collections.abc import Iterator
from datetime import datetime, timezone

from .const import PAGE_LIMIT
from .errors import OctopusBadAnswer
from .parsing import as_ref

CIRCLE = "Octopus's pages run in a circle."


def records(data, *keys):
    """Return the records of a list answer.

    Octopus puts lists under plural or singular keys, answers a bare list, or one bare object
    when there is only one.

    :param keys: the keys under which the list may be
    :raise OctopusBadAnswer: none of these shapes. Never an empty list instead: "no products" and
        "not an answer" lead to opposite actions.
    """
    found = data
    if isinstance(data, dict):
        key = next((key for key in keys if key in data), None)
        if key is not None:
            found = data[key] or []
        elif "id" not in data:
            found = None
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise OctopusBadAnswer(f"Octopus's answer holds no list of {keys[0]}.")
    return found


def record(data, *keys):
    """Return the only record of an answer.

    :raise OctopusBadAnswer: there is none
    """
    found = records(data, *keys)
    if not found:
        raise OctopusBadAnswer(f"Octopus's answer holds no {keys[0]}.")
    return found[0]


def written(data, *keys):
    """Return the record that a writing call answered; empty when Octopus answered nothing."""
    if data is None:
        return {}
    try:
        return record(data, *keys)
    except OctopusBadAnswer as error:
        error.maybe_done = True
        raise


def new_ref(data, *keys):
    """Return the id of the record that was just created.

    :raise OctopusBadAnswer: no id; the record may exist all the same
    """
    try:
        ref = as_ref(record(data, *keys).get("id"))
    except (ValueError, OctopusBadAnswer):
        ref = None
    if ref is None:
        raise OctopusBadAnswer(f"Octopus returned no id for the new {keys[0]}.", maybe_done=True)
    return ref


def since_id_pages(transport, path, keys, filters) -> Iterator[dict]:
    """Yield the records of a list that is read with the cursor ``since_id``.

    Ends at a page that is not full, or that repeats known records: a server that ignores the
    cursor would otherwise keep us here for ever.
    """
    params = {"limit": PAGE_LIMIT} | query_values(filters)
    seen = set()
    while True:
        page = records(transport.request("GET", path, params=params).data, *keys)
        fresh = [item for item in page if str(item.get("id")) not in seen]
        yield from fresh
        if not fresh or len(page) < int(params["limit"]):
            return
        seen.update(str(item.get("id")) for item in fresh)
        params["since_id"] = str(page[-1].get("id"))


def linked_page(transport, path, keys, filters, link=None):
    """Return the records of one page, and the link of the next one: None at the end.

    :param link: where the page before said that this one is; None for the first page
    """
    if link:
        answer = transport.request_url("GET", link)
    else:
        params = {"limit": PAGE_LIMIT} | query_values(filters)
        answer = transport.request("GET", path, params=params)
    page = records(answer.data, *keys)
    return page, (answer.next_url if page else None)


def linked_pages(transport, path, keys, filters) -> Iterator[dict]:
    """Yield the records of a list whose answers name the next page in their ``Link`` header.

    :raise OctopusBadAnswer: the pages run in a circle; ending there could miss records silently
    """
    visited, link = set(), None
    while True:
        page, link = linked_page(transport, path, keys, filters, link)
        yield from page
        if not link:
            return
        if link in visited:
            raise OctopusBadAnswer(CIRCLE, retryable=False)
        visited.add(link)


def query_values(filters):
    """Return filters as query values: UTC without offset, lists with commas, None left out."""
    return {name: _query_value(value) for name, value in filters.items() if value is not None}


def _query_value(value):
    if isinstance(value, datetime):
        if value.tzinfo:
            value = value.astimezone(timezone.utc)
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(map(str, value))
    return str(value)
