"""What is missing is installed without a question, or named."""

import os
import shutil

import pytest

from devtools import paths, system
from devtools.steps import Failure

# Records its call, and "installs" when asked to.
APT_GET = """\
#!/bin/sh
echo "$DEBIAN_FRONTEND: $*" >> "{folder}/calls"
if read -r answer; then echo "a terminal" >> "{folder}/calls"; fi
case "$*" in *install*) {install} ;; esac
"""
INSTALLS = 'printf "#!/bin/sh\\n" > "{folder}/tool"; /bin/chmod +x "{folder}/tool"'


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A PATH with nothing on it but what a test puts there."""
    monkeypatch.setattr(paths, "LOG", tmp_path / "log")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system._update.cache_clear()
    return tmp_path


def add_program(folder, name, text):
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def find_tool():
    return shutil.which("tool")


def test_what_is_there_is_not_installed(machine):
    add_program(machine, "tool", "#!/bin/sh\n")
    assert system.require(find_tool, ["tool-package"], "The tool") == str(machine / "tool")


def test_apt_installs_what_is_missing(machine):
    install = INSTALLS.format(folder=machine)
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install=install))
    assert system.require(find_tool, ["tool-package"], "The tool") == str(machine / "tool")
    assert (machine / "calls").read_text().splitlines() == [
        "noninteractive: -q update",
        "noninteractive: -q install -y --no-install-recommends tool-package",
    ]


def test_without_apt_the_packages_are_named(machine):
    with pytest.raises(Failure, match="please install tool-package and start again"):
        system.require(find_tool, ["tool-package"], "The tool")


def test_without_the_right_to_install_the_packages_are_named(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install="true"))
    add_program(machine, "sudo", "#!/bin/sh\necho 'a password is required' >&2\nexit 1\n")
    with pytest.raises(Failure, match="The tool is missing and cannot be installed from here"):
        system.require(find_tool, ["tool-package"], "The tool")
    assert not (machine / "calls").exists()


def test_with_sudo_apt_runs_as_root_and_still_asks_nothing(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    install = INSTALLS.format(folder=machine)
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install=install))
    # Like the real one it drops the environment.
    add_program(machine, "sudo", '#!/bin/sh\nshift\nunset DEBIAN_FRONTEND\nexec "$@"\n')
    (machine / "env").symlink_to("/usr/bin/env")
    (machine / "true").symlink_to("/usr/bin/true")
    assert system.require(find_tool, ["tool-package"], "The tool")
    assert "noninteractive: -q install" in (machine / "calls").read_text()


def test_a_failed_installation_is_a_sentence(machine):
    text = APT_GET.format(folder=machine, install='echo "E: Unable to locate package"; exit 100')
    add_program(machine, "apt-get", text)
    with pytest.raises(Failure, match=r"Installing tool-package failed: E: Unable to locate"):
        system.require(find_tool, ["tool-package"], "The tool")


def test_an_installation_that_brings_nothing_is_a_sentence(machine):
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install="true"))
    with pytest.raises(Failure, match="still missing after installing tool-package"):
        system.require(find_tool, ["tool-package"], "The tool")
