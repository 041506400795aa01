"""The stock levels of one bulk call, and what Octopus answers."""

from ...const import BISECT_AFTER_ATTEMPTS, QUARANTINE_AFTER_ATTEMPTS
from ...lib.octopus_api.bisect import Bisect, is_fault_of_items
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError, OctopusValidationError
from ...lib.octopus_api.items import LEVEL_KEY, level_item
from ..sync import rate_budget

# When so many levels were refused one by one and none accepted, the last level is tried as well:
# if Octopus refuses it too, the reason is not the levels.
MAX_REFUSED = 3


class StockBatch:
    """Sends at most 250 levels together, and saves which ones Octopus accepted and refused.

    Accepted levels are committed after each call, because the next call may meet the rate limit.
    Refused levels are saved only when it is certain that Octopus does not refuse every call.

    :param store: the LevelStore
    :param client: the open client of the account
    :param list rows: the LevelRows to send
    :param dict numbers: the number to send, by level id
    :param int attempts: failures in a row so far; after some of them the batch is also bisected
        for errors of the server, which is safe because the numbers are absolute
    :param run: the sync run, if any
    """

    def __init__(self, store, client, rows, numbers, *, attempts, run=None):
        # The errors of refused levels, by level id.
        self.refused = {}
        # How many levels Octopus has answered. The levels after them are to be sent again, because
        # the last calls of this minute are left to orders.
        self.answered = 0
        self._store = store
        self._client = client
        self._numbers = numbers
        self._items = [
            level_item(
                str(row.id),
                location_ref=row.location_ref,
                inventory_item_ref=row.item_ref,
                available=numbers[row.id],
            )
            for row in rows
        ]
        self._attempts = attempts
        self._run = run
        self._suspects = {}  # level id -> the error, if the level is at fault
        # Octopus accepted some of the levels before those that are left.
        self._is_about_levels = bool(run and run.cursor and run.cursor.get("is_split"))
        self._bisected = (OctopusValidationError, OctopusNotFound)
        if attempts >= BISECT_AFTER_ATTEMPTS:
            self._bisected += (OctopusServerError,)

    def send(self):
        """Send the levels.

        :raise OctopusError: the call failed for another reason than its levels
        """
        failure = None
        bisect = Bisect(
            self._client.bulk_set_levels, self._items, LEVEL_KEY, ambiguous=self._bisected
        )
        while results := bisect.send_next():
            # A failed call is yielded only when there was a single level in it.
            failure = next(iter(results.values())).raw.get("failure")
            accepted = self._sort(results)
            self._judge(failure)
            if self._is_about_levels:
                self._save(accepted)
                if rate_budget.is_low(self._client, "stock"):
                    return
        is_ambiguous = self._suspects and not isinstance(failure, OctopusValidationError)
        if is_ambiguous and self._attempts < QUARANTINE_AFTER_ATTEMPTS:
            raise failure  # nothing was accepted, so the levels need not be the reason
        self._store.save_refused(self._suspects)

    def _sort(self, results):
        """Keep the refused levels of a call; return the accepted numbers by level id."""
        errors = {int(ref): result.error for ref, result in results.items()}
        refused = {id_: error for id_, error in errors.items() if error}
        self.answered += len(results)
        self.refused |= refused
        self._suspects |= refused
        return {id_: self._numbers[id_] for id_, error in errors.items() if not error}

    def _judge(self, failure):
        """Find out from the latest call whether Octopus refuses levels because of the levels.

        :param failure: the error of that call, if any
        :raise OctopusError: the reason is another one
        """
        if not failure:
            self._is_about_levels = True
        elif not is_fault_of_items(self._client, failure):
            raise failure
        elif not self._is_about_levels and len(self.refused) > MAX_REFUSED:
            if not self._is_answered(self._items[-1]):
                raise failure
            self._is_about_levels = True

    def _is_answered(self, item):
        """Tell whether Octopus accepts this level alone. It may be sent once more afterwards."""
        try:
            self._client.bulk_set_levels([item])
        except self._bisected:
            return False
        return True

    def _save(self, accepted):
        self._store.save_accepted(accepted, self._run)
        self._store.save_refused(self._suspects)
        self._suspects = {}
        self._store.commit()
