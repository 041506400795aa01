"""What workers store for people is a code with values, and no sentence in one language."""

import ast
from pathlib import Path

from octopus_api import bulk, http_errors, parsing, transport

MODELS = Path(__file__).parents[2] / "linga_octopus" / "models"
# Rooms whose workers run without anybody who reads, and the workers of the others.
WORKERS = (
    *("mixins/*.py", "account/*.py", "sync/*.py", "catalog/*.py", "stock/*.py"),
    *("order/fetch.py", "order/day_check.py", "order/read_back.py", "order/status_push.py"),
    *("order/stock_deduction.py", "fulfillment/parcel_push.py"),
)
# Sentences that are computed for whoever reads them, and not stored.
SHOWN_AT_ONCE = {
    "account/octopus_account.py: action_open_settings",
    "account/octopus_account_catalog.py: action_open_catalog_details",
    "account/octopus_account.py: action_test_connection",
    # What channels get, and what the history of stock says, in one language for all.
    "catalog/payload.py: __init__",
    "catalog/payload.py: _read_properties",
    "stock/opening_stock.py: _count",
    "catalog/product_template.py: _octopus_period_reason",
    "catalog/product_template.py: _octopus_state_and_reason",
    "stock/octopus_stock_difference.py: action_take_over",
    "mixins/notices.py: translated",
    "stock/octopus_stock_level.py: _compute_answer",
    "stock/octopus_stock_update.py: _compute_sent_by",
    "sync/octopus_run_result.py: _describe_result",
    "sync/rate_budget.py: describe",
}


def said_in_one_language(path):
    """Yield the functions of a file that translate a sentence which they do not raise at once."""

    def visit(node, function):
        if isinstance(node, ast.Raise):
            return
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("env._"):
            yield f"{path.relative_to(MODELS).as_posix()}: {function}"
        for child in ast.iter_child_nodes(node):
            yield from visit(child, function)

    yield from visit(ast.parse(path.read_text()), None)


def test_workers_store_codes():
    files = [path for pattern in WORKERS for path in MODELS.glob(pattern)]
    assert {found for path in files for found in said_in_one_language(path)} == SHOWN_AT_ONCE


def stored_errors():
    """Yield (file, field, class) of the stored texts that say what went wrong."""
    for path in sorted(MODELS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
                continue
            name = ast.unparse(node.targets[0])
            kind = ast.unparse(node.value.func)
            is_computed = any(keyword.arg == "compute" for keyword in node.value.keywords)
            if (
                name.endswith(("error", "message"))
                and kind in ("fields.Text", "fields.Char", "NoticeText")
                and not is_computed
            ):
                yield path.relative_to(MODELS).as_posix(), name, kind


def test_what_went_wrong_is_stored_as_a_notice():
    found = list(stored_errors())
    assert len(found) >= 7
    assert [(path, name) for path, name, kind in found if kind != "NoticeText"] == []


def codes():
    """Yield the codes of all sentences, in the order of the files."""
    for path in sorted(MODELS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Sentence", "_of_api"):
                code = node.args[ast.unparse(node.func) == "_of_api"]
                if isinstance(code, ast.Constant):
                    yield code.value


def test_a_code_names_one_sentence():
    found = list(codes())
    assert len(found) > 40
    assert sorted(found) == sorted(set(found))


def test_the_texts_of_the_client_are_translated_as_they_are():
    """They are known by their text: another text there needs another one here."""
    source = ast.parse((MODELS / "mixins" / "notices.py").read_text())
    texts = {
        node.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_lt"
    }
    assert {
        *(bulk.NO_ID, bulk.NO_VARIANT_ID % "%(what)s", bulk.NOT_CONFIRMED),
        *(http_errors.NO_REASON, http_errors.REDIRECTED, transport.NOT_JSON),
        *(f"id {parsing.NOT_THERE}", f"id {parsing.NOT_AN_ID}", f"order {parsing.NO_OBJECT}"),
    } <= texts
