"""What ./dev build makes, installed the way people install it: by pip, and by unpacking a zip.

The repository itself is not on Odoo's path here: only what was built.
"""

import dataclasses
import subprocess
import zipfile

import pytest

from devtools import build, paths
from devtools.provision import databases, postgres, stamps, venv
from devtools.servers.odoo_server import Odoo

DB = databases.own("linga_package")
EXAMPLES = paths.ROOT / "tests" / "example"
EXAMPLE = "linga_octopus_example"


@dataclasses.dataclass(frozen=True)
class OdooElsewhere(Odoo):
    """An Odoo that finds our addon in `folder`, or on Python's path when that is None."""

    folder: object = None
    python_path: object = None

    def write_conf(self):
        conf = super().write_conf()
        here = f",{paths.ROOT}\n"
        elsewhere = f",{self.folder}\n" if self.folder else "\n"
        conf.write_text(conf.read_text().replace(here, elsewhere, 1))
        return conf

    def environ(self):
        environ = super().environ()
        if self.python_path:
            environ["PYTHONPATH"] = f"{self.python_path}:{environ['PYTHONPATH']}"
        return environ


@pytest.fixture
def database():
    """A clean Odoo with Point of Sale."""
    busy = "Waiting for another run of this test"
    with stamps.lock(paths.LOCAL / "package.lock", busy), postgres.running():
        databases.base()
        databases.drop(DB)
        databases.copy(databases.BASE, DB)
        try:
            yield DB
        finally:
            databases.drop(DB)


@pytest.fixture
def unpacked(tmp_path):
    """An addons folder with the zip of the app in it."""
    folder = tmp_path / "addons"
    with zipfile.ZipFile(build.build_zip(tmp_path)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def site(tmp_path):
    """A folder of Python packages in which pip has installed the wheel."""
    folder = tmp_path / "site-packages"
    command = [venv.PYTHON, "-m", "pip", "install", "--no-deps", "--no-index", "-q"]
    command += ["--disable-pip-version-check", "--target", folder, build.build_wheel(tmp_path)]
    subprocess.run(command, check=True)
    return folder


def installed():
    """(state, version) of the app in the database."""
    query = "SELECT state, latest_version FROM ir_module_module WHERE name = 'linga_octopus'"
    return tuple(postgres.psql(query, connect_to=DB).split("|"))


def test_the_wheel_is_installed_by_pip_and_the_zip_upgrades_it(database, site, unpacked):
    assert (site / "odoo" / "addons" / "linga_octopus" / "__manifest__.py").exists()

    OdooElsewhere(database, python_path=site).install("linga_octopus")
    assert installed() == ("installed", build.version())

    OdooElsewhere(database, folder=unpacked).upgrade("linga_octopus")
    assert installed() == ("installed", build.version())


def test_the_zip_is_installed_into_a_clean_odoo_and_can_be_extended(database, unpacked):
    """The example of docs/extending.md is installed with it, and its tests pass."""
    odoo = OdooElsewhere(database, folder=f"{unpacked},{EXAMPLES}")
    odoo.test(EXAMPLE, tests_of=EXAMPLE)

    assert installed() == ("installed", build.version())
