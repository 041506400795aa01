"""See the module of the same name in the addon."""

from odoo.addons.linga_octopus.tests.support.facets import opened

__all__ = ["opened"]
