"""The addon beside Odoo's delivery methods, which it does not depend on (`stock_delivery`)."""

import dataclasses

import pytest

from devtools import paths
from devtools.provision import databases, postgres, stamps
from devtools.servers.odoo_server import Odoo

DB = databases.own("linga_delivery")
TESTS = paths.ROOT / "tests" / "beside"


@dataclasses.dataclass(frozen=True)
class OdooWithTests(Odoo):
    """An Odoo that finds the addon whose tests need `stock_delivery`."""

    def write_conf(self):
        conf = super().write_conf()
        here = f",{paths.ROOT}\n"
        conf.write_text(conf.read_text().replace(here, f",{paths.ROOT},{TESTS}\n", 1))
        return conf


@pytest.fixture
def odoo():
    busy = "Waiting for another soak of this checkout"
    with stamps.lock(paths.LOCAL / "soak-delivery.lock", busy), postgres.running():
        databases.test()
        databases.drop(DB)
        databases.copy(databases.TEST, DB)
        yield OdooWithTests(DB)
        databases.drop(DB)


def test_tracking_references_on_deliveries_are_parcels(odoo):
    name = "linga_octopus_with_delivery"
    assert odoo.test(name, tests_of=name) >= 8
