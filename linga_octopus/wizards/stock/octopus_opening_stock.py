from odoo import api, fields, models
from odoo.fields import Command

from ...models.stock.opening_stock import OpeningStock


class OctopusOpeningStock(models.TransientModel):
    """What is counted in Odoo if the quantities of Octopus are taken, to be confirmed."""

    _name = "octopus.opening.stock"
    _description = "Opening Stock from Octopus"

    difference_ids = fields.Many2many("octopus.stock.difference", "octopus_opening_stock_rel")
    line_ids = fields.One2many(
        "octopus.opening.stock.line",
        "opening_id",
        "Counts",
        readonly=True,
        help="The quantity of each product in Odoo now, and as it will be counted.",
    )
    counted = fields.Integer(
        "Products to Count",
        readonly=True,
        help="Products whose quantity in Odoo differs from that of Octopus.",
    )
    added = fields.Float(
        "Pieces Added",
        digits="Product Unit",
        readonly=True,
        help="The sum of the quantities by which Odoo has less than Octopus.",
    )
    removed = fields.Float(
        "Pieces Removed",
        digits="Product Unit",
        readonly=True,
        help="The sum of the quantities by which Odoo has more than Octopus.",
    )
    left = fields.Integer(
        "Left as They Are",
        readonly=True,
        help="Lots, serial numbers and kits, and goods that lie in other places of the warehouse, "
        "are to be counted in Odoo.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: read the numbers. What cannot be an opening is refused."""
        openings = super().create(vals_list)
        for opening in openings:
            stock = OpeningStock(opening.difference_ids)
            stock.check()
            counts = stock.plan()
            changes = [count.after - count.before for count in counts]
            opening.write(
                {
                    "counted": len(counts),
                    "added": sum(change for change in changes if change > 0),
                    "removed": -sum(change for change in changes if change < 0),
                    "left": len(opening.difference_ids) - len(counts),
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": count.difference.product_id.id,
                                "location_id": count.place.id,
                                "before": count.before,
                                "after": count.after,
                            }
                        )
                        for count in counts
                    ],
                }
            )
        return openings

    def action_count(self):
        """Count the products as Octopus had them at the dry run."""
        differences = self.difference_ids
        opening = OpeningStock(differences)
        opening.check()
        counted = opening.apply()
        counted.sudo().state = "closed"
        message = self.env._("%s products were counted as Octopus had them.", len(counted))
        left = len(differences - counted)
        if left:
            message += " " + self.env._(
                "%s were left as they are: lots, serial numbers and kits, and goods that lie in "
                "other places of the warehouse, are to be counted in Odoo.",
                left,
            )
        answer = self.env["octopus.account"]._notification(
            "warning" if left else "success", message
        )
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer


class OctopusOpeningStockLine(models.TransientModel):
    """A product that would be counted."""

    _name = "octopus.opening.stock.line"
    _description = "Opening Stock from Octopus, Product"

    opening_id = fields.Many2one("octopus.opening.stock", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    before = fields.Float("On Hand", digits="Product Unit", readonly=True)
    after = fields.Float("Counted As", digits="Product Unit", readonly=True)
