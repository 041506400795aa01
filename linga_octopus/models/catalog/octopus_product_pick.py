"""Which products a pass looks at."""

from odoo import api, models
from odoo.tools import SQL

# The moments of the last change of everything that belongs to one product alone, as one text.
# A sum, not the latest moment: a transaction that began earlier may end later.
STAMP = """
    SELECT concat(count(*), ':', sum((extract(epoch FROM moment) * 1000000)::int8)) AS stamp FROM (
        SELECT t.write_date AS moment
        UNION ALL
        SELECT write_date FROM product_product WHERE product_tmpl_id = t.id
        UNION ALL
        SELECT write_date FROM product_template_attribute_line WHERE product_tmpl_id = t.id
        UNION ALL
        SELECT write_date FROM product_template_attribute_value WHERE product_tmpl_id = t.id
        UNION ALL
        SELECT greatest(s.write_date, r.write_date) FROM product_supplierinfo s
        JOIN res_partner r ON r.id = s.partner_id WHERE s.product_tmpl_id = t.id
    ) moments
"""


class OctopusProduct(models.Model):
    _inherit = "octopus.product"

    @api.model
    def _next_candidates(self, account, *, after, full, limit, errors=True):
        """Return ``[(template id, stamp)]`` of the next products to compare, by id.

        :param int after: the last id that was looked at
        :param bool full: all of them, not only those that may have changed
        :param bool errors: also those whose last attempt failed and that did not change since
        """
        return self.env.execute_query(
            SQL(
                "SELECT t.id, s.stamp %s ORDER BY t.id LIMIT %s",
                self._candidates(account, after, full, errors),
                limit,
            )
        )

    @api.model
    def _count_candidates(self, account):
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(*) %s", self._candidates(account, 0, False, True))
        )
        return count

    @api.model
    def _candidates(self, account, after, full, errors):
        settled = SQL("('synced')") if errors else SQL("('synced', 'error')")
        changed = SQL(
            """(b.id IS NULL OR b.state NOT IN %s OR b.is_archived
                OR b.source_stamp IS DISTINCT FROM s.stamp)""",
            settled,
        )
        self.env.flush_all()
        return SQL(
            """FROM (%(products)s) t
               LEFT JOIN octopus_product b
                      ON b.account_id = %(account)s AND b.product_tmpl_id = t.id
               CROSS JOIN LATERAL (%(stamp)s) s
               WHERE t.id > %(after)s AND %(changed)s""",
            products=self._eligible(account).select(
                SQL.identifier("product_template", "id"),
                SQL.identifier("product_template", "write_date"),
            ),
            account=account.id,
            stamp=SQL(STAMP),
            after=after,
            changed=SQL("TRUE") if full else changed,
        )

    @api.model
    def _next_retired(self, account, *, after, limit, errors=True):
        """Return the next bindings whose product no longer belongs in Octopus, by id.

        :param bool errors: also those that Octopus would not archive
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT b.id %s %s ORDER BY b.id LIMIT %s",
                self._retired(account, after),
                SQL() if errors else SQL("AND (b.state != 'error' OR b.source_stamp IS NOT NULL)"),
                limit,
            )
        )
        return self.browse([binding_id for [binding_id] in rows])

    @api.model
    def _count_retired(self, account):
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) %s", self._retired(account, 0)))
        return count

    @api.model
    def _retired(self, account, after):
        self.env.flush_all()
        return SQL(
            """FROM octopus_product b LEFT JOIN (%(products)s) t ON t.id = b.product_tmpl_id
               WHERE b.account_id = %(account)s AND b.id > %(after)s AND t.id IS NULL
                 AND b.octopus_ref IS NOT NULL AND NOT b.is_archived""",
            products=self._eligible(account).select(),
            account=account.id,
            after=after,
        )
