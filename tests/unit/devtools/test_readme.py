"""The two descriptions of the addon are made from its fragments, and say what is true."""

import ast
import re

from docutils.core import publish_doctree

from devtools import build, paths, readme

STRICT = {"halt_level": 2, "report_level": 2}


def manifest():
    return ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())


def test_both_are_as_the_fragments():
    assert readme.README.read_text() == readme.readme(), "run python3 -m devtools.readme"
    assert readme.INDEX.read_text() == readme.index(), "run python3 -m devtools.readme"


def test_the_readme_is_valid_and_its_pictures_are_there():
    tree = publish_doctree(readme.README.read_text(), settings_overrides=STRICT)
    pictures = [image["uri"] for image in tree.findall() if image.tagname == "image"]
    assert len(pictures) >= 4
    assert not [uri for uri in pictures if not (paths.ADDON / uri).exists()]


def test_apps_shows_pictures_that_are_there():
    pictures = re.findall(r'src="([^"]+)"', readme.INDEX.read_text())
    assert len(pictures) >= 5
    assert not [name for name in pictures if not (readme.INDEX.parent / name).exists()]


def test_every_fragment_is_used():
    used = {"DESCRIPTION", "CONTRIBUTORS", *(name for name, _title in readme.CHAPTERS)}
    assert {path.stem for path in readme.FRAGMENTS.iterdir()} == used


def test_history_and_changelog_begin_with_the_version_of_the_manifest():
    latest = re.search(r"^## (\S+)$", (paths.ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert latest[1] == build.version()
    assert readme.fragment("HISTORY").startswith(f"{build.version()}\n")


def test_the_manifest_says_who_maintains_it_and_for_whom_it_is():
    keys = manifest()
    assert keys["maintainers"]
    assert keys["development_status"] == "Production/Stable"
    assert keys["website"].startswith("https://")
    assert keys["support"] in readme.README.read_text()
    series = build.version().rsplit(".", 3)[0]
    for page in (paths.ROOT / "README.md", readme.README, readme.INDEX):
        text = re.sub(r"<[^>]+>|\*+|\s+", " ", page.read_text())
        assert f"Odoo {series}" in text
        assert "Odoo Online" in text
