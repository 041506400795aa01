"""The rules of the house: rooms, arrows between them, one place for each thing."""

import ast
import functools
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ADDON = Path(__file__).parents[2] / "linga_octopus"
MODELS = ADDON / "models"
# From the bottom up: a room knows those before it, and none of those behind it.
ROOMS = (
    "mixins",
    "account",
    "sync",
    "catalog",
    "stock",
    "delivery",
    "channel",
    "display",
    "order",
    "aftersale",
    "fulfillment",
    "accounting",
    "pos",
    "monitoring",
)
MAX_FILES = 20  # of a room
MAX_LINES = 500  # of a file
MAX_METHOD_LINES = 40
MAX_MODEL_METHODS = 80  # with @api.model: functions that use a model as a namespace

# Messages from a lower room to a higher one, by file and model, with the reason.
OUTBOX = "a product that is new in Octopus has its stock sent: a row in the outbox, nothing else"
UPWARD = {
    ("catalog/batch.py", "octopus.stock.event"): OUTBOX,
    ("catalog/octopus_product.py", "octopus.stock.event"): OUTBOX,
    ("catalog/remote_match.py", "octopus.stock.event"): OUTBOX,
}
# Names by which Octopus's API calls things, and nothing else does.
WIRE_KEYS = {
    "SV_Temp_ProductId",
    "SV_Temp_variantId",
    "sv_temp_id",
    "productid",
    "variantId",
    "entity_type",
    "entity_count",
    "body_html",
    "inventory_item_id",
    "inventory_management",
    "inventory_policy",
    "compare_at_price",
    "SaleStartDate",
    "SaleEndDate",
    "collection_id",
    "custom_collection",
    "total_price",
    "line_items",
    "refund_line_items",
    "shipping_lines",
}


def files(*folders):
    """Return the Python files below folders of the addon, without its tests."""
    found = (path for folder in folders for path in (ADDON / folder).rglob("*.py"))
    return sorted(path for path in found if ADDON / "tests" not in path.parents)


def trees(*folders):
    return [(path, tree_of(path)) for path in files(*folders)]


@functools.cache
def tree_of(path):
    return ast.parse(path.read_text())


def room_of(path):
    """Return the room of a file below models/."""
    return path.relative_to(MODELS).parts[0]


def literal(node):
    return node.value if isinstance(node, ast.Constant) else None


def model_classes():
    """Yield (path, model name, class node, is the model defined here) of all classes."""
    for path, tree in trees("models"):
        for node in tree.body:
            if not isinstance(node, ast.ClassDef):
                continue
            given = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            name = literal(given.get("_name")) or literal(given.get("_inherit"))
            if isinstance(given.get("_inherit"), ast.List) and "_name" not in given:
                name = literal(given["_inherit"].elts[0])
            if name:
                inherited = ast.unparse(given["_inherit"]) if "_inherit" in given else ""
                is_new = "_name" in given and repr(name) not in inherited
                yield path, name, node, is_new


def fields_of(node):
    return [
        statement.targets[0].id
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Call)
        and ast.unparse(statement.value.func).startswith(
            ("fields.", "NumberChar", "UnconstrainedMany2one")
        )
    ]


def homes():
    """Return the room in which each of our models is defined."""
    return {name: room_of(path) for path, name, _node, is_new in model_classes() if is_new}


def test_models_lie_in_rooms():
    assert {path.name for path in MODELS.iterdir() if path.name != "__pycache__"} == {
        "__init__.py",
        *ROOMS,
    }


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_small_and_says_what_it_is_for(room):
    assert len(list((MODELS / room).glob("*.py"))) - 1 <= MAX_FILES
    purpose = ast.get_docstring(tree_of(MODELS / room / "__init__.py"))
    assert purpose
    assert 3 <= len(purpose.splitlines()) <= 8


def test_rooms_are_loaded_from_the_bottom_up():
    tree = tree_of(MODELS / "__init__.py")
    loaded = [node.names[0].name for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert loaded == list(ROOMS)


def test_a_model_has_its_fields_in_one_file_and_stands_in_two_at_the_most():
    where, with_fields = defaultdict(set), defaultdict(set)
    for path, name, node, _is_new in model_classes():
        where[name].add(path.relative_to(MODELS).as_posix())
        if fields_of(node):
            with_fields[name].add(path.relative_to(MODELS).as_posix())
    assert {name: paths for name, paths in where.items() if len(paths) > 2} == {}
    ours = {name: paths for name, paths in with_fields.items() if name.startswith("octopus.")}
    assert {name: paths for name, paths in ours.items() if len(paths) > 1} == {}


def test_few_functions_use_a_model_as_a_namespace():
    found = [
        method.name
        for _path, tree in trees("models", "wizards", "report")
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef)
        and any(ast.unparse(decorator) == "api.model" for decorator in method.decorator_list)
    ]
    assert len(found) <= MAX_MODEL_METHODS


def test_files_and_methods_are_short():
    for path in files("."):
        assert len(path.read_text().splitlines()) <= MAX_LINES, path
    long = [
        f"{path.relative_to(ADDON)}: {node.name}"
        for path, tree in trees("models", "lib", "controllers", "wizards")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno - node.body[0].lineno + 1 > MAX_METHOD_LINES
    ]
    assert long == []


def arrows():
    """Yield (file, room of the file, target, room of the target) of imports and model names."""
    rooms = homes()
    for path, tree in trees("models"):
        if path.parent == MODELS:
            continue
        here, file = room_of(path), path.relative_to(MODELS).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
                yield file, here, node.module, node.module.split(".")[0]
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("env"):
                name = literal(node.slice)
                if name in rooms:
                    yield file, here, name, rooms[name]


def test_arrows_between_rooms_run_one_way():
    upward = {
        (file, target)
        for file, here, target, there in arrows()
        if ROOMS.index(there) > ROOMS.index(here)
    }
    assert upward == set(UPWARD)


def test_no_wire_key_of_octopus_outside_its_client():
    found = [
        f"{path.relative_to(ADDON)}:{node.lineno}: {node.value}"
        for path, tree in trees("models", "controllers", "wizards", "report")
        for node in ast.walk(tree)
        if literal(node) in WIRE_KEYS
    ]
    assert found == []


def test_no_statement_relies_on_the_limit_of_a_subquery():
    """PostgreSQL may repeat a subquery that locks rows for each row of the statement around it."""
    repeated = re.compile(r"\bIN\s*\(\s*SELECT[^)]*\bLIMIT\b[^)]*\bFOR\b", re.IGNORECASE)
    assert [path for path in files(".") if repeated.search(path.read_text())] == []


def test_a_constant_is_defined_once():
    where = defaultdict(list)
    for path, tree in trees("."):
        if "migrations" in path.parts:
            continue
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name.isupper():
                    where[name].append(path.relative_to(ADDON).as_posix())
    assert {name: paths for name, paths in where.items() if len(paths) > 1} == {}


def test_odoo_finds_every_test_of_the_addon():
    tests = ADDON / "tests"
    imported = {
        f"{node.module}/{alias.name}"
        for node in tree_of(tests / "__init__.py").body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == {f"{path.parent.name}/{path.stem}" for path in tests.rglob("test_*.py")}


def test_the_tests_of_the_addon_need_nothing_of_this_repository():
    """Odoo finds neither the sandbox nor the libraries by the names that pytest gives them."""
    known = {"odoo", "freezegun", "lxml", "psycopg2", "werkzeug", *sys.stdlib_module_names}
    for path in (ADDON / "tests").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            assert {name.split(".")[0] for name in names} <= known, path
