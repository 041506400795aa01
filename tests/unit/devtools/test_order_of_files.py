"""The files that are run first are there."""

from devtools import paths
from tests.conftest import LONGEST_FIRST


def test_each_name_is_that_of_a_file():
    folders = (paths.ROOT / "tests", paths.ADDON / "tests")
    names = {path.name for folder in folders for path in folder.rglob("test_*.py")}
    assert set(LONGEST_FIRST) <= names
