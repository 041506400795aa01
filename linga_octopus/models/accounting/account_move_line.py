from odoo import fields, models


class AccountMoveLine(models.Model):
    """A line of the invoice of an online order says which part of the sale it is."""

    _inherit = "account.move.line"

    # One of `lib/ledger.KINDS`. A credit note that somebody makes by hand copies it.
    octopus_kind = fields.Char(readonly=True, export_string_translation=False)
