import pytest

from octopus_api import OctopusAuthError, OctopusRateLimited, OctopusServerError
from octopus_api.call_streak import CallStreak, repeat_at_once

DOWN = OctopusServerError("down", status=503)


def run_calls(streak, outcomes):
    """Let calls succeed (True) or fail; return how many were made before the streak raised."""
    for number, succeeds in enumerate(outcomes):
        if succeeds:
            streak.succeed()
            continue
        try:
            streak.fail(DOWN)
        except OctopusServerError:
            return number + 1
    return len(outcomes)


def test_a_failed_call_does_not_stop_the_next_ones():
    streak = CallStreak()
    outcomes = [False, False, True, False, True, False, False]
    assert run_calls(streak, outcomes) == len(outcomes)
    assert streak.succeeded == 2
    streak.conclude()


def test_failures_in_a_row_mean_that_octopus_is_down():
    assert run_calls(CallStreak(), [True, False, False, False, True]) == 4


def test_a_batch_of_failures_only_is_no_progress():
    streak = CallStreak()
    run_calls(streak, [False, False])
    with pytest.raises(OctopusServerError):
        streak.conclude()


@pytest.mark.parametrize(
    "error",
    [OctopusRateLimited("slower", status=429), OctopusAuthError("no", status=401)],
)
def test_an_error_that_meets_all_calls_stops_at_once(error):
    with pytest.raises(type(error)):
        CallStreak().fail(error)


@pytest.mark.parametrize(("failures", "gets_through"), [(0, True), (2, True), (3, False)])
def test_a_reading_call_is_repeated_at_once(failures, gets_through):
    calls = []

    def read(what):
        calls.append(what)
        if len(calls) <= failures:
            raise DOWN
        return f"the {what}"

    if gets_through:
        assert repeat_at_once(read, "page") == "the page"
    else:
        with pytest.raises(OctopusServerError):
            repeat_at_once(read, "page")
    assert len(calls) == min(failures + 1, 3)
