"""Which pictures a run looks at. All functions take the CatalogScope of the store."""

from odoo import fields
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH

# The pictures of the products and variants that Octopus has. `checksum` is that of the stored file:
# comparing it needs neither reading nor decoding the picture. Of several files, Odoo shows the
# newest. `gallery` is the id of a picture of a gallery, 0 for the one of the record itself; `rank`
# tells the order of the pictures of a product.
PICTURES = """
    (SELECT DISTINCT ON (b.id) b.id AS product, NULL::int4 AS variant, 0 AS gallery,
            a.id AS attachment, a.checksum, ARRAY[0] AS rank
      FROM octopus_product b JOIN ir_attachment a ON a.res_model = 'product.template'
       AND a.res_field = 'image_1920' AND a.res_id = b.product_tmpl_id
     WHERE b.account_id = %(account)s AND b.octopus_ref IS NOT NULL AND NOT b.is_archived
       %(window)s
     ORDER BY b.id, a.id DESC)
    UNION ALL
    (SELECT DISTINCT ON (v.id) b.id, v.id, 0, a.id, a.checksum, ARRAY[2, v.id, 0]
      FROM octopus_variant v JOIN octopus_product b ON b.id = v.octopus_product_id
      JOIN product_product p ON p.id = v.product_id AND p.active
      JOIN ir_attachment a ON a.res_model = 'product.product'
       AND a.res_field = 'image_variant_1920' AND a.res_id = v.product_id
     WHERE v.account_id = %(account)s AND v.octopus_ref IS NOT NULL
       AND b.octopus_ref IS NOT NULL AND NOT b.is_archived %(window)s
     ORDER BY v.id, a.id DESC)
"""
# Of the galleries of eCommerce, whose table exists only where it is installed.
GALLERIES = """
    (SELECT DISTINCT ON (g.id) b.id, NULL::int4, g.id, a.id, a.checksum,
            ARRAY[1, coalesce(g.sequence, 0), g.id]
      FROM octopus_product b JOIN product_image g ON g.product_tmpl_id = b.product_tmpl_id
      JOIN ir_attachment a ON a.res_model = 'product.image'
       AND a.res_field = 'image_1920' AND a.res_id = g.id
     WHERE b.account_id = %(account)s AND b.octopus_ref IS NOT NULL AND NOT b.is_archived
       AND g.product_variant_id IS NULL %(window)s
     ORDER BY g.id, a.id DESC)
    UNION ALL
    (SELECT DISTINCT ON (g.id) b.id, v.id, g.id, a.id, a.checksum,
            ARRAY[2, v.id, 1, coalesce(g.sequence, 0), g.id]
      FROM octopus_variant v JOIN octopus_product b ON b.id = v.octopus_product_id
      JOIN product_product p ON p.id = v.product_id AND p.active
      JOIN product_image g ON g.product_variant_id = v.product_id
      JOIN ir_attachment a ON a.res_model = 'product.image'
       AND a.res_field = 'image_1920' AND a.res_id = g.id
     WHERE v.account_id = %(account)s AND v.octopus_ref IS NOT NULL
       AND b.octopus_ref IS NOT NULL AND NOT b.is_archived %(window)s
     ORDER BY g.id, a.id DESC)
"""
# With galleries, each picture of a product once.
ONCE = """
    SELECT product, variant, gallery, attachment, checksum, rank FROM (
        SELECT every.*, row_number() OVER (PARTITION BY product, checksum ORDER BY rank) AS nth
          FROM (%s UNION ALL %s) every) numbered
     WHERE gallery = 0 OR nth = 1
"""
WINDOW = 500  # products whose pictures a batch compares at once

# The same for all products that belong in Octopus, whether Octopus has them yet or not.
COMING_PICTURES = """
    (SELECT DISTINCT ON (t.id) t.id AS template, NULL::int4 AS variant, 0 AS gallery,
            a.checksum, a.mimetype, ARRAY[0] AS rank
      FROM product_template t JOIN ir_attachment a ON a.res_model = 'product.template'
       AND a.res_field = 'image_1920' AND a.res_id = t.id
     WHERE t.id IN %(eligible)s ORDER BY t.id, a.id DESC)
    UNION ALL
    (SELECT DISTINCT ON (p.id) p.product_tmpl_id, p.id, 0, a.checksum, a.mimetype,
            ARRAY[2, p.id, 0]
      FROM product_product p JOIN ir_attachment a ON a.res_model = 'product.product'
       AND a.res_field = 'image_variant_1920' AND a.res_id = p.id
     WHERE p.active AND p.product_tmpl_id IN %(eligible)s ORDER BY p.id, a.id DESC)
"""
COMING_GALLERIES = """
    (SELECT DISTINCT ON (g.id) t.id, p.id, g.id, a.checksum, a.mimetype,
            CASE WHEN p.id IS NULL THEN ARRAY[1, coalesce(g.sequence, 0), g.id]
                 ELSE ARRAY[2, p.id, 1, coalesce(g.sequence, 0), g.id] END
      FROM product_image g
      LEFT JOIN product_product p ON p.id = g.product_variant_id
      JOIN product_template t ON t.id = coalesce(p.product_tmpl_id, g.product_tmpl_id)
      JOIN ir_attachment a ON a.res_model = 'product.image'
       AND a.res_field = 'image_1920' AND a.res_id = g.id
     WHERE (p.id IS NULL OR p.active) AND t.id IN %(eligible)s ORDER BY g.id, a.id DESC)
"""
COMING_ONCE = """
    SELECT template, variant, gallery, checksum, mimetype FROM (
        SELECT every.*, row_number() OVER (PARTITION BY template, checksum ORDER BY rank) AS nth
          FROM (%s UNION ALL %s) every) numbered
     WHERE gallery = 0 OR nth = 1
"""


def has_galleries(env):
    """Tell whether products have galleries: eCommerce is installed."""
    return "product.image" in env


def has_changes(scope, *, with_errors=True):
    """Tell whether a run over the pictures would have anything to do.

    :param bool with_errors: also with those that failed the last time
    """

    def is_kept(image):
        return image.state == "error" and image.octopus_ref and not image.checksum

    if next_changed(scope, [], limit=1, when_due=False, with_errors=with_errors):
        return True
    if next_misplaced(scope):
        return True
    gone = next_gone(scope, limit=None)
    return bool(gone if with_errors else gone.filtered(lambda image: not is_kept(image)))


# === TO SEND === #


def next_products(scope, after):
    """Return the ids of the next bindings of products that Octopus has, in a list.

    :param int after: the last id that was looked at
    """
    scope.env.flush_all()
    rows = scope.env.execute_query(
        SQL(
            """SELECT id FROM octopus_product
               WHERE account_id = %s AND octopus_ref IS NOT NULL AND NOT is_archived AND id > %s
               ORDER BY id LIMIT %s""",
            scope.account.id,
            after,
            WINDOW,
        )
    )
    return [product_id for [product_id] in rows]


def next_changed(
    scope, failed, *, products=None, limit=CALLS_PER_BATCH, when_due=True, with_errors=True
):
    """Return the next pictures that Octopus does not have, or of which it has another version.

    :param list failed: ids of the attachments that this run has failed with already
    :param list products: ids of the bindings of products to look at; None for all
    :param bool when_due: leave out those whose predecessor was deleted a moment ago
    :param bool with_errors: also those that failed the last time
    :return: dicts of `product` and `variant` (ids of bindings), `gallery`, `attachment`,
        `checksum`, `rank`, and `image` (id of the binding), `replace_after` and `state` where
        there is a binding
    """
    due = SQL(
        "AND (changed.replace_after IS NULL OR changed.replace_after <= %s)",
        fields.Datetime.now(),
    )
    return scope.env.execute_query_dict(
        SQL(
            """SELECT * FROM (%s) changed WHERE attachment != ALL(%s::int4[]) %s %s
               ORDER BY product, rank LIMIT %s""",
            _changed(scope, products),
            failed,
            due if when_due else SQL(),
            SQL() if with_errors else SQL("AND changed.state IS DISTINCT FROM 'error'"),
            limit,
        )
    )


def unbound_pictures(scope, product_ids):
    """Return the pictures of some products that have no binding, as `next_changed` does.

    :param list product_ids: of bindings
    """
    if not product_ids:
        return []
    return scope.env.execute_query_dict(
        SQL(
            "SELECT * FROM (%s) c WHERE image IS NULL ORDER BY product, rank",
            _changed(scope, product_ids),
        )
    )


def count_changed(scope):
    """Return how many pictures are to be sent, replaced or deleted."""
    [(changed,)] = scope.env.execute_query(SQL("SELECT count(*) FROM (%s) c", _changed(scope)))
    return changed + len(next_gone(scope, limit=None))


def _changed(scope, products=None):
    scope.env.flush_all()
    return SQL(
        """SELECT w.*, i.id AS image, i.replace_after, i.state FROM (%s) w
           LEFT JOIN octopus_image i ON i.octopus_product_id = w.product
                AND i.octopus_variant_id IS NOT DISTINCT FROM w.variant
                AND coalesce(i.gallery_ref, 0) = w.gallery
           WHERE i.id IS NULL OR i.state != 'synced'
              OR i.checksum IS DISTINCT FROM w.checksum""",
        _pictures(scope, products),
    )


def _pictures(scope, products=None):
    window = SQL() if products is None else SQL("AND b.id = ANY(%s::int4[])", products)
    values = {"account": scope.account.id, "window": window}
    if not _sends_galleries(scope):
        return SQL(PICTURES, **values)
    return SQL(ONCE, SQL(PICTURES, **values), SQL(GALLERIES, **values))


def _sends_galleries(scope):
    return scope.account.send_galleries and has_galleries(scope.env)


# === TO DELETE === #


def next_gone(scope, *, after=0, limit=CALLS_PER_BATCH):
    """Return the next bindings of pictures that were removed in Odoo, by id.

    :param int after: the last id that was looked at
    """
    scope.env.flush_all()
    rows = scope.env.execute_query(
        SQL(
            """SELECT i.id FROM octopus_image i
               JOIN octopus_product b ON b.id = i.octopus_product_id AND NOT b.is_archived
               LEFT JOIN (%s) w ON w.product = i.octopus_product_id
                    AND w.variant IS NOT DISTINCT FROM i.octopus_variant_id
                    AND w.gallery = coalesce(i.gallery_ref, 0)
               WHERE i.account_id = %s AND w.product IS NULL AND i.id > %s
               ORDER BY i.id LIMIT %s""",
            _pictures(scope),
            scope.account.id,
            after,
            limit,
        )
    )
    return scope.account.env["octopus.image"].browse([image_id for [image_id] in rows])


# === ORDER === #


def next_misplaced(scope, after=0):
    """Return (binding of a product, ids of its pictures in their order) of the next product whose
    pictures with a gallery have another order in Octopus than in Odoo; None after the last.

    :param int after: the last binding that was looked at
    """
    if not _sends_galleries(scope):
        return None
    scope.env.flush_all()
    rows = scope.env.execute_query(
        SQL(
            """SELECT i.octopus_product_id, array_agg(i.id ORDER BY w.rank)
               FROM (%s) w JOIN octopus_image i ON i.octopus_product_id = w.product
                    AND i.octopus_variant_id IS NOT DISTINCT FROM w.variant
                    AND coalesce(i.gallery_ref, 0) = w.gallery AND i.octopus_ref IS NOT NULL
               WHERE i.octopus_product_id > %s
               GROUP BY 1 HAVING bool_or(w.gallery > 0) AND bool_and(i.state = 'synced')
                 AND array_agg(i.id ORDER BY w.rank) != array_agg(i.id ORDER BY i.position, i.id)
               ORDER BY 1 LIMIT 1""",
            _pictures(scope),
            after,
        )
    )
    return rows[0] if rows else None


# === TO COME === #


def count_coming(scope, left_out):
    """Return how many pictures the next runs would send, and how many of them replace one.

    :param list left_out: ids of products that are not sent
    """
    [counts] = scope.env.execute_query(
        SQL(
            "SELECT count(*), count(octopus_ref) FROM (%s) f WHERE NOT is_drawing",
            _coming(scope, left_out),
        )
    )
    return counts


def coming_drawings(scope, left_out):
    """Return the products and variants whose picture is a vector drawing, in a list."""
    rows = scope.env.execute_query(
        SQL(
            "SELECT template, variant FROM (%s) f WHERE is_drawing ORDER BY 1, 2",
            _coming(scope, left_out),
        )
    )
    return [
        scope.env["product.product"].browse(variant_id)
        if variant_id
        else scope.env["product.template"].browse(template_id)
        for template_id, variant_id in rows
    ]


def _coming(scope, left_out):
    """Return the query of the pictures that the next runs would look at."""
    scope.env.flush_all()
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
                 AND coalesce(i.gallery_ref, 0) = f.gallery
                 AND (f.variant IS NULL OR v.id IS NOT NULL)
           WHERE (i.id IS NULL OR i.state != 'synced'
                  OR i.checksum IS DISTINCT FROM f.checksum)
             AND (b.octopus_ref IS NOT NULL OR f.template != ALL(%(left_out)s::int4[]))""",
        pictures=_coming_pictures(scope),
        account=scope.account.id,
        left_out=left_out,
    )


def _coming_pictures(scope):
    eligible = scope.eligible().subselect()
    pictures = SQL(COMING_PICTURES, eligible=eligible)
    if not _sends_galleries(scope):
        return pictures
    return SQL(COMING_ONCE, pictures, SQL(COMING_GALLERIES, eligible=eligible))
