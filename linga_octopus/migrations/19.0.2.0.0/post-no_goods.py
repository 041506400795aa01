"""Lines of tips, gift wraps, deposits and coupons wait for no product any more.

The intake sees what they are since 19.0.2.0.0. Lines from before are sorted again by their titles,
and the rest of their orders is deducted.
"""

from collections import defaultdict

from odoo.addons.linga_octopus.lib.order_goods import NOT_GOODS, named_kind

SORT = "UPDATE octopus_order_line SET kind = %s, needs_mapping = FALSE WHERE id = ANY(%s)"
# The worker has the partly deducted ones deducted again; the others are left as they are.
SETTLE = """
    UPDATE octopus_order o
       SET needs_mapping = FALSE,
           stock_state = CASE WHEN stock_state = 'partial' AND status <> 'cancelled'
                              THEN 'waiting' ELSE stock_state END
     WHERE needs_mapping
       AND id IN (SELECT order_id FROM octopus_order_line WHERE id = ANY(%s))
       AND NOT EXISTS (SELECT 1 FROM octopus_order_line line
                        WHERE line.order_id = o.id AND line.needs_mapping)
"""


def migrate(cr, version):
    cr.execute(
        """SELECT id, name, price_unit, concat(sku, barcode, octopus_variant_ref) <> ''
             FROM octopus_order_line WHERE needs_mapping"""
    )
    found = defaultdict(list)
    for line_id, title, price, has_code in cr.fetchall():
        kind = NOT_GOODS if price and price < 0 else named_kind(title, as_whole=has_code)
        if kind:
            found[kind].append(line_id)
    for kind, ids in found.items():
        cr.execute(SORT, [kind, ids])
        cr.execute(SETTLE, [ids])
