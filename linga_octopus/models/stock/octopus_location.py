from odoo import api, models
from odoo.tools import ormcache

from ...orm import clear_caches


class OctopusLocation(models.Model):
    """The warehouses whose stock concerns Octopus. They are looked up for every change of stock."""

    _inherit = "octopus.location"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: see `_after_mapping`."""
        locations = super().create(vals_list)
        locations._after_mapping()
        return locations

    def write(self, vals):
        """Override: see `_after_mapping`."""
        before = {location: (location.active, location.warehouse_id) for location in self}
        result = super().write(vals)
        changed = self.filtered(lambda loc: before[loc] != (loc.active, loc.warehouse_id))
        if changed:
            changed._after_mapping()
        return result

    def unlink(self):
        """Override: the mapping is cached."""
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _after_mapping(self):
        """Have locations wait for Sync Stocks that got another warehouse while the store sends its
        stock: nobody has seen yet what that changes in Octopus, perhaps all of it to 0."""
        clear_caches(self.env)
        sending = self.filtered(lambda location: location.account_id.auto_stock_sync)
        sending.filtered("warehouse_id").is_first_sync_due = True
        levels = self.env["octopus.stock.level"].sudo()
        # Others may have changed the numbers while the location had no warehouse.
        levels.search([("location_id", "in", sending.ids)]).resend = True
        self.env["octopus.stock.event"].sudo()._enqueue_locations(sending)

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _mapped_warehouse_ids(self):
        """Return the ids of the warehouses that connected stores map: their changes are enqueued.

        The worker leaves out stores that do not send stock automatically. Leaving them out here
        would lose a sale that begins before the first Sync Stocks and ends after it.
        """
        return frozenset(self._mapped().warehouse_id._ids)

    @api.model
    @ormcache("location_id")
    def _warehouse_id_of(self, location_id):
        """Return the id of the warehouse that sells the goods in this stock location, or False.

        Every sale needs it; the warehouse of a location hardly ever changes.
        """
        location = self.env["stock.location"].sudo().browse(location_id)
        return location.usage == "internal" and location.warehouse_id.id

    @api.model
    @ormcache()
    def _forecast_warehouse_ids(self):
        """Return the ids of those warehouses where planned moves count already."""
        mapped = self._mapped().filtered(lambda loc: loc.account_id.stock_basis == "forecast")
        return frozenset(mapped.warehouse_id._ids)

    @api.model
    def _mapped(self):
        """Return the locations of connected stores that have a warehouse."""
        # Every user who changes stock needs this.
        return self.sudo().search(
            [
                ("active", "=", True),
                ("warehouse_id", "!=", False),
                ("account_id.active", "=", True),
                ("account_id.state", "in", ("connected", "error")),
            ]
        )
