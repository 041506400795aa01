"""What the tests of the models share: a sandbox of Octopus, and a store that is connected to it."""

import functools
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import TransactionCase

from octopus_sandbox.testing import SandboxServer


@functools.cache
def shared_sandbox():
    """Return the sandbox that all classes of this process share: to start one takes a second.

    `tests/odoo/conftest.py` stops it.
    """
    return SandboxServer().start()


class SandboxMixin:
    """A connected store, for any of Odoo's test classes: ``sandbox``, ``account``, ``location``,
    ``warehouse``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = shared_sandbox()
        cls.sandbox.reset()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.account = cls.connect(name="Main Street")
        cls.location = cls.account.location_ids.filtered("is_default")
        cls.location.warehouse_id = cls.warehouse
        # What the database holds already is no concern of a test.
        cls.env["product.template"].search([]).available_in_pos = False

    def setUp(self):
        super().setUp()
        self.sandbox.reset()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's guard against outside hosts cannot read a timeout of two numbers.
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    @classmethod
    def connect(cls, **values):
        """Return a new store that is connected to the sandbox."""
        account = cls.env["octopus.account"].create(
            {
                "base_url": cls.sandbox.api_url,
                "merchant_name": cls.sandbox.merchant,
                "access_id": cls.sandbox.access_id,
                **values,
            }
        )
        account.action_subscribe()
        account.action_test_connection()
        return account

    @contextmanager
    def transaction(self):
        """Give an environment of a transaction of its own, with its own time, that commits.

        A worker commits, which the transaction of the test itself must not.
        """
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)

    def work(self):
        """Let the workers do all that can be done now, as their scheduled actions do."""
        self.env.cr.flush()  # as the commit before would have done
        with self.transaction() as env:
            env["octopus.sync.run"]._cron_run()
            env["octopus.stock.level"]._cron_push()

    def sync(self, kind):
        """Do a whole run, as its button does, and return it."""
        self.account._queue_run(kind)
        run = self.env["octopus.sync.run"].search(
            [("account_id", "=", self.account.id), ("kind", "=", kind)], limit=1
        )
        self.work()
        return run

    def resume(self, run):
        """Let a waiting run go on as if its time had come."""
        while run.state == "waiting":
            run.resume_at = run.create_date
            self.work()

    def writing_calls(self):
        """Return how many calls that change something the sandbox got, by endpoint."""
        return {
            call: count
            for call, count in self.sandbox.requests().items()
            if not call.startswith("GET ")
        }

    @classmethod
    def make_product(cls, name="Chair", **values):
        """Return a product that is sold at the Point of Sale."""
        values = {
            "name": name,
            "list_price": 10,
            "available_in_pos": True,
            "is_storable": True,
            "taxes_id": False,
            **values,
        }
        return cls.env["product.template"].create(values)

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


class OctopusCase(SandboxMixin, TransactionCase):
    """A test of the models against the sandbox."""
