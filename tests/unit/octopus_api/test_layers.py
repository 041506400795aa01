"""Arrows go one way: the addon knows the client, the client knows neither Odoo nor the addon,
and nothing but the client speaks HTTP."""

import ast
from pathlib import Path

ADDON = Path(__file__).parents[3] / "linga_octopus"
CLIENT = ADDON / "lib" / "octopus_api"


def imports(path):
    """Yield (module, level) of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def test_only_the_client_imports_requests():
    files = [path for path in ADDON.rglob("*.py") if CLIENT not in path.parents]
    offenders = {
        f"{path.relative_to(ADDON)}: {module}"
        for path in files
        for module, level in imports(path)
        if not level and module.split(".")[0] in {"requests", "urllib3", "httpx", "http"}
    }
    assert files
    assert not offenders


def test_the_client_is_plain_python():
    files = list(CLIENT.rglob("*.py"))
    for path in files:
        for module, level in imports(path):
            assert level <= 1, f"{path.name} reaches out of the package"
            assert module.split(".")[0] not in {"odoo", "linga_octopus", "octopus_api"}, path.name
    assert files
