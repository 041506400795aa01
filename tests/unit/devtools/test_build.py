"""The zip and the wheel that ./dev build makes."""

import zipfile

import pytest

from devtools import build, paths


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return build.build_zip(tmp_path_factory.mktemp("dist"))


def test_the_zip_names_its_version(archive):
    assert archive.name == f"linga_octopus-{build.version()}.zip"
    assert build.version().startswith("19.0.")


def test_the_zip_holds_the_addon_and_its_license(archive):
    names = set(zipfile.ZipFile(archive).namelist())

    assert {"linga_octopus/__manifest__.py", "linga_octopus/LICENSE"} <= names
    assert {name.split("/")[0] for name in names} == {"linga_octopus"}
    shipped = {
        str(path.relative_to(paths.ROOT))
        for path in paths.ADDON.rglob("*")
        if path.suffix in (".py", ".xml", ".js", ".csv", ".scss", ".png", ".po", ".pot")
    }
    assert shipped <= names


def test_the_zip_holds_no_caches(archive):
    names = zipfile.ZipFile(archive).namelist()

    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build.build_wheel(tmp_path_factory.mktemp("dist"))


def test_the_wheel_installs_the_content_of_the_zip_into_odoo_addons(archive, wheel):
    zipped = zipfile.ZipFile(archive).namelist()
    wheeled = zipfile.ZipFile(wheel).namelist()

    packed = {name for name in wheeled if ".dist-info/" not in name}
    assert packed == {f"odoo/addons/{name}" for name in zipped}
    assert wheel.name == f"odoo_addon_linga_octopus-{build.version()}-py3-none-any.whl"


def test_the_wheel_requires_its_odoo(wheel):
    content = zipfile.ZipFile(wheel)
    [metadata] = [name for name in content.namelist() if name.endswith("/METADATA")]

    assert "Requires-Dist: odoo==19.0.*" in content.read(metadata).decode().splitlines()
