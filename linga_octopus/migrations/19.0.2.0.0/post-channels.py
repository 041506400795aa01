"""The orders from before get their channel."""

from odoo.addons.linga_octopus.lib.channels import (
    channel_color,
    channel_name,
    leaves_elsewhere,
    pays_tax_itself,
)


def migrate(cr, version):
    cr.execute(
        """SELECT DISTINCT account_id, company_id, third_party_name FROM octopus_order
            WHERE channel_id IS NULL AND third_party_name != ''"""
    )
    for account_id, company_id, source in cr.fetchall():
        cr.execute(
            """INSERT INTO octopus_channel
                      (account_id, company_id, source, name, color, active, pays_tax,
                       is_tax_payer, ships_goods, create_uid, create_date, write_uid, write_date)
               VALUES (%s, %s, %s, %s, %s, TRUE, 'auto', %s, %s, 1, now() AT TIME ZONE 'UTC',
                       1, now() AT TIME ZONE 'UTC')
                   ON CONFLICT DO NOTHING""",
            [
                account_id,
                company_id,
                source,
                channel_name(source),
                channel_color(source),
                pays_tax_itself(source),
                leaves_elsewhere(source),
            ],
        )
    cr.execute(
        """UPDATE octopus_order SET channel_id = channel.id FROM octopus_channel channel
            WHERE octopus_order.channel_id IS NULL
              AND channel.account_id = octopus_order.account_id
              AND channel.source = octopus_order.third_party_name"""
    )
