"""Kits: a product with a kit recipe, of which there are as many as its components make.

The recipes belong to Odoo's manufacturing app, which is not always installed.
"""

from odoo.tools import LazyTranslate

from ...lib.stock_number import kits_made_of
from ..mixins.notices import Sentence

_lt = LazyTranslate(__name__)

COMBO = Sentence(
    "combo",
    _lt("Combos are not supported by Octopus. Their components are published individually."),
)

KIT = [("type", "=", "phantom")]


def has_kits(env):
    """Return whether there are kits at all."""
    if "mrp.bom" not in env:
        return False
    return bool(env["mrp.bom"].sudo().search_count(KIT, limit=1))


def kits_among(products, company):
    """Return the kits among `product.product` records, by the recipes of a company."""
    if not products or not has_kits(products.env):
        return products.browse()
    recipes = products.env["mrp.bom"].sudo()
    found = recipes._bom_find(products, company_id=company.id, bom_type="phantom")
    return products.browse(product.id for product, recipe in found.items() if recipe)


def kits_with(env, touched):
    """Return the kits that are made of touched products.

    :param set touched: (product, warehouse) ids
    :return: (product, warehouse) ids
    """
    if not has_kits(env):
        return set()
    lines = env["mrp.bom.line"].sudo()

    def find_kits(product_ids):
        found = lines.search([("product_id", "in", product_ids), ("bom_id.type", "=", "phantom")])
        for line in found:
            recipe = line.bom_id
            for kit in recipe.product_id or recipe.product_tmpl_id.product_variant_ids:
                yield line.product_id.id, kit.id

    return kits_made_of(touched, find_kits)


def pieces_of(product, company):
    """Return what a kit or a combo is made of: for each piece, the products that may be it, and how
    many of it are in one, in the unit of the piece."""
    if product.type == "combo":
        return [(combo.combo_item_ids.product_id, 1) for combo in product.sudo().combo_ids]
    if not has_kits(product.env):
        return []
    recipes = product.env["mrp.bom"].sudo()
    recipe = recipes._bom_find(product, company_id=company.id, bom_type="phantom")[product]
    if not recipe:
        return []
    # The share of one in what the recipe makes; core would round up the pieces of a share.
    share = product.uom_id._compute_quantity(1, recipe.product_uom_id, round=False)
    share /= recipe.product_qty
    _recipes, pieces = recipe.explode(product, 1)
    return [
        (
            line.product_id,
            line.product_uom_id._compute_quantity(
                details["qty"] * share, line.product_id.uom_id, round=False
            ),
        )
        for line, details in pieces
    ]


def kit_template_ids(env):
    """Return the `product.template` ids of all kits."""
    if not has_kits(env):
        return []
    return env["mrp.bom"].sudo().search(KIT).product_tmpl_id.ids


def kit_stamp(env):
    """Return a text that changes when other products become kits."""
    if not has_kits(env):
        return ""
    recipes = env["mrp.bom"].sudo().search(KIT, order="id")
    return str([(bom.product_tmpl_id.id, bom.product_id.id, bom.company_id.id) for bom in recipes])


def combo_reason(env):
    """Return why a combo is not sent."""
    return COMBO(env)
