"""Finding the items that make Octopus refuse a whole bulk call."""

from collections.abc import Callable, Iterator

from .bulk import BulkItem, BulkResult
from .errors import OctopusError, OctopusRateLimited, OctopusValidationError


class SmallerBatch(OctopusError):
    """Octopus failed at a batch again. It is to be sent in parts, after a look for what Octopus
    made of it in spite of that."""


def send_apart(
    send: Callable[[list], BulkResult],
    items: list,
    key: str,
    *,
    apart: type | tuple = OctopusValidationError,
) -> Iterator[dict[str, BulkItem]]:
    """Send items in one call; halve those that Octopus refuses as a whole, until each item that
    it does not take is alone. What becomes of them is yielded after every call, so that the
    caller can record it before the next call is made.

    :param send: makes one bulk call
    :param key: under which an item has its correlation id
    :param apart: the errors that may be about one item; beside refusals only for items that may
        be sent twice
    """
    try:
        result = send(items)
    except apart as error:
        if len(items) == 1:
            yield blame(items[0], key, error).items
            return
        middle = len(items) // 2
        yield from send_apart(send, items[:middle], key, apart=apart)
        yield from send_apart(send, items[middle:], key, apart=apart)
    else:
        yield result.items


def blame(item: dict, key: str, error: OctopusError) -> BulkResult:
    """Return the failure of a whole call as that of the only item in it."""
    ref = str(item[key])
    # Refused means that nothing was done; otherwise nobody knows.
    outcome = "unclear" if error.maybe_done else "refused"
    return BulkResult({ref: BulkItem(ref, error=str(error), raw={"failure": error, outcome: True})})


def is_fault_of_items(client, error: OctopusError) -> bool:
    """Tell whether a call may have failed because of what was sent: Octopus itself answers.

    :raise OctopusRateLimited: not now
    """
    if isinstance(error, OctopusValidationError):
        return True
    try:
        client.get_shop()
    except OctopusRateLimited:
        raise
    except OctopusError:
        return False
    return True
