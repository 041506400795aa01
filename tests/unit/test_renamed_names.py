"""Names that a release has renamed are used nowhere any more, not even where no test looks: the
benchmarks run on request only."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RENAMES = ROOT / "linga_octopus/migrations/19.0.2.0.0/pre-rename.py"
FOLDERS = ("linga_octopus", "benchmarks", "devtools", "sandbox", "tests")
# They are about databases of releases before.
ABOUT_THE_PAST = ("linga_octopus/migrations/", "tests/odoo/module/test_upgrade.py", "tests/soak/")


def constant(name):
    """Return a constant of the migration, which cannot be imported without Odoo."""
    for node in ast.parse(RENAMES.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise LookupError(name)


OLD_NAMES = sorted({old for names in constant("FIELDS").values() for old in names})
OLD_NAMES += constant("MODELS")


def sources():
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            name = str(path.relative_to(ROOT))
            if path.suffix in {".py", ".xml", ".js"} and not name.startswith(ABOUT_THE_PAST):
                yield name, path.read_text("utf-8")


@pytest.mark.parametrize("old", OLD_NAMES)
def test_a_renamed_name_is_gone(old):
    word = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w.])")
    assert [name for name, text in sources() if word.search(text)] == []
