"""The decision after a failed call: wait and try again, give up, or ask for new credentials."""

from dataclasses import dataclass

# Seconds until the next try, by the number of tries without progress so far. Most failures pass at
# once: the worker sleeps through the first two waits instead of coming back with the scheduler.
RETRY_DELAYS = (3, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
# Orders are polled every five minutes, so a try is never further away than that. The sum of the
# delays is about that of RETRY_DELAYS.
ORDER_RETRY_DELAYS = (3, 5, 15, 30, 60, 120) + (300,) * 25
# Seconds to wait after a 429 whose answer names no time: the window of Octopus's rate limit.
RATE_LIMIT_SECONDS = 60


@dataclass(frozen=True)
class Wait:
    """Try again later.

    :param float seconds: until the next try
    :param int attempts: tries without progress, to be stored until the next failure
    :param bool is_rate_limit: Octopus works, and asks for fewer calls
    """

    seconds: float
    attempts: int
    is_rate_limit: bool = False


@dataclass(frozen=True)
class GiveUp:
    """Another try would fail in the same way, or there were enough tries without progress."""


@dataclass(frozen=True)
class Reconnect:
    """Octopus refuses the credentials: only a manager can help."""


def back_off(error, attempts, *, delays=RETRY_DELAYS, gives_up=True):
    """Return the decision after a failure.

    :param error: the `OctopusError` (of `octopus_api`) of the failed call
    :param int attempts: tries without progress before this one
    :param delays: seconds by number of tries without progress
    :param bool gives_up: False repeats the last delay for ever, for queues that are never dropped
    :return: Wait, GiveUp or Reconnect
    """
    if error.needs_reconnect:
        return Reconnect()
    if error.is_rate_limit:
        return Wait(error.retry_after or RATE_LIMIT_SECONDS, attempts, is_rate_limit=True)
    if gives_up and not (error.retryable and attempts < len(delays)):
        return GiveUp()
    return Wait(delays[min(attempts, len(delays) - 1)], attempts + 1)
