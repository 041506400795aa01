from odoo import api, fields, models


class OctopusOrderPrint(models.Model):
    """The packing slip of an order: which Point of Sale printed it last, and when."""

    _name = "octopus.order.print"
    _description = "Printed Packing Slip"
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order", "Online Order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    config_id = fields.Many2one(
        "pos.config", "Point of Sale", required=True, readonly=True, ondelete="cascade"
    )
    printed_at = fields.Datetime("Printed", required=True, readonly=True)

    _order_uniq = models.UniqueIndex("(order_id)", "An order has one packing slip.")

    # === BUSINESS METHODS === #

    @api.model
    def _set_printed(self, config, orders):
        """Save that a Point of Sale has printed the slips of these orders, once more perhaps."""
        for order in orders:
            vals = {"config_id": config.id, "printed_at": fields.Datetime.now()}
            slip = self.search([("order_id", "=", order.id)])
            if slip:
                slip.write(vals)
            else:
                self.create({**vals, "order_id": order.id, "company_id": order.company_id.id})
