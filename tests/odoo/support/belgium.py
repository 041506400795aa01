"""A company with the Belgian chart: Odoo's own tax report, taxes and grids, read from its files.

Installing `l10n_be` would bring its checks into all other tests, and costs more time than this.
"""

import csv
from collections import defaultdict

from odoo.fields import Command
from odoo.tools.convert import convert_file
from odoo.tools.misc import file_open

CHART = "l10n_be/data/template/account.%s-be.csv"
SALES = "attn_VAT-OUT-"


class BelgiumMixin:
    """``cls.env.company`` is a Belgian one, in euros; stand behind `BooksMixin`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        country = cls.env.ref("base.be")
        euro = cls.env.ref("base.EUR")
        euro.active = True
        belgium = cls.env["res.company"].create(
            {
                "name": "Gent",
                "country_id": country.id,
                "account_fiscal_country_id": country.id,
                "currency_id": euro.id,
            }
        )
        cls.env.user.company_ids += belgium
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": belgium.ids})
        convert_file(cls.env, "l10n_be", "data/account_tax_report_data.xml", {}, mode="init")
        cls.env["account.tax.group"].create(
            {"name": "VAT", "country_id": country.id, "company_id": belgium.id}
        )
        cls.chart_taxes = {ref.removeprefix(SALES): rows for ref, rows in cls._chart_rows()}
        cls.env["account.journal"].create(
            {"name": "Sales", "code": "INV", "type": "sale", "company_id": belgium.id}
        )

    @classmethod
    def _chart_rows(cls):
        """Return (reference, rows) of the sales taxes of the chart."""
        found, ref = defaultdict(list), ""
        with file_open(CHART % "tax", "r") as lines:
            for row in csv.DictReader(lines):
                ref = row["id"] or ref
                found[ref].append(row)
        return [(ref, rows) for ref, rows in found.items() if ref.startswith(SALES)]

    @classmethod
    def chart_tax(cls, ref):
        """Return the sales tax of the chart with this reference, such as `21-L`."""
        rows = cls.chart_taxes[ref]
        lines = [cls._repartition(row) for row in rows]
        return cls.env["account.tax"].create(
            {
                "name": f"{rows[0]['name']} {ref}",
                "amount": float(rows[0]["amount"]),
                "type_tax_use": "sale",
                "country_id": cls.env.ref("base.be").id,
                "invoice_repartition_line_ids": [
                    Command.create(line) for line in lines if line["document_type"] == "invoice"
                ],
                "refund_repartition_line_ids": [
                    Command.create(line) for line in lines if line["document_type"] == "refund"
                ],
            }
        )

    @classmethod
    def _repartition(cls, row):
        prefix = "repartition_line_ids/"
        tags = cls.env["account.account.tag"]
        if name := row[f"{prefix}tag_ids"]:
            tags = tags._get_tax_tags(name, cls.env.ref("base.be").id)
            assert tags, f"the tax report has no grid {name}"
        return {
            "document_type": row[f"{prefix}document_type"],
            "repartition_type": row[f"{prefix}repartition_type"],
            "tag_ids": [Command.set(tags.ids)],
            "account_id": cls.chart_account(row[f"{prefix}account_id"]),
        }

    @classmethod
    def chart_account(cls, ref):
        """Return the id of the account of the chart with this reference; False without one."""
        if not ref:
            return False
        with file_open(CHART % "account", "r") as lines:
            row = next(row for row in csv.DictReader(lines) if row["id"] == ref)
        company, accounts = cls.env.company, cls.env["account.account"]
        domain = [*accounts._check_company_domain(company), ("code", "=", row["code"])]
        values = {name: row[name] for name in ("name", "code", "account_type")}
        values["company_ids"] = [Command.link(company.id)]
        return (accounts.search(domain) or accounts.create(values)).id

    def grids(self, moves):
        """Return the figures of the tax report: by grid, with the sign that the report shows."""
        sums = self.by_tag(moves, lambda tag: -1 if tag.balance_negate else 1)
        return {name: value for name, value in sums.items() if value}
