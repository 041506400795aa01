"""The pages of the manual inside the addon are those of docs/, and the screens link to them."""

import re

import pytest

from devtools import manual, paths

HELP_BUTTON = paths.ADDON / "static" / "src" / "monitoring" / "help_button.js"
LINK = re.compile(r'href="([^"#]*)#?([^"]*)"')


@pytest.mark.parametrize("name", manual.PAGES)
def test_a_page_is_as_its_document(name):
    path = manual.FOLDER / f"{name}.html"
    assert path.read_text() == manual.render(name), "run python3 -m devtools.manual"


def _anchors(page):
    return set(re.findall(r'id="([^"]+)"', (manual.FOLDER / page).read_text()))


def test_the_screens_link_to_pages_and_headings_that_exist():
    links = re.findall(r'"([\w-]+\.html)(?:#([\w-]+))?"', HELP_BUTTON.read_text())
    assert len(links) > 8
    for page, anchor in links:
        assert not anchor or anchor in _anchors(page), (page, anchor)


@pytest.mark.parametrize("name", manual.PAGES)
def test_links_between_pages_lead_somewhere(name):
    text = (manual.FOLDER / f"{name}.html").read_text()
    assert "<img" not in text
    for page, anchor in LINK.findall(text):
        if page.startswith("http"):
            continue
        target = page or f"{name}.html"
        assert (manual.FOLDER / target).exists(), target
        assert not anchor or anchor in _anchors(target), (name, target, anchor)
