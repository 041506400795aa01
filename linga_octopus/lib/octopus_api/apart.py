"""Finding the items that make Octopus refuse a whole bulk call."""

from collections.abc import Callable, Iterator

from .bulk import BulkItem, BulkResult
from .errors import OctopusValidationError


def send_apart(
    send: Callable[[list], BulkResult], items: list, key: str
) -> Iterator[dict[str, BulkItem]]:
    """Send items in one call; halve those that Octopus refuses as a whole, until each item that
    it does not take is alone. What becomes of them is yielded after every call, so that the
    caller can record it before the next call is made.

    :param send: makes one bulk call
    :param key: under which an item has its correlation id
    """
    try:
        result = send(items)
    except OctopusValidationError as error:
        if len(items) == 1:
            ref = str(items[0][key])
            yield {ref: BulkItem(ref, error=str(error), raw={"refused": True})}
            return
        middle = len(items) // 2
        yield from send_apart(send, items[:middle], key)
        yield from send_apart(send, items[middle:], key)
    else:
        yield result.items
