"""A fresh database, as somebody makes it who has only the addon: its demo data, its own tests."""

import pytest

from devtools import paths
from devtools.provision import databases, postgres, stamps
from devtools.servers.odoo_server import Odoo

DB = databases.own("linga_fresh")
# Tests that call nobody; the others need the sandbox.
AT_LEAST = 300


@pytest.fixture
def odoo():
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak-fresh.lock", busy), postgres.running():
        databases.drop(DB)
        databases.create(DB)
        yield OdooWithDemo(DB)
        databases.drop(DB)


class OdooWithDemo(Odoo):
    """An Odoo that loads demo data, as `--with-demo` does."""

    def write_conf(self):
        conf = super().write_conf()
        conf.write_text(conf.read_text().replace("without_demo = True", "with_demo = True"))
        return conf


def test_the_addon_tests_itself_beside_odoos_demo_data(odoo):
    count = odoo.test("linga_octopus", tests_of="linga_octopus")

    assert count > AT_LEAST
    orders = "SELECT count(*) FROM octopus_order WHERE third_party_name IS NOT NULL"
    assert postgres.psql(orders, connect_to=DB) == "20"
