"""Some stock levels on their way to Octopus."""

from ...const import BISECT_AFTER_ATTEMPTS, QUARANTINE_AFTER_ATTEMPTS
from ...lib.octopus_api.bisect import Bisect, is_fault_of_items
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError, OctopusValidationError

# So many refused one by one and none accepted, and the last neither: it is not the items that
# Octopus refuses.
MAX_REFUSED = 3
KEY = "sv_temp_id"


class StockBatch:
    """At most 250 levels that are sent together: what Octopus took of them, and what it refused.

    What it took is recorded for good after each call: the next one may meet the rate limit. That
    it refused a level is recorded only when it is sure that not every call is refused.

    :param levels: an empty recordset of `octopus.stock.level`, of whom does the work
    :param client: the store's open client
    :param list rows: the levels, as LevelRow
    :param dict numbers: what is to be sent, by level id
    :param int attempts: how often in a row it failed before; then also levels at which Octopus
        fails are looked for: the numbers are absolute, and may be sent twice
    :param run: the pass, if it is one
    """

    def __init__(self, levels, client, rows, numbers, *, attempts, run=None):
        # What Octopus refused, by level id.
        self.refused = {}
        # How many levels Octopus has answered: those after them are to be sent again, because the
        # last calls of this minute are for the lanes above.
        self.answered = 0
        self._levels = levels
        self._client = client
        self._numbers = numbers
        self._items = [_prepare_item(row, numbers[row.id]) for row in rows]
        self._attempts = attempts
        self._run = run
        self._suspects = {}  # level id -> why it was refused, if that is about the level
        # Of the levels before those that the budget left over, Octopus took some.
        self._is_about_levels = bool(run and run.cursor and run.cursor.get("is_split"))
        self._bisected = (OctopusValidationError, OctopusNotFound)
        if attempts >= BISECT_AFTER_ATTEMPTS:
            self._bisected += (OctopusServerError,)

    def send(self):
        """Send the levels.

        :raise OctopusError: it is not the levels that Octopus refuses
        """
        failure = None
        bisect = Bisect(self._client.bulk_set_levels, self._items, KEY, ambiguous=self._bisected)
        while results := bisect.send_next():
            # A failed call is yielded only when there was a single level in it.
            failure = next(iter(results.values())).raw.get("failure")
            accepted = self._sort(results)
            self._judge(failure)
            if self._is_about_levels:
                self._record(accepted)
                if self._levels.env["octopus.account"]._stock_budget_is_low(self._client):
                    return
        is_doubtful = self._suspects and not isinstance(failure, OctopusValidationError)
        if is_doubtful and self._attempts < QUARANTINE_AFTER_ATTEMPTS:
            raise failure  # nothing was taken: nobody knows whether it is the levels
        self._levels._record_refused(self._suspects)

    def _sort(self, results):
        """Note what Octopus refused, and return the numbers that it accepted, by level id."""
        errors = {int(ref): result.error for ref, result in results.items()}
        refused = {id_: error for id_, error in errors.items() if error}
        self.answered += len(results)
        self.refused |= refused
        self._suspects |= refused
        return {id_: self._numbers[id_] for id_, error in errors.items() if not error}

    def _judge(self, failure):
        """Learn from the latest call whether what is refused is refused because of the levels.

        :param failure: of that call
        :raise OctopusError: it is not
        """
        if not failure:
            self._is_about_levels = True
        elif not is_fault_of_items(self._client, failure):
            raise failure
        elif not self._is_about_levels and len(self.refused) > MAX_REFUSED:
            if not self._is_looked_at(self._items[-1]):
                raise failure
            self._is_about_levels = True

    def _is_looked_at(self, item):
        """Tell whether Octopus takes or refuses this level by itself, and not all calls. It may
        be sent once more."""
        try:
            self._client.bulk_set_levels([item])
        except self._bisected:
            return False
        return True

    def _record(self, accepted):
        self._levels._record_accepted(accepted, self._run)
        self._levels._record_refused(self._suspects)
        self._suspects = {}
        self._levels.env["ir.cron"]._commit_progress()


def _prepare_item(row, number):
    return {
        KEY: str(row.id),
        "location_id": _as_sent(row.location_ref),
        "inventory_item_id": _as_sent(row.item_ref),
        "available": number,
    }


def _as_sent(ref):
    """Return an id as Octopus's own samples show it: a number where it is one."""
    return int(ref) if ref.isdecimal() else ref
