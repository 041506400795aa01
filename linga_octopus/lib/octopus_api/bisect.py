"""Bulk calls that fail as a whole: find the items that make them fail."""

from .bulk import BulkItem, BulkResult
from .errors import OctopusError, OctopusRateLimited, OctopusValidationError


class SmallerBatch(OctopusError):
    """A bulk call failed again: send its items in smaller batches.

    Octopus may have created some of them in spite of the failure, so look them up first.
    """


def send_next(call, parts, key, *, ambiguous=OctopusValidationError):
    """Make bulk calls until one of them settles items. A call that Octopus refuses as a whole is
    halved; an item that it refuses alone in its call is a poison item: it fails, the others go on.

    Record the result before the next call, which may fail.

    :param call: makes one bulk call with a list of items, and returns its BulkResult
    :param list parts: lists of items, the last one is the next call; what is settled is removed
    :param str key: the key of an item's correlation id
    :param ambiguous: the error classes whose cause may be one of the items. Name others than
        refusals only for items that may be sent twice.
    :return: dict of BulkItem by correlation id; empty when all items are settled
    :raise OctopusError: the call failed for a reason that is no item's fault; its part stays
    """
    while parts:
        part = parts[-1]
        try:
            results = call(part).items
        except ambiguous as error:
            parts.pop()
            if len(part) == 1:
                return poison_result(part[0], key, error).items
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
        else:
            parts.pop()
            return results
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
