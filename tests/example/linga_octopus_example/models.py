from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    material = fields.Char()

    def _octopus_extra_values(self):
        """Override to send the material."""
        return {**super()._octopus_extra_values(), "material": self.material or ""}


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _octopus_extra_values(self):
        """Override to send the cubic meters of a variant."""
        return {**super()._octopus_extra_values(), "volume": self.volume}


class PosCategory(models.Model):
    _inherit = "pos.category"

    octopus_sort_order = fields.Char()

    def _octopus_extra_values(self):
        """Override to send how channels sort the products of a category."""
        order = self.octopus_sort_order or "manual"
        return {**super()._octopus_extra_values(), "sort_order": order}


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    gift_message = fields.Char(readonly=True)

    def _read_extra_values(self, remote):
        """Override to read the gift message."""
        values = super()._read_extra_values(remote)
        if "gift_message" in remote.raw:
            values = {**values, "gift_message": remote.raw["gift_message"] or None}
        return values
