"""How long the tests of random stories run: some seconds of the same ones, or for as many of new
ones as `STORY_EXAMPLES` says."""

import os

from hypothesis import HealthCheck, settings


def story_settings(*, examples, steps):
    many = os.environ.get("STORY_EXAMPLES")
    return settings(
        max_examples=int(many or examples),
        stateful_step_count=steps,
        deadline=None,
        derandomize=not many,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
