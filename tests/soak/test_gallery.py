"""Galleries with Odoo's own eCommerce, which is too large for the database of all other tests."""

import subprocess

import pytest

from devtools import paths
from devtools.provision import databases, postgres, stamps, venv
from devtools.servers.odoo_server import Odoo

DB = databases.own("linga_gallery")
OPTIONS = ("-q", "-p", "tests.odoo.plugin", "--odoo-http", "--odoo-log-level=error")
TESTS = ("tests/odoo/catalog/test_gallery.py", "-k", "TestOctopusGallery")


@pytest.fixture
def environ():
    """Of an Odoo with the addon and eCommerce."""
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak-gallery.lock", busy), postgres.running():
        parent = databases.test()
        databases.drop(DB)
        databases.copy(parent, DB)
        odoo = Odoo(DB)
        odoo.install("website_sale")
        yield odoo.environ()
        databases.drop(DB)


def test_the_galleries_of_ecommerce_go_out(environ):
    command = [venv.PYTHON, "-m", "pytest", *OPTIONS, *TESTS]
    assert not subprocess.run(command, cwd=paths.ROOT, env=environ, check=False).returncode
