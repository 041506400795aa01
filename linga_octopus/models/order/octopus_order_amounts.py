from odoo import fields, models


class OctopusOrderAmounts(models.AbstractModel):
    """The amounts of an online order, as the channel states them."""

    _name = "octopus.order.amounts"
    _description = "Amounts of an Online Order"

    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_subtotal = fields.Monetary("Goods", readonly=True, help="Before any discount.")
    amount_discount = fields.Monetary("Discounts", readonly=True)
    amount_shipping = fields.Monetary("Shipping", readonly=True)
    amount_tax = fields.Monetary("Tax", readonly=True)
    amount_tip = fields.Monetary("Tip", readonly=True)
    amount_difference = fields.Monetary(
        "Unexplained Difference",
        readonly=True,
        help="The check total that Octopus states, less the sum of the amounts above.",
    )
    taxes_included = fields.Boolean("Prices Include Tax", readonly=True)
    is_tax_paid_by_channel = fields.Boolean(
        "Tax Paid by the Channel",
        readonly=True,
        help="Amazon, Walmart and eBay pay the tax themselves: it is not part of the check total.",
    )
