"""Empty the addon's views that extend other views, until the upgrade loads them again.

Odoo checks a view together with those that extend it when it loads the view. The extensions of the
release before name fields that are gone, and are loaded only later.
"""


def migrate(cr, version):
    cr.execute(
        """UPDATE ir_ui_view SET arch_db = jsonb_build_object('en_US', '<data/>')
             FROM ir_model_data entry
            WHERE entry.module = 'linga_octopus' AND entry.model = 'ir.ui.view'
              AND entry.res_id = ir_ui_view.id AND ir_ui_view.inherit_id IS NOT NULL"""
    )
