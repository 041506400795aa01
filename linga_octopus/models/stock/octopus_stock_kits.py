"""Kits: of a product with a kit recipe there are as many as its components make."""

from odoo import api, models


class OctopusStockEvent(models.Model):
    _inherit = "octopus.stock.event"

    @api.model
    def _kits_of(self, touched):
        """Return the kits, as (product, warehouse) ids, that are made of touched products."""
        if not self.env["product.product"]._octopus_has_kits():
            return set()
        lines = self.env["mrp.bom.line"].sudo()
        kits = set()
        pending = touched
        while pending:
            warehouses = {}
            for product_id, warehouse_id in pending:
                warehouses.setdefault(product_id, set()).add(warehouse_id)
            found = lines.search(
                [("product_id", "in", list(warehouses)), ("bom_id.type", "=", "phantom")]
            )
            pending = {
                (kit.id, warehouse_id)
                for line in found
                for kit in line.bom_id.product_id or line.bom_id.product_tmpl_id.product_variant_ids
                for warehouse_id in warehouses[line.product_id.id]
            } - kits
            kits |= pending
        return kits


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _octopus_has_kits(self):
        """Return whether there are kits at all."""
        if "mrp.bom" not in self.env:
            return False
        kits = self.env["mrp.bom"].sudo().search_count([("type", "=", "phantom")], limit=1)
        return bool(kits)

    def _octopus_kits(self, company):
        """Return the kits among these products."""
        if not self._octopus_has_kits():
            return self.browse()
        found = (
            self.env["mrp.bom"].sudo()._bom_find(self, company_id=company.id, bom_type="phantom")
        )
        return self.browse(product.id for product, bom in found.items() if bom)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.model
    def _octopus_kit_stamp(self):
        """Return a text that differs when other products are kits than before."""
        if not self.env["product.product"]._octopus_has_kits():
            return ""
        boms = self.env["mrp.bom"].sudo().search([("type", "=", "phantom")], order="id")
        return str([(bom.product_tmpl_id.id, bom.product_id.id, bom.company_id.id) for bom in boms])

    @api.model
    def _octopus_kit_ids(self):
        """Return the ids of all kits."""
        if not self.env["product.product"]._octopus_has_kits():
            return []
        boms = self.env["mrp.bom"].sudo().search([("type", "=", "phantom")])
        return boms.product_tmpl_id.ids
