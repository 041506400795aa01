from odoo import models


class OctopusCategoryMixin(models.AbstractModel):
    """What the two kinds of categories that can go to Octopus have in common."""

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
        """Return a text that changes when what Octopus is to have of the category does."""
        return self.env["octopus.binding"]._payload_hash({"title": self._octopus_title()})
