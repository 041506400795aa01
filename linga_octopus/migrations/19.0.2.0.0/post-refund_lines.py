"""The pieces of refunds, which were numbers by Octopus's line id, are lines of the refund."""

from odoo.tools import sql


def migrate(cr, version):
    if not sql.column_exists(cr, "octopus_order_refund", "quantities"):
        return
    cr.execute(
        """INSERT INTO octopus_order_refund_line
                  (refund_id, company_id, order_line_id, octopus_line_ref, quantity, restock)
           SELECT refund.id, refund.company_id, line.id, line.octopus_ref,
                  piece.value::numeric, TRUE
             FROM octopus_order_refund refund
       CROSS JOIN LATERAL jsonb_each_text(refund.quantities) piece
             JOIN octopus_order_line line
               ON line.order_id = refund.order_id AND line.octopus_ref = piece.key
            WHERE jsonb_typeof(refund.quantities) = 'object'"""
    )
    cr.execute(
        """UPDATE octopus_order_line line SET quantity_refunded = refunded.quantity
             FROM (SELECT order_line_id, sum(quantity) AS quantity
                     FROM octopus_order_refund_line GROUP BY order_line_id) refunded
            WHERE refunded.order_line_id = line.id"""
    )
