"""A term is translated once: it cannot be what a button does and what a filter or column shows."""

import ast
import re
from xml.etree import ElementTree

from devtools import paths

NAMES = {"filter", "field", "page", "group", "separator"}
# Both mean the same here, in every language.
SAME = {"Handed Over", "Import", "No Goods", "Open Online Orders", "Ready for Pickup", "Ship"}
SAME |= {"Online Orders", "Orders", "Settings"}  # buttons that only name the screen behind them


def test_no_button_shares_its_term_with_a_state_or_a_number():
    shared = _buttons() & _labels()
    assert "Open" in _buttons()
    assert "Open Orders" in _labels()
    assert shared == SAME


def _trees():
    for path in paths.ADDON.rglob("*.xml"):
        yield ElementTree.parse(path)


def _buttons():
    """What is on buttons, but for those that show a number."""
    terms = set()
    for tree in _trees():
        for button in tree.iter("button"):
            if "oe_stat_button" not in button.get("class", ""):
                terms |= {button.get("string"), *(text.strip() for text in button.itertext())}
    return (terms | _script_terms("name: ")) - {None, ""}


def _labels():
    """The labels of filters, columns, pages, fields and choices, and the tabs of scripts."""
    terms = _script_terms('", ')
    for tree in _trees():
        named = (node for node in tree.iter() if node.tag in NAMES)
        terms |= {node.get(key) for node in named for key in ("string", "sum")}
    for path in paths.ADDON.rglob("*.py"):
        if "tests" not in path.parts:
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and "fields." in ast.unparse(call.func):
                    terms |= _strings(call)
    return terms - {None, ""}


def _strings(call):
    """The label of a field, and those of its choices."""
    label = {word.value for word in call.keywords if word.arg == "string"}
    choices = [word.value for word in call.keywords if word.arg == "selection"]
    first = [*call.args, *label, *choices]
    pairs = [pair.elts[1] for part in first if isinstance(part, ast.List) for pair in part.elts]
    return {part.value for part in (*first, *pairs) if isinstance(part, ast.Constant)}


def _script_terms(before):
    """The texts of scripts that stand behind these characters."""
    pattern = re.compile(re.escape(before) + r'_t\("([^"]+)"\)')
    scripts = (paths.ADDON / "static" / "src").rglob("*.js")
    return {term for path in scripts for term in pattern.findall(path.read_text())}
