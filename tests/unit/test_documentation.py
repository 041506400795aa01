"""Commands, files and links in the documents exist, and every failure message is explained."""

import ast
import re

import pytest

from devtools import cli, paths
from devtools.screenshots.shots import SHOTS

DOCUMENTS = [
    *sorted(paths.ROOT.glob("*.md")),
    *sorted((paths.ROOT / "docs").glob("*.md")),
    paths.ROOT / "sandbox" / "README.md",
]
TROUBLESHOOTING = paths.ROOT / "docs" / "troubleshooting.md"
# Messages that need no explanation: something was done, or will be.
GOOD_NEWS = (
    "A cancelled order stays cancelled",
    "Accepted, sent by Sync Stocks",
    "Cancelled by the channel",
    "Cancelled orders stay cancelled",
    "Goes before everything else",
    "More urgent runs go first",
    "No money was received",
    "Nothing was sent yet",
    "Octopus is told that the order is cancelled",
    "Octopus is told that the orders are cancelled",
    "Odoo gives no money back",
    "Order %(number)s is being imported",
    "Refunded; the channel restocked",
    "Sessions opened from now on",
    "Solved: nothing is wrong",
    "Sync All sends categories",
    "Sync Products sends it",
    "Sync Stocks would change",
    "The orders of the day are being compared",
    "The orders of these days are being imported",
    "The changed stock levels are being sent",
    "The stock does not change",
    "The stock in Octopus is being set to 0",
    "The stock levels of before the first sync are being sent back",
    "This sync is under way",
    "You are notified of",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def ids(path):
    return str(path.relative_to(paths.ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_command_is_one(document):
    named = set(re.findall(r"\./dev ([a-z]+)", document.read_text()))
    assert named <= set(cli.COMMANDS)


def test_every_step_of_a_walk_names_a_function_of_its_files():
    text = (paths.ROOT / "docs" / "architecture.md").read_text()
    steps = re.findall(r"^\| \d+\. .*\| (`.*`) \| (`.*`) \|$", text, re.MULTILINE)
    assert steps
    wrong = []
    for files, functions in steps:
        defined = set()
        for file in re.findall(r"`(.+?)`", files):
            room = "" if file.startswith(("controllers/", "lib/")) else "models"
            tree = ast.parse((paths.ROOT / "linga_octopus" / room / file).read_text())
            kinds = (ast.FunctionDef, ast.ClassDef)
            defined |= {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
        named = re.findall(r"`(.+?)`", functions)
        wrong += [name for name in named if not defined.issuperset(name.split("."))]
    assert wrong == []


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


def sentences():
    """Every whole sentence that the addon's Python says to people, with its file."""
    for path in sorted(paths.ADDON.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            name = isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2]
            if name in ("_", "_lt") and isinstance(call.args[0], ast.Constant):
                text = call.args[0].value
                if text.endswith(".") and len(text.split()) > 3:
                    yield path.name, text


def test_every_sentence_is_explained_except_those_of_success():
    explained = plain(TROUBLESHOOTING.read_text())
    missing = [
        f"{file}: {text}"
        for file, text in sentences()
        if plain(essence(text)) not in explained and not text.startswith(GOOD_NEWS)
    ]
    assert not missing, "\n".join(["Not in docs/troubleshooting.md:", *missing])


def test_the_sentences_of_success_still_exist():
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
