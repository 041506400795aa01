"""A store that is connected to Octopus, without an Octopus: what the tests need that call nobody.

Those that call Octopus have the sandbox, in tests/odoo/ of the repository.
"""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase

from ...lib.octopus_api import Location, OctopusClient, Shop

# What Octopus answers to the connection test.
SHOP = Shop.from_json(
    {
        "id": 1001,
        "name": "Main store",
        "currency": "USD",
        "iana_timezone": "America/Los_Angeles",
        "weight_unit": "kg",
        "taxes_included": False,
        "primary_location_id": 1001,
    }
)
LOCATIONS = [
    Location.from_json({"id": 1001, "name": "Main store", "active": True}),
    Location.from_json({"id": 1002, "name": "Warehouse", "active": True}),
]


class StoreMixin:
    """A connected store, for any of Odoo's test classes: ``account``, ``location``,
    ``warehouse``."""

    test_tags = {"standard", "post_install"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forget_demo()
        cls.open_octopus()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.account = cls.connect(name="Main Street")
        cls.location = cls.account.location_ids.filtered("is_default")
        cls.location.warehouse_id = cls.warehouse
        # What the database holds already is no concern of a test.
        # Those of a combo stay: Odoo does not let them leave the Point of Sale.
        in_combos = cls.env["product.combo.item"].search([]).product_id.product_tmpl_id
        (cls.env["product.template"].search([]) - in_combos).available_in_pos = False

    @classmethod
    def forget_demo(cls):
        """Leave out what a database with demo data has: its store, and a time zone."""
        cls.env["octopus.order"].search([]).unlink()
        cls.env["octopus.account"].search([]).unlink()
        (cls.env.user | cls.env.ref("base.user_admin")).tz = False

    @classmethod
    def open_octopus(cls):
        """Start what `connect` connects to."""

    @classmethod
    def connect(cls, **values):
        """Return a new store, as it is after Octopus has accepted its credentials."""
        account = cls.env["octopus.account"].create(
            {
                "base_url": "https://octopus.example/api",
                "merchant_name": "demo",
                "access_id": "demo-access-id",
                **values,
            }
        )
        account.action_subscribe()
        answers = {"get_shop": lambda _client: SHOP, "get_locations": lambda _client: LOCATIONS}
        with patch.multiple(OctopusClient, **answers):
            account.action_test_connection()
        return account

    @contextmanager
    def transaction(self):
        """Give an environment of a transaction of its own, with its own time, that commits.

        A worker commits, which the transaction of the test itself must not.
        """
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)

    def make_recipe(self, kit, *components):
        """Make a kit of these components, dicts of values; there are none without Manufacturing."""
        if "mrp.bom" not in self.env:
            self.skipTest("There are no kits without Manufacturing.")
        lines = [Command.create(component) for component in components]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": lines,
            }
        )

    @classmethod
    def make_product(cls, name="Chair", **values):
        """Return a product that is sold at the Point of Sale."""
        return cls.make_products([name], **values)

    @classmethod
    def make_products(cls, names, **values):
        """Return products that are sold at the Point of Sale, made at once."""
        values = {
            "list_price": 10,
            "available_in_pos": True,
            "is_storable": True,
            "taxes_id": False,
            **values,
        }
        return cls.env["product.template"].create([{"name": name, **values} for name in names])

    @classmethod
    def attribute_line(cls, name, *values):
        """Return the command that gives a product an attribute with these values."""
        attribute = cls.env["product.attribute"].create(
            {"name": name, "value_ids": [Command.create({"name": value}) for value in values]}
        )
        return [
            Command.create(
                {"attribute_id": attribute.id, "value_ids": [Command.set(attribute.value_ids.ids)]}
            )
        ]


class StoreCase(StoreMixin, TransactionCase):
    """A test of the models that calls nobody."""
