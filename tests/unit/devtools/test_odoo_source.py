"""The choice of the mirror, and the check that a source is Odoo 19."""

import os

import pytest

from devtools import paths
from devtools.provision import odoo_source
from devtools.steps import Failure

RELEASE = "RELEASE_LEVELS = []\nversion_info = ({version}, FINAL, 0, '')\n"
TARGETS = """\
||main|https://editor.example/apt/
Other|Other|main|https://node.example/
Debian|Debian-Security|main|https://security.example/debian-security/
Debian|Debian|contrib|https://contrib.example/debian/
Debian|Debian|main|https://first.example/debian/
Debian|Debian|main|https://second.example/debian/
"""


def make_tree(folder, version="19, 0, 0", addons=("odoo/addons", "addons")):
    for name in addons:
        (folder / name).mkdir(parents=True)
    (folder / "odoo" / "release.py").write_text(RELEASE.format(version=version))
    return folder


def test_the_mirror_is_debians_own_main_archive():
    assert odoo_source.parse_mirror(TARGETS) == "https://first.example/debian/"


@pytest.mark.parametrize("targets", ["", "||main|https://editor.example/apt/\n"])
def test_without_debian_source_there_is_no_mirror(targets):
    assert odoo_source.parse_mirror(targets) is None


def test_odoo_home_is_used_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_tree(tmp_path)))
    source = odoo_source.ensure()
    assert source.home == tmp_path.resolve()
    assert source.addons_paths == [tmp_path / "addons", tmp_path / "odoo/addons"]


def test_a_tree_with_one_addons_folder_has_one_addons_path(tmp_path):
    source = odoo_source.OdooSource(make_tree(tmp_path, addons=("odoo/addons",)))
    assert source.addons_paths == [tmp_path / "odoo/addons"]


@pytest.mark.parametrize("version", ["18, 0, 0", "'saas~19', 2, 0"])
def test_another_odoo_is_refused(tmp_path, monkeypatch, version):
    monkeypatch.setenv("ODOO_HOME", str(make_tree(tmp_path, version)))
    with pytest.raises(Failure, match=r"not a source tree of Odoo 19\.0"):
        odoo_source.ensure()


def test_an_empty_odoo_home_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Failure, match="not a source tree"):
        odoo_source.ensure()


def test_the_newest_complete_odoo_of_the_cache_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(odoo_source, "STORE", tmp_path)
    for age, name in enumerate(("19.0.2", "19.0.1", "19.0.3.part")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    os.utime(tmp_path / "19.0.3.part", (5000, 5000))
    assert odoo_source.newest_unpacked() == tmp_path / "19.0.2"


def test_without_apt_the_message_names_odoo_home(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match="Or set ODOO_HOME"):
        odoo_source.fetch()


def test_apt_works_in_its_private_directory_only(tmp_path):
    settings = odoo_source.private_options(tmp_path)[1::2]
    assert f"Dir::State={tmp_path / 'state'}" in settings
    assert f"Dir::Etc::sourcelist={tmp_path / 'sources.list'}" in settings
    assert "Dir::Etc::sourceparts=-" in settings
