"""Deliberate breaks of the product: the simulation finds each with the seed that is kept for it.

`./dev simulate --find all` looks for new seeds, ten minutes for each break at most.
"""

import json

import pytest

from devtools import paths, simulate
from devtools.provision import databases, postgres, stamps

FOUND = json.loads((paths.ROOT / "tests" / "simulation" / "breaks.json").read_text())
BUSY = "Waiting for another soak of this checkout"


@pytest.fixture(scope="module")
def outcomes():
    entries = [{"name": entry["break"], **entry} for entry in FOUND]
    with stamps.lock(paths.LOCAL / "soak.lock", BUSY), postgres.running():
        databases.simulation()
        yield simulate.tell_listed(entries)


@pytest.mark.parametrize("entry", FOUND, ids=lambda entry: entry["break"])
def test_the_simulation_finds_it(entry, outcomes):
    outcome = outcomes[entry["break"]]
    assert outcome["invariant"] == entry["invariant"], outcome["message"]
