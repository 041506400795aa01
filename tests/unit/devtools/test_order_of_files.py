"""The files that are run first are there."""

from devtools import paths
from tests.conftest import LONGEST_FIRST


def test_each_name_is_that_of_one_file():
    names = [path.name for path in (paths.ROOT / "tests").rglob("test_*.py")]
    assert [names.count(name) for name in LONGEST_FIRST] == [1] * len(LONGEST_FIRST)
