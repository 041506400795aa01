"""Checking the stock comes last of our scheduled actions.

Those are never written by an upgrade, as people may change them. So neither is one whose priority
is not the usual one of Odoo, that it had. In SQL, which waits for a check that is running just now:
the ORM would refuse, and the upgrade fail.
"""

BEFORE, NOW = 5, 11


def migrate(cr, version):
    cr.execute(
        """UPDATE ir_cron SET priority = %s FROM ir_model_data
            WHERE ir_model_data.module = 'linga_octopus'
              AND ir_model_data.name = 'ir_cron_octopus_stock_check'
              AND ir_model_data.model = 'ir.cron' AND ir_model_data.res_id = ir_cron.id
              AND ir_cron.priority = %s""",
        [NOW, BEFORE],
    )
