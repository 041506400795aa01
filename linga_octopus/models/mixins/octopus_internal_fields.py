from odoo import api, models


class OctopusInternalFields(models.AbstractModel):
    """A model with fields that serve the code only: nobody can filter or group by them.

    These are the fields whose label is not translated.
    """

    _name = "octopus.internal.fields"
    _description = "Model With Internal Fields"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Override: custom filters and groups offer the fields that people know."""
        described = super().fields_get(allfields, attributes)
        for name, description in described.items():
            if not self._fields[name].export_string_translation:
                for offer in ("groupable", "searchable"):
                    if offer in description:
                        description[offer] = False
        return described
