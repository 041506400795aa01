"""./dev lint: every linter over everything it is for; all of them run, whatever the first says."""

import os
import subprocess

from . import node, paths, venv
from .steps import say

ADDON = "linga_octopus"
STYLED_DIRS = ("static/src", "static/tests", "views", "data", "security", "wizards", "demo")
STYLED_TYPES = (".js", ".xml", ".scss")
SCRIPT_DIRS = ("static/src", "static/tests")


def run_lint():
    """Run the linters; the answer is the exit status."""
    venv.ensure()
    node.ensure()
    failed = [name for name, command, env in commands() if not _passes(name, command, env)]
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: clean")
    return 1 if failed else 0


def commands():
    """(name, command, environment) of each linter; those with nothing to look at are left out."""
    python = venv.environ()
    yield "ruff check", [venv.tool("ruff"), "check", "."], python
    yield "ruff format", [venv.tool("ruff"), "format", "--check", "."], python
    if not (paths.ADDON / "__manifest__.py").is_file():
        return
    yield "pylint-odoo", [venv.tool("pylint"), "--rcfile=.pylintrc", "-j2", ADDON], python
    yield "oca-checks", [venv.tool("oca-checks-odoo-module"), ADDON], python
    translations = _files(("i18n",), (".po", ".pot"))
    if translations:
        yield "oca-checks-po", [venv.tool("oca-checks-po"), *translations], python
    styled = _files(STYLED_DIRS, STYLED_TYPES)
    if styled:
        yield "prettier", [node.tool("prettier"), "--check", *styled], node.environ()
    scripts = _files(SCRIPT_DIRS, (".js",))
    if scripts:
        yield "eslint", [node.tool("eslint"), *scripts], node.environ()


def _files(directories, suffixes):
    """The addon's files in `directories` with one of `suffixes`, relative to the checkout."""
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
