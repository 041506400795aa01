"""What Odoo does not do by itself when the addon comes or goes."""

from odoo.tools import SQL


def uninstall_hook(env):
    """Remove what no external id points at, so that Odoo would leave it behind."""
    _forget_mixins(env)
    _forget_personal_lists(env)
    _retire_operation_types(env)


def _forget_mixins(env):
    """Remove the external ids that mail, portal and others gave to what our models inherit from
    them: Odoo removes only what these stand for."""
    env.cr.execute(
        SQL(
            """DELETE FROM ir_model_data
                WHERE model IN ('ir.model.inherit', 'ir.model.fields.selection')
                  AND module != 'linga_octopus'
                  AND name ~ '^(model_inherit|selection)__octopus_'"""
        )
    )


def _forget_personal_lists(env):
    """Remove what people saved about our models: searches, and lists of fields to export."""
    ours = "octopus.%"
    env["ir.filters"].with_context(active_test=False).search([("model_id", "=like", ours)]).unlink()
    env["ir.exports"].search([("resource", "=like", ours)]).unlink()


def _retire_operation_types(env):
    """Remove the operation types of online orders; those with transfers are history: archived."""
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    deliveries = warehouses.octopus_order_type_id
    types = deliveries | deliveries.return_picking_type_id
    warehouses.octopus_order_type_id = False
    pickings = env["stock.picking"]
    used = types.filtered(
        lambda kind: pickings.search_count([("picking_type_id", "=", kind.id)], limit=1)
    )
    used.active = False
    unused = types - used
    sequences = unused.sequence_id
    unused.unlink()
    sequences.unlink()
