"""Which links between products and categories the next passes would make and remove."""

from odoo import api, models
from odoo.tools import SQL


class OctopusCollect(models.Model):
    _inherit = "octopus.collect"

    @api.model
    def _has_changes(self, account):
        """Tell whether a pass would make or remove links, other than those that failed before."""
        found = self.env.execute_query(
            SQL(
                """WITH wanted AS MATERIALIZED (%(wanted)s)
                   (SELECT 1 FROM wanted w
                      LEFT JOIN octopus_collect l ON l.octopus_product_id = w.product
                           AND l.octopus_category_id = w.category
                     WHERE l.id IS NULL OR (l.octopus_ref IS NULL AND l.state != 'error') LIMIT 1)
                   UNION ALL
                   (SELECT 1 FROM octopus_collect l
                      JOIN octopus_product p ON p.id = l.octopus_product_id AND NOT p.is_archived
                      LEFT JOIN wanted w ON w.product = l.octopus_product_id
                           AND w.category = l.octopus_category_id
                     WHERE l.account_id = %(account)s AND w.product IS NULL
                       AND NOT (l.state = 'error' AND l.octopus_ref IS NOT NULL) LIMIT 1)""",
                wanted=self._wanted(account),
                account=account.id,
            )
        )
        return bool(found)

    @api.model
    def _count_missing(self, account, left_out):
        """Return how many links there will be to make when products and categories are there.

        :param dict left_out: ids of records that are not sent, by model
        """
        members, category = self._members(account)
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (%(members)s) m
                   LEFT JOIN octopus_product p
                          ON p.account_id = %(account)s AND p.product_tmpl_id = m.template
                   LEFT JOIN octopus_category c
                          ON c.account_id = %(account)s AND c.%(category)s = m.category
                   LEFT JOIN octopus_collect l
                          ON l.octopus_product_id = p.id AND l.octopus_category_id = c.id
                   WHERE m.template IN %(eligible)s AND l.octopus_ref IS NULL
                     AND (p.octopus_ref IS NOT NULL OR m.template != ALL(%(products)s::int4[]))
                     AND (c.octopus_ref IS NOT NULL OR m.category != ALL(%(categories)s::int4[]))
                """,
                members=members,
                account=account.id,
                category=category,
                eligible=self.env["octopus.product"]._eligible(account).subselect(),
                products=left_out["product.template"],
                categories=left_out[account._catalog_categories()._name],
            )
        )
        return count

    @api.model
    def _count_outdated(self, account):
        """Return how many links there are to remove, one by one."""
        members, category = self._members(account)
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM octopus_collect l
                   JOIN octopus_product p ON p.id = l.octopus_product_id AND NOT p.is_archived
                   JOIN octopus_category c ON c.id = l.octopus_category_id
                   LEFT JOIN (%(members)s) m
                          ON m.template = p.product_tmpl_id AND m.category = c.%(category)s
                   WHERE l.account_id = %(account)s AND l.octopus_ref IS NOT NULL
                     AND p.product_tmpl_id IN %(eligible)s
                     AND c.%(category)s IS NOT NULL AND m.template IS NULL""",
                members=members,
                category=category,
                account=account.id,
                eligible=self.env["octopus.product"]._eligible(account).subselect(),
            )
        )
        return count
