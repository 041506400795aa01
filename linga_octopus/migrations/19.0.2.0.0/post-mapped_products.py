"""What users chose for the lines of orders says how often it was used, and when.

The worker counts it since 19.0.2.0.0. The lines from before are counted here.
"""


def migrate(cr, version):
    cr.execute(
        """WITH used AS (
                SELECT alias.id AS alias_id, line.id AS line_id, line.order_id
                  FROM octopus_product_alias alias
                  JOIN octopus_order_line line ON line.product_id = alias.product_id
                   AND alias.key = CASE alias.kind WHEN 'variant' THEN line.octopus_variant_ref
                                                   WHEN 'sku' THEN line.sku ELSE line.barcode END
                  JOIN octopus_order o ON o.id = line.order_id AND o.account_id = alias.account_id
                 WHERE alias.last_used_at IS NULL AND line.is_deducted),
           counted AS (SELECT alias_id, count(*) AS uses, max(order_id) AS latest
                         FROM used GROUP BY 1),
           marked AS (UPDATE octopus_order_line line SET alias_id = used.alias_id
                        FROM used WHERE line.id = used.line_id)
           UPDATE octopus_product_alias alias
              SET use_count = uses, last_used_at = o.received_at, source = o.third_party_name
             FROM counted JOIN octopus_order o ON o.id = counted.latest
            WHERE alias.id = counted.alias_id"""
    )
