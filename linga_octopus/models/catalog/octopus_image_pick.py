"""Which pictures a pass looks at."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH

# The pictures of the products and variants that Octopus has: `checksum` is the one of the stored
# file, so that comparing costs neither reading nor decoding. Should there be several files, Odoo
# means the newest.
PICTURES = """
    (SELECT DISTINCT ON (b.id) b.id AS product, NULL::int4 AS variant, a.id AS attachment,
            a.checksum, 0 AS rank
      FROM octopus_product b JOIN ir_attachment a ON a.res_model = 'product.template'
       AND a.res_field = 'image_1920' AND a.res_id = b.product_tmpl_id
     WHERE b.account_id = %(account)s AND b.octopus_ref IS NOT NULL AND NOT b.is_archived
     ORDER BY b.id, a.id DESC)
    UNION ALL
    (SELECT DISTINCT ON (v.id) b.id, v.id, a.id, a.checksum, v.id
      FROM octopus_variant v JOIN octopus_product b ON b.id = v.octopus_product_id
      JOIN product_product p ON p.id = v.product_id AND p.active
      JOIN ir_attachment a ON a.res_model = 'product.product'
       AND a.res_field = 'image_variant_1920' AND a.res_id = v.product_id
     WHERE v.account_id = %(account)s AND v.octopus_ref IS NOT NULL
       AND b.octopus_ref IS NOT NULL AND NOT b.is_archived
     ORDER BY v.id, a.id DESC)
"""

# The same of all products that belong in Octopus, whether it has them yet or not.
COMING_PICTURES = """
    (SELECT DISTINCT ON (t.id) t.id AS template, NULL::int4 AS variant, a.checksum,
            a.mimetype
      FROM product_template t JOIN ir_attachment a ON a.res_model = 'product.template'
       AND a.res_field = 'image_1920' AND a.res_id = t.id
     WHERE t.id IN %(eligible)s ORDER BY t.id, a.id DESC)
    UNION ALL
    (SELECT DISTINCT ON (p.id) p.product_tmpl_id, p.id, a.checksum, a.mimetype
      FROM product_product p JOIN ir_attachment a ON a.res_model = 'product.product'
       AND a.res_field = 'image_variant_1920' AND a.res_id = p.id
     WHERE p.active AND p.product_tmpl_id IN %(eligible)s ORDER BY p.id, a.id DESC)
"""


class OctopusImage(models.Model):
    _inherit = "octopus.image"

    @api.model
    def _has_changes(self, account, *, errors=True):
        """Tell whether a pass over the pictures would have anything to do.

        :param bool errors: also with those that were of no use the last time
        """
        gone = Domain(self._gone_domain(account))
        if not errors:
            gone &= ~(
                Domain("state", "=", "error")
                & Domain("octopus_ref", "!=", False)
                & Domain("checksum", "=", False)
            )
        return bool(
            self._next_changed(account, [], limit=1, when_due=False, errors=errors)
            or self.search_count(gone, limit=1)
        )

    @api.model
    def _count_changed(self, account):
        """Return how many pictures are to be sent, replaced or removed."""
        [(changed,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM (%s) changed", self._changed(account))
        )
        return changed + self.search_count(self._gone_domain(account))

    @api.model
    def _count_coming(self, account, left_out):
        """Return how many pictures the next passes would send, and how many of them replace one.

        :param list left_out: ids of products that are not sent
        """
        [counts] = self.env.execute_query(
            SQL(
                "SELECT count(*), count(octopus_ref) FROM (%s) f WHERE NOT is_drawing",
                self._coming(account, left_out),
            )
        )
        return counts

    @api.model
    def _coming_drawings(self, account, left_out):
        """Return the products and variants whose picture is a vector drawing."""
        rows = self.env.execute_query(
            SQL(
                "SELECT template, variant FROM (%s) f WHERE is_drawing ORDER BY 1, 2",
                self._coming(account, left_out),
            )
        )
        return [
            self.env["product.product"].browse(variant_id)
            if variant_id
            else self.env["product.template"].browse(template_id)
            for template_id, variant_id in rows
        ]

    @api.model
    def _coming(self, account, left_out):
        """Return the query of the pictures that the next passes would look at."""
        self.env.flush_all()
        return SQL(
            """SELECT f.template, f.variant, i.octopus_ref,
                      coalesce(f.mimetype LIKE 'image/svg%%', FALSE) AS is_drawing
               FROM (%(pictures)s) f
               LEFT JOIN octopus_product b
                      ON b.account_id = %(account)s AND b.product_tmpl_id = f.template
               LEFT JOIN octopus_variant v
                      ON v.account_id = %(account)s AND v.product_id = f.variant
               LEFT JOIN octopus_image i ON i.octopus_product_id = b.id
                     AND i.octopus_variant_id IS NOT DISTINCT FROM v.id
                     AND (f.variant IS NULL OR v.id IS NOT NULL)
               WHERE (i.id IS NULL OR i.state != 'synced'
                      OR i.checksum IS DISTINCT FROM f.checksum)
                 AND (b.octopus_ref IS NOT NULL OR f.template != ALL(%(left_out)s::int4[]))""",
            pictures=SQL(
                COMING_PICTURES,
                eligible=self.env["octopus.product"]._eligible(account).subselect(),
            ),
            account=account.id,
            left_out=left_out,
        )

    @api.model
    def _next_changed(self, account, failed, limit=CALLS_PER_BATCH, when_due=True, errors=True):
        """Return the next pictures that Octopus has not got, or has another of.

        :param failed: the ids of the attachments that this pass has failed with already
        :param when_due: leave out those whose predecessor was removed a moment ago
        :param errors: also those that were of no use the last time
        """
        due = SQL(
            "AND (changed.replace_after IS NULL OR changed.replace_after <= %s)",
            fields.Datetime.now(),
        )
        return self.env.execute_query_dict(
            SQL(
                """SELECT * FROM (%s) changed WHERE attachment != ALL(%s::int4[]) %s %s
                   ORDER BY product, rank LIMIT %s""",
                self._changed(account),
                failed,
                due if when_due else SQL(),
                SQL() if errors else SQL("AND changed.state IS DISTINCT FROM 'error'"),
                limit,
            )
        )

    @api.model
    def _changed(self, account):
        self.env.flush_all()
        return SQL(
            """SELECT w.*, i.id AS image, i.replace_after, i.state FROM (%s) w
               LEFT JOIN octopus_image i ON i.octopus_product_id = w.product
                    AND i.octopus_variant_id IS NOT DISTINCT FROM w.variant
               WHERE i.id IS NULL OR i.state != 'synced'
                  OR i.checksum IS DISTINCT FROM w.checksum""",
            SQL(PICTURES, account=account.id),
        )

    @api.model
    def _gone_domain(self, account):
        """Return the domain of the pictures that were removed here."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT i.id FROM octopus_image i
                   JOIN octopus_product b ON b.id = i.octopus_product_id AND NOT b.is_archived
                   LEFT JOIN (%s) w ON w.product = i.octopus_product_id
                        AND w.variant IS NOT DISTINCT FROM i.octopus_variant_id
                   WHERE i.account_id = %s AND w.product IS NULL""",
                SQL(PICTURES, account=account.id),
                account.id,
            )
        )
        return [("id", "in", [image_id for [image_id] in rows])]
