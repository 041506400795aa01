"""Whether to make the next call after one that failed.

One failed call says little about Octopus: the next one may succeed. Several in a row say that
Octopus is down.
"""

from .errors import OctopusError

# So many failed calls in a row mean that Octopus is down.
FAILURES_IN_A_ROW = 3


class CallStreak:
    """The single calls of a batch, one for each record: tells whether to go on after a failure.

    A record whose call failed is set aside and tried again when the others are done, so that it
    holds up none of them.
    """

    def __init__(self):
        self._in_a_row = 0
        self._error = None
        self.succeeded = 0

    def succeed(self):
        """Note that a call got through."""
        self._in_a_row = 0
        self.succeeded += 1

    def fail(self, error):
        """Note that a call failed.

        :raise OctopusError: the next call would fail as well
        """
        self._in_a_row += 1
        is_of_all = not error.retryable or error.is_rate_limit
        if is_of_all or self._in_a_row >= FAILURES_IN_A_ROW:
            raise error
        self._error = error

    def conclude(self):
        """End the batch.

        :raise OctopusError: there were only failures, so that another batch would meet the same
        """
        if self._error and not self.succeeded:
            raise self._error


def repeat_at_once(call, *args, **options):
    """Return what a call answers; it is repeated at once when it fails, a few times.

    :param call: a method of the client that only reads
    :raise OctopusError: Octopus is down, or another try would fail in the same way
    """
    streak = CallStreak()
    while True:
        try:
            return call(*args, **options)
        except OctopusError as error:
            streak.fail(error)
