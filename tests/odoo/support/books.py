"""See the module of the same name in the addon."""

from odoo.addons.linga_octopus.tests.support.books import MANY_DECIMALS, BooksMixin

__all__ = ["MANY_DECIMALS", "BooksMixin"]
