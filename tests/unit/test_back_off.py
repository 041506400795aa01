import pytest
from back_off import (
    ORDER_RETRY_DELAYS,
    RATE_LIMIT_SECONDS,
    RETRY_DELAYS,
    GiveUp,
    Reconnect,
    Wait,
    back_off,
)

from octopus_api import (
    OctopusAuthError,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusServerError,
)

DOWN = OctopusServerError("down", status=503)


def test_the_delay_grows_until_the_tries_are_used_up():
    attempts, waited = 0, []
    while isinstance(decision := back_off(DOWN, attempts), Wait):
        waited.append(decision.seconds)
        attempts = decision.attempts
    assert tuple(waited) == RETRY_DELAYS
    assert decision == GiveUp()


def test_a_queue_that_never_gives_up_repeats_the_last_delay():
    assert back_off(DOWN, 99, gives_up=False) == Wait(RETRY_DELAYS[-1], 100)


def test_orders_never_wait_longer_than_between_two_polls():
    assert max(ORDER_RETRY_DELAYS) == 300
    assert back_off(DOWN, 20, delays=ORDER_RETRY_DELAYS) == Wait(300, 21)


@pytest.mark.parametrize(("said", "waits"), [(7, 7), (None, RATE_LIMIT_SECONDS)])
def test_the_rate_limit_is_no_failed_try(said, waits):
    error = OctopusRateLimited("slower", status=429, retry_after=said)
    assert back_off(error, 3) == Wait(waits, 3, is_rate_limit=True)


def test_refused_credentials_need_a_manager():
    assert back_off(OctopusAuthError("no", status=401), 0) == Reconnect()


def test_an_error_that_stays_is_not_repeated():
    assert back_off(OctopusNotFound("gone", status=404), 0) == GiveUp()
