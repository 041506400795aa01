"""See the module of the same name in the addon."""

from odoo.addons.linga_octopus.tests.support.screens import ScreensCase

__all__ = ["ScreensCase"]
