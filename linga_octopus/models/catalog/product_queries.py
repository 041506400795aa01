"""Which products a run looks at. All functions take the CatalogScope of the store."""

from odoo.tools import SQL

from ...const import CALLS_PER_BATCH
from . import octopus_collect

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


def has_changes(scope):
    """Tell whether a run would have anything to do, other than what failed before."""
    return scope.account.catalog_signature != scope.signature() or bool(
        next_candidates(scope, after=0, is_full=False, limit=1, with_errors=False)
        or next_to_archive(scope, after=0, limit=1, with_errors=False)
        or unanswered_variants(scope)
        or octopus_collect.has_changes(scope)
    )


# === TO COMPARE === #


def next_candidates(scope, *, after, is_full, limit, with_errors=True):
    """Return ``[(template id, stamp)]`` of the next products to compare, by id.

    :param int after: the last id that was looked at
    :param bool is_full: all products, not only those that may have changed
    :param bool with_errors: also those whose last attempt failed and that did not change since
    """
    return scope.env.execute_query(
        SQL(
            "SELECT t.id, s.stamp %s ORDER BY t.id LIMIT %s",
            _candidates(scope, after, is_full, with_errors),
            limit,
        )
    )


def count_candidates(scope):
    """Return how many products may have changed."""
    [(count,)] = scope.env.execute_query(
        SQL("SELECT count(*) %s", _candidates(scope, 0, is_full=False, with_errors=True))
    )
    return count


def _candidates(scope, after, is_full, with_errors):
    settled = SQL("('synced')") if with_errors else SQL("('synced', 'error')")
    changed = SQL(
        """(b.id IS NULL OR b.state NOT IN %s OR b.is_archived
            OR b.source_stamp IS DISTINCT FROM s.stamp)""",
        settled,
    )
    scope.env.flush_all()
    return SQL(
        """FROM (%(products)s) t
           LEFT JOIN octopus_product b
                  ON b.account_id = %(account)s AND b.product_tmpl_id = t.id
           CROSS JOIN LATERAL (%(stamp)s) s
           WHERE t.id > %(after)s AND %(changed)s""",
        products=scope.eligible().select(
            SQL.identifier("product_template", "id"),
            SQL.identifier("product_template", "write_date"),
        ),
        account=scope.account.id,
        stamp=SQL(STAMP),
        after=after,
        changed=SQL("TRUE") if is_full else changed,
    )


# === TO ARCHIVE === #


def next_to_archive(scope, *, after, limit, with_errors=True):
    """Return the next bindings whose product no longer belongs in Octopus, by id.

    :param bool with_errors: also those that Octopus refused to archive
    """
    rows = scope.env.execute_query(
        SQL(
            "SELECT b.id %s %s ORDER BY b.id LIMIT %s",
            _to_archive(scope, after),
            SQL() if with_errors else SQL("AND (b.state != 'error' OR b.source_stamp IS NOT NULL)"),
            limit,
        )
    )
    return scope.account.env["octopus.product"].browse([binding_id for [binding_id] in rows])


def count_to_archive(scope):
    """Return how many products Octopus has that no longer belong there."""
    [(count,)] = scope.env.execute_query(SQL("SELECT count(*) %s", _to_archive(scope, 0)))
    return count


def _to_archive(scope, after):
    scope.env.flush_all()
    return SQL(
        """FROM octopus_product b LEFT JOIN (%(products)s) t ON t.id = b.product_tmpl_id
           WHERE b.account_id = %(account)s AND b.id > %(after)s AND t.id IS NULL
             AND b.octopus_ref IS NOT NULL AND NOT b.is_archived""",
        products=scope.eligible().select(),
        account=scope.account.id,
        after=after,
    )


def unanswered_variants(scope):
    """Return variants that left the catalog before their create was answered: Octopus may have
    them, and sell them."""
    return scope.account.env["octopus.variant"].search(
        [
            ("account_id", "=", scope.account.id),
            ("attempted_at", "!=", False),
            ("octopus_ref", "=", False),
            ("octopus_product_id.product_tmpl_id", "not in", scope.eligible()),
        ],
        limit=CALLS_PER_BATCH,
    )
