"""The rules of products and their categories for the number that Octopus gets.

The fields stand in the first file of each model; here a change of them has the numbers sent again.
"""

from odoo import api, models
from odoo.tools import SQL

from .figures import category_buffers

PRODUCT_RULES = {
    "active",
    "available_in_pos",
    "categ_id",
    "is_storable",
    "octopus_excluded",
    "octopus_own_buffer",
    "octopus_publish_from",
    "octopus_publish_until",
    "octopus_sold_out_at",
    "octopus_stock_buffer",
    "octopus_stock_cap",
    "octopus_uom_id",
    "pos_categ_ids",
    "sale_ok",
    "type",
}
CATEGORY_RULES = {"octopus_own_buffer", "octopus_stock_buffer", "parent_id"}

# === PRODUCTS === #


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """Override: another rule may give all variants other numbers."""
        result = super().write(vals)
        if not PRODUCT_RULES.isdisjoint(vals):
            variants = self.with_context(active_test=False).product_variant_ids
            self.env["octopus.stock.event"].sudo()._enqueue_products(variants)
        return result

    def action_octopus_stock(self):
        """Show the number for Octopus of each variant, and its parts."""
        return self.with_context(active_test=False).product_variant_ids.action_octopus_stock()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        """Override: an archived variant is sold out."""
        result = super().write(vals)
        if "active" in vals:
            self.env["octopus.stock.event"].sudo()._enqueue_products(self)
        return result

    def action_octopus_stock(self):
        """Show the number for Octopus of each variant, and its parts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_stock_level_action"
        )
        levels = self.env["octopus.stock.level"].search([("product_id", "in", self.ids)])
        if len(levels) == 1:
            return {**action, "res_id": levels.id, "views": [(False, "form")]}
        return {**action, "domain": [("product_id", "in", self.ids)], "context": {}}


# === CATEGORIES === #


class OctopusCategoryMixin(models.AbstractModel):
    _inherit = "octopus.category.mixin"

    # The field of products that holds their categories.
    _octopus_product_field = None
    # The query for (product template id, category id) of all products.
    _octopus_members_query = None

    def write(self, vals):
        """Override: the products of a category follow its safety stock, or that of its parent."""
        if CATEGORY_RULES.isdisjoint(vals):
            return super().write(vals)
        before = category_buffers(self.sudo())
        result = super().write(vals)
        after = category_buffers(self.sudo())
        # Most categories have no safety stock, so that moving them changes no number.
        self._octopus_enqueue_members(
            "in",
            [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)],
        )
        return result

    def unlink(self):
        """Override: the products of a deleted category lose its safety stock."""
        self._octopus_enqueue_members("child_of", self.ids)
        return super().unlink()

    @api.model
    def _octopus_enqueue_members(self, operator, category_ids):
        """Enqueue the products in these categories."""
        if not category_ids:
            return
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        products = templates.search([(self._octopus_product_field, operator, category_ids)])
        self.env["octopus.stock.event"].sudo()._enqueue_products(products.product_variant_ids)


class PosCategory(models.Model):
    _inherit = "pos.category"

    _octopus_product_field = "pos_categ_ids"
    _octopus_members_query = SQL(
        "SELECT product_template_id, pos_category_id FROM pos_category_product_template_rel"
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    _octopus_product_field = "categ_id"
    _octopus_members_query = SQL("SELECT id, categ_id FROM product_template")
