"""Indirect changes: numbers that change although no stock moves. The worker looks for them."""

from odoo import fields

from ..catalog.kits import recipe_stamp

# The day up to which goods past their removal date were looked for.
DAY_KEY = "linga_octopus.stock_day"
# The stamp of all kit recipes.
RECIPES_KEY = "linga_octopus.stock_recipes"


def enqueue_indirect_changes(env):
    """Enqueue the indirect changes since the last call."""
    _enqueue_expired(env)
    _enqueue_recipes(env)


def _enqueue_expired(env):
    """Enqueue goods whose removal date has come: from that day on Odoo does not count them."""
    quants = env["stock.quant"].sudo()
    if "removal_date" not in quants._fields:
        return
    today = fields.Date.today()
    day_before = _swap(env, DAY_KEY, fields.Date.to_string(today))
    if not day_before:
        return
    expired = quants._read_group(
        [("removal_date", "<=", today), ("removal_date", ">", day_before)],
        ["product_id", "location_id"],
    )
    env["octopus.stock.event"]._enqueue_at(
        {(product.id, location.id) for product, location in expired}
    )


def _enqueue_recipes(env):
    """Enqueue all products when a recipe of a kit has changed; nothing tells which one."""
    stamp = recipe_stamp(env)
    if stamp is not None and _swap(env, RECIPES_KEY, stamp):
        env["octopus.stock.event"]._enqueue_locations(env["octopus.location"]._mapped())


def _swap(env, key, value):
    """Save a value; return the one before if it was another, otherwise False."""
    parameters = env["ir.config_parameter"].sudo()
    before = parameters.get_param(key)
    if before == value:
        return False
    parameters.set_param(key, value)
    return before
