"""Who may do what: every model of the addon, every method that can be called over RPC, every kind
of user, against one table (access.csv), which is also the table of docs/security.md.

What there is to try comes from the code, so a new model or method fails until the table says who
may use it.
"""

import inspect

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.service.model import call_kw, get_public_method
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.linga_octopus.models.accounting.ledger import Ledger

from devtools import tables

from ..support.orders import OrdersMixin

ADDON = "odoo.addons.linga_octopus."
OPERATIONS = ("read", "write", "create", "unlink")
MANAGER = "base.group_user,linga_octopus.group_octopus_manager"
GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "internal user": "base.group_user",
    "POS user": "base.group_user,point_of_sale.group_pos_user",
    "Octopus user": "base.group_user,linga_octopus.group_octopus_user",
    "Octopus manager": MANAGER,
    "accountant": "base.group_user,account.group_account_manager",
    "manager elsewhere": MANAGER,
}
OPENS = {"ir.actions.act_window", "ir.actions.report"}


class TestAccessMatrix(OrdersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.users = {
            label: new_test_user(
                cls.env,
                f"matrix-{number}",
                groups,
                company_id=elsewhere.id if label == "manager elsewhere" else cls.env.company.id,
                company_ids=[elsewhere.id if label == "manager elsewhere" else cls.env.company.id],
            )
            for number, (label, groups) in enumerate(GROUPS.items())
        }
        cls.till = cls.env["pos.config"].create({"name": "Till of the matrix"})
        cls.account.pos_config_ids = cls.till

    def test_no_record_is_pushed_into_the_store_of_another_company(self):
        """A rule that is asked only for what a record was before would let it go there."""
        stranger = self.users["manager elsewhere"]
        store = self.env["octopus.account"].with_user(stranger).create({"name": "Elsewhere"})
        location = self.env["octopus.location"].create(
            {"account_id": store.id, "octopus_ref": "1", "name": "Elsewhere"}
        )
        alias = self.env["octopus.product.alias"].create(
            {"account_id": store.id, "kind": "sku", "key": "X", "product_id": self.chair.id}
        )
        for record in (location, alias):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(stranger).account_id = self.account.id
        with self.assertRaises(AccessError):
            store.company_id = self.env.company

    def setUp(self):
        super().setUp()
        payload = self.payload({"CHAIR": 1, "MYSTERY": 1})
        payload["line_items"][1]["title"] = "chair"  # a suggestion to accept
        order = self.ingest(payload)
        # All days can be checked, at whatever hour the test runs.
        self.account.orders_since = "2026-10-01"
        self.env.flush_all()
        booking_map, booked = self.book_a_day(order)
        self.samples = {
            "account.bank.statement.line": self.env["account.bank.statement.line"].create(
                {"date": "2026-11-25", "payment_ref": "Payout", "amount": 1}
            ),
            "account.account": booking_map.clearing_account_id,
            "account.move": booked.move_id,
            "octopus.booking.day": booked.day_id,
            "octopus.booking.tax": self.env["octopus.booking.tax"].create(
                {"map_id": booking_map.id, "title": "VAT", "rate": "0.1"}
            ),
            "octopus.booking.map": booking_map,
            "octopus.clearing": self.env["octopus.clearing"].search([], limit=1),
            "octopus.ledger.line": booked,
            "octopus.sales.report": self.env["octopus.sales.report"].search([], limit=1),
            "octopus.account": self.account,
            "octopus.location": self.location,
            "octopus.order": order,
            "octopus.order.line": order.line_ids.filtered("needs_mapping"),
            "octopus.order.report": self.env["octopus.order.report"].search(
                [("order_id", "=", order.id)], limit=1
            ),
            "octopus.remote.product": self.env["octopus.remote.product"].create(
                {"account_id": self.account.id, "octopus_ref": "1", "name": "Lamp"}
            ),
            "octopus.sync.run": self.env["octopus.sync.run"]._queue(self.account, "categories"),
            "pos.config": self.till,
            "product.product": self.chair,
            "product.template": self.chair.product_tmpl_id,
            "res.company": self.env.company,
            "stock.warehouse": self.warehouse,
        }
        # What a method is called with, by the name of the parameter.
        self.arguments = {
            "order_id": order.id,
            "number": order.aggregator_order_no,
            "start": "2026-11-01",
            "end": "2026-11-02",
            "day": "2026-11-01",
            "product_id": self.chair.id,
            "status": "completed",
            "latest_id": order.id,
            "vals": {"merchant_name": "another"},
            "is_applied": True,
            "code": order.aggregator_order_no,
            "order_ids": order.ids,
            "line_id": order.line_ids[0].id,
            "is_sold_out": True,
            "is_ready": True,
            "values": {"pieces": {str(line.id): line.quantity for line in order.line_ids}},
        }

    def book_a_day(self, order):
        """Return the accounting of a channel, and what an order has booked."""
        booking_map = self.env["octopus.booking.map"].create(
            {"channel_id": order.channel_id.id, "start_day": "2026-11-01"}
        )
        booking_map.action_create_accounts()
        booking_map.action_confirm()
        Ledger(self.account, booking_map).write_batch()
        order.ledger_line_ids.day_id.action_book()
        return booking_map, order.ledger_line_ids

    def test_everybody_may_do_what_the_table_says_and_nothing_else(self):
        rows = [*self.try_operations(), *self.try_methods()]
        tables.keep(tables.ACCESS, "all", rows)
        found = {_line(row) for row in rows}
        table = {_line(row) for row in tables.read(tables.ACCESS)}
        wrong = "".join(f"\n-{line}" for line in sorted(table - found))
        missing = "".join(f"\n+{line}" for line in sorted(found - table))
        self.assertEqual(found, table, f"In access.csv:{wrong}{missing}\n{tables.TAKE_OVER}")

    def test_the_document_shows_the_table(self):
        self.assertEqual(
            tables.SECURITY.read_text(),
            tables.render(tables.SECURITY),
            "Run python3 -m devtools.tables.",
        )

    # === WHAT THERE IS === #

    def models(self):
        """Return the names of the addon's models that have records."""
        return sorted(
            name
            for name, model in self.registry.items()
            if model._original_module == "linga_octopus" and not model._abstract
        )

    def methods(self):
        """Yield (model, name) of the methods that the addon opens to RPC."""
        inherited = set(dir(BaseModel))  # an override of these opens nothing new
        for model in sorted(self.registry):
            if self.registry[model]._abstract:
                continue
            names = {
                name
                for part in self.registry[model].mro()
                if part.__module__.startswith(ADDON)
                for name, value in vars(part).items()
                if inspect.isfunction(value) and not name.startswith("_")
            }
            for name in sorted(names - inherited):
                try:
                    get_public_method(self.env[model], name)
                except AccessError:
                    continue
                yield model, name

    def sample(self, model):
        """Return a record of a model that belongs to our store."""
        if model not in self.samples:
            self.samples[model] = self.env[model].create(self.sample_values(model))
        return self.samples[model]

    def sample_values(self, model):
        """Return values for the fields that a new record must have."""
        return {
            name: self.sample_value(field)
            for name, field in self.env[model]._fields.items()
            if field.required and not (field.related or field.default)
        }

    def sample_value(self, field):
        if field.type == "many2one":
            return self.sample(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "char": "sample",
            "text": "sample",
            "date": "2026-11-01",
            "datetime": "2026-11-01 10:00:00",
            "many2many": [Command.set(self.env.user.ids)],
        }.get(field.type, 1)

    # === TRYING === #

    def try_operations(self):
        for model in self.models():
            record = self.sample(model)
            values = self.sample_values(model)
            values.update({"octopus.product.alias": {"key": "another"}}.get(model, {}))
            if "company_id" in record and not record._fields["company_id"].related:
                values["company_id"] = self.env.company.id
            names = [
                name
                for name, field in record._fields.items()
                if field.store and not (field.relational or field.groups)
            ]
            attempts = {
                "read": lambda as_user, names=names: as_user.read(names),
                "write": lambda as_user: as_user.write({}),
                "create": lambda as_user, values=values: as_user.create(values),
                "unlink": lambda as_user: as_user.unlink(),
            }
            for operation in OPERATIONS:
                yield self.try_all(model, operation, record, attempts[operation])

    def try_methods(self):
        for model, name in self.methods():
            record = self.sample(model)
            method = getattr(type(record), name)
            arguments = [
                self.arguments[parameter.name]
                for parameter in list(inspect.signature(method).parameters.values())[1:]
                if parameter.default is parameter.empty
            ]
            if not getattr(method, "_api_model", False):
                arguments.insert(0, record.ids)
            yield self.try_all(
                model,
                name,
                record,
                lambda as_user, name=name, arguments=arguments: call_kw(
                    as_user, name, arguments, {}
                ),
            )

    def try_all(self, model, call, record, attempt):
        return {
            "model": model,
            "call": call,
            **{label: self.try_as(user, record, attempt) for label, user in self.users.items()},
        }

    @mute_logger("odoo.models.unlink", "odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def try_as(self, user, record, attempt):
        """Return whether access control lets a user do something; nothing of it remains."""
        self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            try:
                result = attempt(record.with_user(user).with_context(allowed_company_ids=None))
                self.env.flush_all()
            except AccessError:
                return "no"
            except (UserError, IntegrityError):
                # It got as far as what speaks against it in the record itself.
                return "yes"
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
        return "opens" if isinstance(result, dict) and result.get("type") in OPENS else "yes"


def _line(row):
    return ",".join(row.values())
