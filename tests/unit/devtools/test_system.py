"""Missing programs and libraries are installed without a question, or named."""

import os
import shutil

import pytest

from devtools import paths
from devtools.provision import system
from devtools.steps import Failure

# Records its calls, and runs {install} to install.
APT_GET = """\
#!/bin/sh
echo "$DEBIAN_FRONTEND: $*" >> "{folder}/calls"
if read -r answer; then echo "a terminal" >> "{folder}/calls"; fi
case "$*" in *install*) {install} ;; esac
"""
INSTALLS = 'printf "#!/bin/sh\\n" > "{folder}/tool"; /bin/chmod +x "{folder}/tool"'


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A folder that is the whole PATH; a test puts programs into it."""
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


def test_a_present_program_is_not_installed(machine):
    add_program(machine, "tool", "#!/bin/sh\n")
    assert system.require(find_tool, ["tool-package"], "The tool") == str(machine / "tool")


def test_apt_installs_a_missing_program(machine):
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


def test_with_sudo_apt_runs_as_root_and_asks_nothing(machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    install = INSTALLS.format(folder=machine)
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install=install))
    # It drops the environment, as the real sudo does.
    add_program(machine, "sudo", '#!/bin/sh\nshift\nunset DEBIAN_FRONTEND\nexec "$@"\n')
    (machine / "env").symlink_to("/usr/bin/env")
    (machine / "true").symlink_to("/usr/bin/true")
    assert system.require(find_tool, ["tool-package"], "The tool")
    assert "noninteractive: -q install" in (machine / "calls").read_text()


def test_a_failed_installation_is_reported_in_one_sentence(machine):
    text = APT_GET.format(folder=machine, install='echo "E: Unable to locate package"; exit 100')
    add_program(machine, "apt-get", text)
    with pytest.raises(Failure, match=r"Installing tool-package failed: E: Unable to locate"):
        system.require(find_tool, ["tool-package"], "The tool")


def test_an_installation_without_effect_is_reported_in_one_sentence(machine):
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install="true"))
    with pytest.raises(Failure, match="still missing after installing tool-package"):
        system.require(find_tool, ["tool-package"], "The tool")


NODE = """\
#!/bin/sh
test -f "{folder}/tool" && exit 0
echo "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file"
exit 127
"""


def test_a_program_that_starts_needs_nothing(machine):
    add_program(machine, "node", "#!/bin/sh\n")
    system.require_start([machine / "node", "--version"], "Node")


def test_the_package_of_a_missing_library_is_named(machine):
    add_program(machine, "node", NODE.format(folder=machine))
    with pytest.raises(Failure) as failure:
        system.require_start([machine / "node", "--version"], "Playwright's Node")
    assert str(failure.value) == (
        "libatomic.so.1 (for Playwright's Node) is missing and cannot be installed from here "
        "(needs apt and root or password-less sudo): please install libatomic1 and start again."
    )


def test_a_missing_library_is_installed(machine):
    add_program(machine, "node", NODE.format(folder=machine))
    install = INSTALLS.format(folder=machine)
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install=install))
    system.require_start([machine / "node", "--version"], "Node")
    assert (machine / "calls").read_text().splitlines()[-1].endswith("libatomic1")


def test_a_library_that_its_package_does_not_bring_is_reported_in_one_sentence(machine):
    add_program(machine, "node", NODE.format(folder=machine))
    add_program(machine, "apt-get", APT_GET.format(folder=machine, install="true"))
    with pytest.raises(Failure, match=r"libatomic.so.1 \(for Node\) is still missing"):
        system.require_start([machine / "node", "--version"], "Node")


def test_a_program_that_does_not_start_is_reported_with_the_reason(machine):
    add_program(machine, "python", "#!/bin/sh\necho \"ImportError: No module named 'x'\"; exit 1")
    with pytest.raises(Failure, match="Odoo does not start: ImportError: No module named 'x'"):
        system.require_start([machine / "python"], "Odoo")


def test_an_absent_program_is_reported_in_one_sentence(machine):
    with pytest.raises(Failure, match="Node does not start: No such file or directory"):
        system.require_start([machine / "node"], "Node")


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libatomic.so.1", "libatomic1"),
        ("libnss3.so", "libnss3"),
        ("libX11.so.6", "libx11-6"),
        ("libglib-2.0.so.0", "libglib-2.0-0"),
        ("libstdc++.so.6", "libstdc++6"),
    ],
)
def test_the_package_of_a_library_is_named_by_debians_rule(library, package):
    assert system.package_of(library) == package
