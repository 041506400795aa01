"""Names that a release has renamed are used nowhere any more, not even where no test looks: the
benchmarks run on request only."""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RENAMES = ROOT / "linga_octopus/migrations/19.0.2.0.0/pre-rename.py"
FOLDERS = ("linga_octopus", "benchmarks", "devtools", "sandbox", "tests")
# They are about databases of releases before.
ABOUT_THE_PAST = ("linga_octopus/migrations/", "tests/odoo/module/test_upgrade", "tests/soak/")


def constant(name):
    """Return a constant of the migration, which cannot be imported without Odoo."""
    for node in ast.parse(RENAMES.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


OLD_NAMES = sorted({old for names in constant("FIELDS").values() for old in names})
OLD_NAMES += constant("MODELS")


@functools.cache
def sources():
    """Return the text of each file by its name."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    code = {str(p.relative_to(ROOT)): p for p in paths if p.suffix in {".py", ".xml", ".js"}}
    return {
        name: path.read_text("utf-8")
        for name, path in code.items()
        if not name.startswith(ABOUT_THE_PAST)
    }


@pytest.mark.parametrize("old", OLD_NAMES)
def test_a_renamed_name_is_gone(old):
    word = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w.])")
    # The plain search first: it is many times as fast.
    found = [name for name, text in sources().items() if old in text and word.search(text)]
    assert found == []
