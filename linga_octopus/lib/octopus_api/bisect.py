"""Bulk calls that fail as a whole: find the items that make them fail."""

from .bulk import BulkItem, BulkResult
from .errors import OctopusError, OctopusRateLimited, OctopusValidationError


class SmallerBatch(OctopusError):
    """A bulk call failed again: send its items in smaller batches.

    Octopus may have created some of them in spite of the failure, so look them up first.
    """


class Bisect:
    """Items on their way to Octopus in bulk calls, halved where Octopus refuses a whole call.

    An item that Octopus refuses when it is alone in its call is a poison item: it fails, and the
    others go on.

    :param call: makes one bulk call with a list of items, and returns its BulkResult
    :param list items: dicts
    :param str key: the key of an item's correlation id
    :param ambiguous: the error classes whose cause may be one of the items. Name others than
        refusals only for items that may be sent twice.
    :ivar part: the items of the latest call
    """

    def __init__(self, call, items, key, *, ambiguous=OctopusValidationError):
        self._call = call
        self._key = key
        self._ambiguous = ambiguous
        self._parts = [items] if items else []  # the last one is the next call
        self.part = []  # the items of the latest call

    def send_next(self):
        """Make bulk calls until one of them settles items.

        Record the result before the next call, which may fail.

        :return: dict of BulkItem by correlation id; empty when all items are settled
        :raise OctopusError: the call failed for a reason that is no item's fault
        """
        while self._parts:
            self.part = part = self._parts.pop()
            try:
                return self._call(part).items
            except self._ambiguous as error:
                if len(part) == 1:
                    return poison_result(part[0], self._key, error).items
                middle = len(part) // 2
                self._parts += [part[middle:], part[:middle]]
        return {}


def poison_result(item, key, error):
    """Return the failure of a whole call as the BulkResult of the only item in it.

    The BulkItem's `raw` holds the error as `failure`, and either `refused` (Octopus did nothing)
    or `unclear` (nobody knows).
    """
    ref = str(item[key])
    outcome = "unclear" if error.maybe_done else "refused"
    return BulkResult({ref: BulkItem(ref, error=str(error), raw={"failure": error, outcome: True})})


def is_fault_of_items(client, error):
    """Tell whether a call may have failed because of its items, because Octopus itself works.

    :raise OctopusRateLimited: Octopus takes no calls, so the question stays open
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
