"""./dev lint, pre-commit and the public CI use the same tools in the same versions."""

import json
import re

import pytest

from devtools import lint, paths

HOOK = re.compile(r"^      - id: (?P<id>\S+)\n(?P<body>(?:        .+\n)+)", re.MULTILINE)


def hooks():
    """Return {name: settings} of the hooks, each setting as its text."""
    text = (paths.ROOT / ".pre-commit-config.yaml").read_text()
    found = {}
    for hook in HOOK.finditer(text):
        settings = dict(re.findall(r"^        (\w+): (.+)$", hook["body"], re.MULTILINE))
        found[settings["name"]] = settings
    return found


def pinned():
    """Return {tool: version} of requirements-dev.txt and package.json."""
    requirements = (paths.ROOT / "requirements-dev.txt").read_text()
    packages = json.loads((paths.ROOT / "package.json").read_text())["devDependencies"]
    return dict(re.findall(r"^([\w.-]+)==(\S+)", requirements, re.MULTILINE)) | packages


def commands():
    """Return {name: arguments} of the linters, without the paths of programs and files."""
    return {
        name: [part for part in map(str, command[1:]) if not part.startswith(f"{lint.ADDON}/")]
        for name, command, _environment in lint.commands(fix=True)
    }


def test_pre_commit_runs_the_same_tools():
    assert list(hooks()) == list(commands())


@pytest.mark.parametrize("name", hooks())
def test_a_hook_has_the_version_of_our_tool(name):
    dependencies = re.findall(r"[^\[\], \"]+", hooks()[name]["additional_dependencies"])
    assert dependencies
    for dependency in dependencies:
        tool, version = re.fullmatch(r"(@?[^@=]+)(?:==|@)(.+)", dependency).groups()
        assert pinned()[tool] == version


@pytest.mark.parametrize("name", hooks())
def test_a_hook_runs_the_same_command(name):
    _program, *arguments = hooks()[name]["entry"].split()
    expected = [part for part in commands()[name] if part not in (".", "--format=json")]
    assert arguments == expected


@pytest.mark.parametrize("name", ["prettier", "eslint"])
def test_a_hook_looks_at_the_same_files(name):
    folders = lint.STYLED_DIRS if name == "prettier" else lint.SCRIPT_DIRS
    types = lint.STYLED_TYPES if name == "prettier" else (".js",)
    pattern = re.compile(hooks()[name]["files"])
    for folder in folders:
        for kind in types:
            assert pattern.search(f"{lint.ADDON}/{folder}/order/some{kind}")
    assert not pattern.search(f"{lint.ADDON}/static/manual/some.js")


def test_the_public_ci_runs_what_a_merge_needs():
    run = (paths.ROOT / ".ci" / "run").read_text()
    needed = re.findall(r"\./dev (?:lint|test)", run.splitlines()[-1])
    assert needed == ["./dev lint", "./dev test"]
    steps = (paths.ROOT / ".github" / "workflows" / "checks.yml").read_text()
    assert re.findall(r"\./dev \w+$", steps, re.MULTILINE) == needed
