"""./dev lint: runs every linter over its files, even when one of them fails."""

import os
import subprocess

from . import paths
from .provision import node, venv
from .steps import Failure, say

ADDON = "linga_octopus"
STYLED_DIRS = ("static/src", "static/tests", "views", "data", "security", "wizards", "demo")
STYLED_TYPES = (".js", ".xml", ".scss")
SCRIPT_DIRS = ("static/src", "static/tests")


def run_lint(arguments):
    """Run the linters; --fix lets them repair what they can. Return the exit status."""
    if arguments not in ([], ["--fix"]):
        raise Failure(f"./dev lint takes --fix, not {' '.join(arguments)}.")
    venv.ensure()
    node.ensure()
    linters = commands(fix=bool(arguments))
    failed = [name for name, command, env in linters if not _passes(name, command, env)]
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: clean")
    return 1 if failed else 0


def commands(fix=False):
    """Yield (name, command, environment) of each linter that has files to check."""
    python, fixing = venv.environ(), ["--fix"] if fix else []
    yield "ruff check", [venv.tool("ruff"), "check", *fixing, "."], python
    yield "ruff format", [venv.tool("ruff"), "format", *([] if fix else ["--check"]), "."], python
    yield "pylint-odoo", [venv.tool("pylint"), "--rcfile=.pylintrc", "-j2", ADDON], python
    yield "oca-checks", [venv.tool("oca-checks-odoo-module"), ADDON], python
    translations = _files(("i18n",), (".po", ".pot"))
    if translations:
        yield "oca-checks-po", [venv.tool("oca-checks-po"), *fixing, *translations], python
    styled = _files(STYLED_DIRS, STYLED_TYPES)
    if styled:
        mode = ["--write", "--list-different"] if fix else ["--check"]
        yield "prettier", [node.tool("prettier"), *mode, *styled], node.environ()
    scripts = _files(SCRIPT_DIRS, (".js",))
    if scripts:
        report = [] if node.colors_text() else ["--format=json"]
        yield "eslint", [node.tool("eslint"), *report, *fixing, *scripts], node.environ()


def _files(directories, suffixes):
    """Return the addon's files in `directories` with one of `suffixes`, as relative paths."""
    return sorted(
        os.path.relpath(path, paths.ROOT)
        for directory in directories
        for path in (paths.ADDON / directory).rglob("*")
        if path.suffix in suffixes
    )


def _passes(name, command, env):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=paths.ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    say(f"{name}: {'FAILED' if done.returncode else 'ok'}")
    if done.returncode:
        say(done.stdout.rstrip())
    return not done.returncode
