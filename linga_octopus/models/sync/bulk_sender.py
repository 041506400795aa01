"""The bulk calls of a sync run, and the search for the record that makes one of them fail."""

from ...const import BISECT_AFTER_ATTEMPTS, QUARANTINE_AFTER_ATTEMPTS
from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.bisect import SmallerBatch, is_fault_of_items, poison_result, send_next
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError
from . import rate_budget

# So many poison items in a row, and no item that Octopus takes: the items are not the cause.
MAX_POISON_ITEMS = 10
# Errors whose cause may be one record, or Octopus itself.
AMBIGUOUS_ERRORS = (OctopusServerError, OctopusNotFound)


class BulkSender:
    """Sends the items of a run in bulk calls.

    Octopus refuses a whole call because of one item: the call is halved at once, until the poison
    item is alone. Octopus fails at a call (AMBIGUOUS_ERRORS): the run repeats it unchanged, because
    most failures are over soon. After BISECT_AFTER_ATTEMPTS failures in a row the next calls are
    halved, from try to try, until the poison item is alone in its call. It is reported as failed
    after QUARANTINE_AFTER_ATTEMPTS failures, and calls grow again with each one that Octopus takes.

    The run keeps `bulk_limit` and `poison_count` from try to try. They are written after the caller
    has committed the results: a user may stop the run at any moment, and that collision must not
    roll back what Octopus answered.

    :param run: the `octopus.sync.run`
    :param client: the OctopusClient of its store
    :param call: the client's method for one bulk call, such as `client.bulk_products`
    :param list items: dicts to send, at most `run.bulk_limit` of them, where it has one
    :param str key: the key of an item's correlation id
    """

    def __init__(self, run, client, call, items, key):
        self._run = run
        self._client = client
        self._call = call
        self._key = key
        self._parts = [items] if items else []
        self._results = {}  # of the call before

    def send_next(self):
        """Make the next bulk call. The caller records and commits its results before the next one.

        :return: dict of BulkItem by correlation id; empty when all items are sent, or when the rest
            of this minute's calls belongs to more urgent runs. Items without a result stay to be
            sent.
        :raise SmallerBatch: the items are to be sent in batches of `run.bulk_limit`
        :raise OctopusError: the call failed, and the run has to try again
        """
        if self._results:
            failures = [result.raw.get("failure") for result in self._results.values()]
            if any(isinstance(failure, AMBIGUOUS_ERRORS) for failure in failures):
                self._run.poison_count += 1
            elif self._run.bulk_limit or self._run.poison_count:
                self._grow()
            if rate_budget.is_low(self._client, self._run.kind):
                return {}
        try:
            self._results = send_next(self._call, self._parts, self._key)
        except AMBIGUOUS_ERRORS as error:
            part = self._parts.pop()
            if not self._is_poison(part, error):
                self._shrink(part, error)
            self._results = poison_result(part[0], self._key, error).items
        return self._results

    def _is_poison(self, part, error):
        """Tell whether a failed call failed because of the only item in it."""
        run = self._run
        return (
            len(part) == 1
            and (run.attempts >= QUARANTINE_AFTER_ATTEMPTS or not error.retryable)
            and run.poison_count < MAX_POISON_ITEMS
            and is_fault_of_items(self._client, error)
        )

    def _shrink(self, part, error):
        """Limit the size of the next batches, and raise."""
        run = self._run
        is_suspect = run.attempts >= BISECT_AFTER_ATTEMPTS or not error.retryable
        is_divisible = is_suspect and len(part) > 1
        run.bulk_limit = len(part) // 2 if is_divisible else len(part)
        run._checkpoint()
        if is_divisible:
            raise SmallerBatch(error.message, maybe_done=error.maybe_done) from error
        raise error

    def _grow(self):
        """Let the batches grow while Octopus takes them."""
        grown = 2 * self._run.bulk_limit
        self._run.write(
            {
                "bulk_limit": grown if grown < BULK_LIMIT else 0,
                "poison_count": 0,
                # What gets through counts; but the next failed call is halved at once.
                "attempts": min(self._run.attempts, BISECT_AFTER_ATTEMPTS),
            }
        )
