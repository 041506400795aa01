"""Stories that once found a fault, each with what it found, and a few new ones each day; and short
stories with a deliberate break of the product, which is found.

`seeds.json` keeps what `./dev simulate` prints of a failure, `breaks.json` of `--find`.
A story that fails here says how it is told again. `./dev test soak` tells those of all breaks.
"""

import datetime
import json
from pathlib import Path

import pytest

from devtools import simulate

KNOWN = json.loads(Path(__file__).with_name("seeds.json").read_text())
FOUND = json.loads(Path(__file__).with_name("breaks.json").read_text())
# Turns, and hours, of a story that is told in seconds.
MOST_TURNS = 60
MOST_HOURS = 0.5
PROFILES = ("shop", "marketplace", "pharmacy", "restaurant")


def new_stories():
    """Return the stories of today: others each day, the same all day."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    seed = int(f"{today:%y%m%d}")
    profile = PROFILES[today.toordinal() % len(PROFILES)]
    return [
        {"name": f"today, {profile}", "story": {"seed": seed, "profile": profile, "hours": 1}},
    ]


def is_short(entry):
    """Return whether the story of a break is short enough to be told each time."""
    story = entry["story"]
    turns = sum(map(len, story["only"].values())) if story["only"] else MOST_TURNS + 1
    return turns <= MOST_TURNS and story["hours"] <= MOST_HOURS


ENTRIES = [*KNOWN, *new_stories()]
BROKEN = [{"name": entry["break"], **entry} for entry in FOUND if is_short(entry)]


@pytest.fixture(scope="module")
def outcomes():
    return simulate.tell_listed([*ENTRIES, *BROKEN])


@pytest.mark.parametrize("name", [entry["name"] for entry in ENTRIES])
def test_nothing_is_as_it_must_not_be(name, outcomes):
    outcome = outcomes[name]
    again = f"./dev simulate --shrink 0 --story '{outcome['story']}'"
    assert not outcome["invariant"], f"{outcome['invariant']}: {outcome['message']}\n{again}"


@pytest.mark.parametrize("entry", BROKEN, ids=lambda entry: entry["break"])
def test_a_deliberate_break_is_found(entry, outcomes):
    outcome = outcomes[entry["break"]]
    assert outcome["invariant"] == entry["invariant"], outcome["message"]
