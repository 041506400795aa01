"""Which categories a pass looks at."""

from odoo import api, models


class OctopusCategory(models.Model):
    _inherit = "octopus.category"

    @api.model
    def _has_changes(self, account):
        """Tell whether a pass would have anything to do, other than what failed as it is now."""
        categories = account._catalog_categories()
        bound = self._by_category(account, categories)

        def has_failed(category):
            binding = bound.get(category, self)
            return binding.state == "error" and binding.payload_hash == category._octopus_hash()

        def is_kept(binding):
            return binding.state == "error" and binding.octopus_ref and not binding.payload_hash

        unsent, gone = self._unsent(account, categories), self._gone(account, categories)
        return not (all(map(has_failed, unsent)) and all(map(is_kept, gone)))

    @api.model
    def _unsent(self, account, categories):
        """Return those categories that Octopus has not got as they are now."""
        bound = self._by_category(account, categories)

        def is_sent(category):
            binding = bound.get(category)
            return (
                binding
                and binding.octopus_ref
                and binding.state == "synced"
                and binding.payload_hash == category._octopus_hash()
            )

        return categories.filtered(lambda category: not is_sent(category))

    @api.model
    def _gone(self, account, categories):
        """Return the bindings whose category was removed here, or is of the other kind."""
        field = self._record_field(categories)
        return self.search([("account_id", "=", account.id), (field, "=", False)])
