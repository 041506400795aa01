"""See the module of the same name in the addon."""

from odoo.addons.linga_octopus.tests.support.books import BooksMixin

__all__ = ["BooksMixin"]
