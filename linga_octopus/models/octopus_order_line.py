from odoo import fields, models


class OctopusOrderLine(models.Model):
    """One line of an online order, and the product of ours that it is about."""

    _name = "octopus.order.line"
    _description = "Online Order Line"
    _check_company_auto = True
    _order = "order_id, id"

    order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    octopus_ref = fields.Char("Octopus Line", readonly=True)
    octopus_variant_ref = fields.Char("Octopus Variant", readonly=True)
    sku = fields.Char("SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    name = fields.Char("Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    price_unit = fields.Float("Unit Price", digits="Product Price", readonly=True)
    discount = fields.Monetary(readonly=True, help="Off the whole line.")
    tax = fields.Monetary(readonly=True)
    subtotal = fields.Monetary(readonly=True, help="Quantity by price, less the discount.")
    product_id = fields.Many2one("product.product", check_company=True, index="btree_not_null")
    needs_mapping = fields.Boolean(readonly=True)
    is_deducted = fields.Boolean("Deducted", readonly=True, copy=False)
    quantity_restored = fields.Float("Given Back", digits="Product Unit", readonly=True, copy=False)
    move_ids = fields.One2many("stock.move", "octopus_order_line_id", "Stock Moves", readonly=True)

    _unmapped_idx = models.Index("(order_id) WHERE needs_mapping")
