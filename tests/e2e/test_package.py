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


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """An addons folder with the zip of the app in it."""
    folder = tmp_path_factory.mktemp("addons")
    with zipfile.ZipFile(build.build_zip(tmp_path_factory.mktemp("zip"))) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of Python packages in which pip has installed the wheel."""
    folder = tmp_path_factory.mktemp("site-packages")
    wheel = build.build_wheel(tmp_path_factory.mktemp("wheel"))
    command = [venv.PYTHON, "-m", "pip", "install", "--no-deps", "--no-index", "-q"]
    command += ["--disable-pip-version-check", "--target", folder, wheel]
    subprocess.run(command, check=True)
    return folder


def installed():
    """(state, version) of the app in the database."""
    query = "SELECT state, latest_version FROM ir_module_module WHERE name = 'linga_octopus'"
    return tuple(postgres.psql(query, connect_to=DB).split("|"))


def content(folder):
    """{path in the addon's folder: content} of what somebody gets; without what Python compiles."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_and_the_zip_hold_the_same(site, unpacked):
    """So a clean Odoo takes the one as it takes the other."""
    zipped = content(unpacked / "linga_octopus")
    assert "__manifest__.py" in zipped
    assert content(site / "odoo" / "addons" / "linga_octopus") == zipped


def test_a_clean_odoo_takes_the_wheel_and_then_the_zip_and_an_extension(database, site, unpacked):
    """The zip upgrades what pip has installed. With it comes the example of docs/extending.md,
    whose tests pass."""
    OdooElsewhere(database, python_path=site).install("linga_octopus")
    assert installed() == ("installed", build.version())

    odoo = OdooElsewhere(database, folder=f"{unpacked},{EXAMPLES}")
    odoo.test(EXAMPLE, tests_of=EXAMPLE, upgrade="linga_octopus")
    assert installed() == ("installed", build.version())
