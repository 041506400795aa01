"""Stories that once found a fault, each with what it found, and a few new ones each day.

`seeds.json` keeps what `./dev simulate` prints of a failure. A story that fails here says how it is
told again.
"""

import datetime
import json
from pathlib import Path

import pytest

from devtools import simulate

KNOWN = json.loads(Path(__file__).with_name("seeds.json").read_text())
PROFILES = ("shop", "marketplace", "pharmacy", "restaurant")


def new_stories():
    """Return the stories of today: others each day, the same all day."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    seed = int(f"{today:%y%m%d}")
    profile = PROFILES[today.toordinal() % len(PROFILES)]
    return [
        {"name": f"today, {profile}", "story": {"seed": seed, "profile": profile, "hours": 1}},
    ]


ENTRIES = [*KNOWN, *new_stories()]


@pytest.fixture(scope="module")
def outcomes():
    return simulate.tell_listed(ENTRIES)


@pytest.mark.parametrize("name", [entry["name"] for entry in ENTRIES])
def test_nothing_is_as_it_must_not_be(name, outcomes):
    outcome = outcomes[name]
    again = f"./dev simulate --shrink 0 --story '{outcome['story']}'"
    assert not outcome["invariant"], f"{outcome['invariant']}: {outcome['message']}\n{again}"
