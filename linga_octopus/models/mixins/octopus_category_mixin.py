from odoo import models

from ...lib.fingerprint import fingerprint


class OctopusCategoryMixin(models.AbstractModel):
    """The common part of PoS categories and product categories: both can go to Octopus."""

    _name = "octopus.category.mixin"
    _description = "Category That Goes To Octopus"

    def _octopus_title(self):
        """Return the title in Octopus, which spells a hierarchy `Parent > Child`."""
        self.ensure_one()
        names, category = [], self
        while category:
            names.append((category.name or "").strip())
            category = category.parent_id
        return " > ".join(reversed(names))

    def _octopus_hash(self):
        """Return a text that changes when the title in Octopus has to change."""
        return fingerprint({"title": self._octopus_title()})
