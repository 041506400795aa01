"""Products of which Octopus has the variants in other groups than we have.

Two products of ours may be one there, or the reverse. Nothing is sent of either: it would
overwrite the one, and make the other a second time. A person decides.
"""

from odoo.tools import SQL


def grouping_problems(account, template_ids):
    """Return ``{product id: problem}`` for those that cannot be sent."""
    env = account._catalog_env()
    doubtful = [("account_id", "=", account.id), ("conflict_ref", "!=", False)]
    # There are none, but for a shop that had its products before us; the rest is dear.
    if not env["octopus.variant"].search_count(doubtful, limit=1):
        return {}
    rows = env.execute_query(
        SQL(
            """SELECT b.product_tmpl_id, array_agg(DISTINCT v.sku ORDER BY v.sku)
               FROM octopus_variant v
               JOIN product_product p ON p.id = v.product_id AND p.active
               -- The product that has the variant here, and the one that has it in Octopus as
               -- long as that was only found there and never sent.
               JOIN octopus_product b ON b.id = v.octopus_product_id OR (
                    b.account_id = v.account_id AND b.octopus_ref = v.conflict_ref
                    AND b.synced_at IS NULL)
               WHERE v.account_id = %s AND v.conflict_ref IS NOT NULL
                 AND p.product_tmpl_id IN %s AND b.product_tmpl_id = ANY(%s)
               GROUP BY b.product_tmpl_id""",
            account.id,
            env["octopus.product"]._eligible(account).subselect(),
            list(template_ids),
        )
    )
    return {
        template_id: env._(
            "Octopus groups %(skus)s into other products than Odoo does. Group them alike, or "
            "give them other internal references.",
            skus=", ".join(skus),
        )
        for template_id, skus in rows
    }
