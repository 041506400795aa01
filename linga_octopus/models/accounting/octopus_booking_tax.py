from odoo import api, fields, models
from odoo.tools import float_repr

from ...lib.ledger_parts import UNTITLED


class OctopusBookingTax(models.Model):
    """What a channel calls a tax, and the tax in Odoo that it is."""

    _name = "octopus.booking.tax"
    _description = "Octopus Tax Mapping"
    _order = "map_id, title, rate"
    _check_company_auto = True

    map_id = fields.Many2one(
        "octopus.booking.map", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="map_id.company_id", store=True)
    title = fields.Char("Tax of the Channel", readonly=True)
    rate = fields.Char(
        "Fraction",
        readonly=True,
        required=True,
        export_string_translation=False,
        help="0.19 is 19 %.",
    )
    percentage = fields.Char("Rate", compute="_compute_percentage")
    tax_id = fields.Many2one(
        "account.tax",
        "Tax in Odoo",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '!=', 'group')]",
        help="Its accounts and its tags for the tax report are used. The amount is the channel's.",
    )
    is_proposed = fields.Boolean("Proposal", readonly=True, help="Nobody has confirmed it yet.")
    order_count = fields.Integer("Orders", readonly=True, help="Seen with this tax so far.")
    amount = fields.Float("Sum", digits="Product Price", readonly=True, help="Of these orders.")

    _name_uniq = models.Constraint(
        "UNIQUE(map_id, title, rate)", "The channel has this tax already."
    )

    @api.depends("title", "rate")
    def _compute_display_name(self):
        for tax in self:
            title = tax.title or self.env._("No Title")
            tax.display_name = f"{title} {tax.percentage or ''}".strip()

    @api.depends("rate")
    def _compute_percentage(self):
        for tax in self:
            percent = float(tax.rate or 0) * 100
            text = float_repr(percent, 4).rstrip("0").rstrip(".")
            is_unknown = not percent and (tax.title or "") == UNTITLED
            tax.percentage = self.env._("Unknown") if is_unknown else f"{text}%"

    def write(self, vals):
        """Override: what a person chooses is no proposal any more."""
        if "tax_id" in vals and "is_proposed" not in vals:
            vals = {**vals, "is_proposed": False}
        return super().write(vals)
