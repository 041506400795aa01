"""The bulk calls of a pass: what Octopus refuses, or fails at, is sent in smaller parts until the
record at fault is alone."""

from odoo import fields, models

from ...const import BULK_LIMIT, PATIENCE, PATIENCE_ALONE
from ...lib.octopus_api.bisect import SmallerBatch, blame, is_fault_of_items, send_apart
from ...lib.octopus_api.errors import OctopusNotFound, OctopusServerError

# So many records that fail alone and none between them that is taken: it is not the records.
MAX_ALONE = 10
# What may be the fault of one record or not.
DOUBTFUL = (OctopusServerError, OctopusNotFound)


class OctopusSyncRun(models.Model):
    _inherit = "octopus.sync.run"

    bulk_limit = fields.Integer(
        readonly=True,
        export_string_translation=False,
        help="How much a bulk call may hold since Octopus failed at one; 0: as much as it takes.",
    )
    bulk_alone = fields.Integer(
        readonly=True,
        export_string_translation=False,
        help="Records in a row that Octopus failed at although each was alone in its call.",
    )

    def _batch_size(self):
        """Return how many records the next bulk call may hold."""
        return self.bulk_limit or BULK_LIMIT

    def _send_apart(self, client, send, items, key):
        """Send items as `send_apart` does, which tells what became of them in their order, until
        only the calls of the lanes above are left: the items after that are still to be sent.

        :raise SmallerBatch: they are to be sent in parts of `_batch_size`
        """

        def send_part(part):
            try:
                return send(part)
            except DOUBTFUL as error:
                self._doubt_batch(client, error, len(part))
                return blame(part[0], key, error)

        for results in send_apart(send_part, items, key) if items else ():
            yield results
            # Not earlier: what Octopus answered must be permanent before the pass is written to.
            self._note_answer(results)
            if self._is_budget_low(client):
                return

    def _doubt_batch(self, client, error, count):
        """Return when the only record of a failed bulk call is to blame; else make the next
        batches smaller, if this was not the first failure, and raise."""
        # What may be repeated unchanged is, before records are doubted.
        is_doubtful = self.attempts >= PATIENCE or not error.retryable
        is_alone = count == 1 and (self.attempts >= PATIENCE_ALONE or not error.retryable)
        if is_alone and self.bulk_alone < MAX_ALONE and is_fault_of_items(client, error):
            return
        is_divisible = is_doubtful and count > 1
        self.bulk_limit = count // 2 if is_divisible else count
        self._checkpoint()
        if is_divisible:
            raise SmallerBatch(error.message, maybe_done=error.maybe_done) from error
        raise error

    def _note_answer(self, results):
        """Let batches grow again while Octopus takes them."""
        failures = [result.raw.get("failure") for result in results.values()]
        if any(isinstance(failure, DOUBTFUL) for failure in failures):
            self.bulk_alone += 1
        elif self.bulk_limit or self.bulk_alone:
            grown = 2 * self.bulk_limit
            self.write({"bulk_limit": grown if grown < BULK_LIMIT else 0, "bulk_alone": 0})
