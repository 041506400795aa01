"""Quantities as people write them, for texts that the server makes."""

from odoo.tools import float_compare, formatLang


def format_quantity(env, quantity):
    """Return a quantity in the user's language; whole ones have no decimals."""
    digits = env["decimal.precision"].precision_get("Product Unit")
    is_whole = not float_compare(quantity, round(quantity), precision_digits=digits)
    return formatLang(env, quantity, digits=0 if is_whole else digits)
