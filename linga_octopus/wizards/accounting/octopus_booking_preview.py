from odoo import Command, api, fields, models

from ...models.accounting.booking import preview_items
from ...models.accounting.reasons import reason


class OctopusBookingPreview(models.TransientModel):
    """The entry that a day of a channel would make. Nothing is booked."""

    _name = "octopus.booking.preview"
    _description = "Octopus Booking Preview"

    map_id = fields.Many2one(
        "octopus.booking.map", "Channel", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True)
    line_ids = fields.One2many(
        "octopus.booking.preview.line",
        "preview_id",
        "Journal Items",
        help="Of the entry that the day would make.",
    )
    left_out = fields.Text(readonly=True, help="Orders that cannot be booked, and why.")
    is_empty = fields.Boolean(compute="_compute_is_empty", export_string_translation=False)
    has_foreign_currency = fields.Boolean(
        compute="_compute_has_foreign_currency", export_string_translation=False
    )

    @api.depends("line_ids", "left_out")
    def _compute_is_empty(self):
        for preview in self:
            preview.is_empty = not (preview.line_ids or preview.left_out)

    @api.depends("line_ids.currency_id")
    def _compute_has_foreign_currency(self):
        for preview in self:
            own = preview.map_id.company_id.currency_id
            preview.has_foreign_currency = bool(preview.line_ids.currency_id - own)

    def action_show(self):
        """Show the entry of the chosen day."""
        self.ensure_one()
        return self._open()

    def action_earlier(self):
        """Show the day before."""
        self.ensure_one()
        self.day = fields.Date.subtract(self.day, days=1)
        return self._open()

    def action_later(self):
        """Show the day after."""
        self.ensure_one()
        self.day = fields.Date.add(self.day, days=1)
        return self._open()

    def _open(self):
        """Compute the entry, and return the action that shows it."""
        # Accountants may not read the payloads of orders, which say what each tax is.
        entries, issues = preview_items(self.map_id.sudo(), self.day)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(self._line(currency, item))
                for currency, items in entries
                for item in items
            ),
        ]
        self.left_out = "\n".join(
            f"{order.display_name}: {reason(self.env, issue)}" for order, issue in issues
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _line(self, currency, item):
        balance = item["balance"]
        tax_ids = item.get("tax_ids", [])
        tag_ids = item.get("tax_tag_ids", [])
        return {
            "account_id": item["account_id"],
            "name": item["name"],
            "currency_id": currency.id,
            "amount_currency": item["amount_currency"],
            "debit": max(balance, 0),
            "credit": max(-balance, 0),
            "tax_ids": tax_ids,
            "tag_ids": tag_ids,
        }


class OctopusBookingPreviewLine(models.TransientModel):
    """A journal item of a preview."""

    _name = "octopus.booking.preview.line"
    _description = "Octopus Booking Preview: Journal Item"

    preview_id = fields.Many2one("octopus.booking.preview", required=True, ondelete="cascade")
    company_currency_id = fields.Many2one(
        related="preview_id.map_id.company_id.currency_id", string="Company Currency"
    )
    account_id = fields.Many2one("account.account", required=True)
    name = fields.Char("Label")
    currency_id = fields.Many2one("res.currency", required=True)
    amount_currency = fields.Monetary("Amount in Currency")
    debit = fields.Monetary(currency_field="company_currency_id")
    credit = fields.Monetary(currency_field="company_currency_id")
    tax_ids = fields.Many2many("account.tax", string="Taxes", context={"active_test": False})
    tag_ids = fields.Many2many("account.account.tag", string="Tax Tags")
