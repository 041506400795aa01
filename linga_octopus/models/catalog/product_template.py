from odoo import api, fields, models

from ...const import MANAGER


class ProductTemplate(models.Model):
    _inherit = "product.template"

    octopus_excluded = fields.Boolean(
        "Not on Octopus",
        tracking=True,
        help="Never sent to Octopus; a product that is there already is archived there.",
    )
    octopus_product_ids = fields.One2many(
        "octopus.product", "product_tmpl_id", "In Octopus", groups=MANAGER
    )

    @api.model
    def _octopus_weighs_in_pounds(self):
        """Tell in what unit the weights of all products are."""
        pound = self.env.ref("uom.product_uom_lb", raise_if_not_found=False)
        return self._get_weight_uom_id_from_ir_config_parameter() == pound
