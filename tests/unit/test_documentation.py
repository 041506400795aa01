"""What the documents name is there: commands, files, links, and what each message means."""

import ast
import re

import polib
import pytest

from devtools import cli, paths
from devtools.screenshots.shots import SHOTS

DOCUMENTS = [
    *sorted(paths.ROOT.glob("*.md")),
    *sorted((paths.ROOT / "docs").glob("*.md")),
    paths.ROOT / "sandbox" / "README.md",
]
TROUBLESHOOTING = paths.ROOT / "docs" / "troubleshooting.md"
# What needs no explaining: it tells that something was done, or will be.
GOOD_NEWS = (
    "A cancelled order stays cancelled",
    "Accepted, sent by Sync Stocks",
    "Cancelled by the channel",
    "Goes before everything else",
    "More urgent passes go first",
    "Nothing was sent yet",
    "Order %(number)s is being fetched",
    "Refunded; the channel restocked",
    "Sessions opened from now on",
    "Solved: nothing is wrong",
    "Sync Stocks would change",
    "The orders of these days are being fetched",
    "The changed stock levels are on their way",
    "The stock does not change",
    "The stock levels of before the first sync are on their way",
)
# Documents whose **bold** and *italic* words are those of the screens, but for these few.
MANUAL = paths.ROOT / "docs" / "user-manual.md"
TOURS = [
    paths.ROOT / "README.md",
    MANUAL,
    TROUBLESHOOTING,
    paths.ADDON / "static" / "description" / "index.html",
]
WORDS_OF_ODOO = {
    "Activate",
    "Apps",
    "Filters",
    "Inventory Management",
    "Linga Octopus",
    "Point of Sale",
    "Save current search",
    "Uninstall",
    "Update Apps List",
}
NO_WORDS_OF_SCREENS = {
    "accepted",
    "Archived, excluded and deleted products",
    "Attributes",
    "checklist",
    "Combos",
    "lane",
    "Octopus Bridge",
    "Octopus Integration",
    "Services",
    "Settings page",
}
BOLD = re.compile(r"\*\*([^*|]+)\*\*")
EMPHASIS = re.compile(r"\*\*([^*|]+)\*\*|(?<![*\w])\*([^*|\s][^*|]*)\*|<b>([^<]+)</b>")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def ids(path):
    return str(path.relative_to(paths.ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_command_is_one(document):
    named = set(re.findall(r"\./dev ([a-z]+)", document.read_text()))
    assert named <= set(cli.COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if target.startswith(("http://", "https://")):
            continue
        file, _hash, anchor = target.partition("#")
        there = document.parent / file if file else document
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


def anchors(document):
    """The anchors that a reader's Markdown makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_file_is_there(document):
    folders = "|".join(
        path.name for path in paths.ROOT.iterdir() if path.is_dir() and path.name[0] != "."
    )
    for named in re.findall(rf"`((?:{folders})/[\w./*{{}},-]*)`", document.read_text()):
        if named.startswith("dist/"):
            continue  # ./dev build makes it
        for name in alternatives(named):
            assert list(paths.ROOT.glob(name.rstrip("/"))), named


def alternatives(name):
    """Yield the names that a name with {one,other} stands for."""
    found = re.search(r"\{([^}]*)\}", name)
    if not found:
        yield name
        return
    for part in found[1].split(","):
        yield from alternatives(name[: found.start()] + part + name[found.end() :])


@pytest.mark.parametrize("document", TOURS, ids=ids)
def test_every_word_of_a_screen_is_there(document):
    known = words_of_screens() | {plain(word) for word in WORDS_OF_ODOO | NO_WORDS_OF_SCREENS}
    wrong = {word for word in emphasized(document) if plain(word) not in known}
    assert not wrong


def test_every_setting_that_the_manual_explains_is_there():
    table = MANUAL.read_text().split("| setting | meaning |")[1].split("\n\n")[0]
    settings = re.findall(r"^\| ([^|-][^|]*) \|", table, re.M)
    assert len(settings) > 10
    assert not [name for name in settings if plain(name) not in words_of_screens()]


def test_exceptions_are_still_written():
    written = {word for document in TOURS for word in emphasized(document)}
    assert written >= WORDS_OF_ODOO | NO_WORDS_OF_SCREENS


def emphasized(document):
    """Yield what a document writes in bold or italics, each place of a way by itself."""
    # Troubleshooting writes in italics what differs from case to case.
    pattern = BOLD if document == TROUBLESHOOTING else EMPHASIS
    text = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.S)
    for found in pattern.findall(text):
        for word in "".join(found).replace("&amp;", "&").split("▸"):
            yield " ".join(word.split())


def words_of_screens():
    """Return every text of the addon's screens, as they are exported for translation."""
    entries = polib.pofile(str(paths.ADDON / "i18n" / "linga_octopus.pot"))
    return {plain(re.sub(r"<[^>]*>", " ", entry.msgid)) for entry in entries}


def sentences():
    """Every whole sentence that the addon's Python says to people, with its file."""
    for path in sorted(paths.ADDON.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_":
                text = call.args[0].value
                if text.endswith(".") and len(text.split()) > 3:
                    yield path.name, text


def test_every_sentence_is_explained_but_good_news():
    explained = plain(TROUBLESHOOTING.read_text())
    missing = [
        f"{file}: {text}"
        for file, text in sentences()
        if plain(essence(text)) not in explained and not text.startswith(GOOD_NEWS)
    ]
    assert not missing, "\n".join(["Not in docs/troubleshooting.md:", *missing])


def test_good_news_is_still_said():
    said = [text for _file, text in sentences()]
    gone = [news for news in GOOD_NEWS if not any(text.startswith(news) for text in said)]
    assert not gone


def essence(text):
    """The longest piece of the first sentence of a text that stands between its placeholders."""
    sentence = re.split(r"(?<=[.:])\s", text, maxsplit=1)[0]
    return max(PLACEHOLDER.split(sentence), key=len)


def plain(text):
    return re.sub(r"\s+", " ", text.replace("*", "")).strip(" .:").lower()


def test_the_script_takes_every_picture():
    """A picture that no script takes cannot be taken anew; one that nobody took is missing."""
    taken = {shot.name for shot in SHOTS}
    there = {path.stem for path in (paths.ROOT / "docs" / "img").iterdir()}
    assert taken == there
