"""Which product is in which category of Octopus: the bindings, and two phases of `product_run`."""

from dataclasses import dataclass, replace

from odoo import fields, models
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api.errors import OctopusValidationError
from ...lib.octopus_api.items import COLLECT_KEY, collect_item
from ..sync.bulk_sender import BulkSender
from .batch import batch_size


class OctopusCollect(models.Model):
    """A product and a category of Octopus that belong together."""

    _name = "octopus.collect"
    _description = "Product Category in Octopus"
    _inherit = ["octopus.binding"]

    octopus_product_id = fields.Many2one(
        "octopus.product", "Product", required=True, ondelete="cascade", index=True
    )
    octopus_category_id = fields.Many2one(
        "octopus.category", "Category", required=True, ondelete="cascade", index=True
    )

    _pair_uniq = models.Constraint(
        "UNIQUE(octopus_product_id, octopus_category_id)",
        "A product is in a category of Octopus once.",
    )

    def _pair(self):
        return self.octopus_product_id.id, self.octopus_category_id.id

    def _owner(self):
        """Return the record whose issue it is that a collect fails."""
        return self.octopus_product_id.product_tmpl_id or self.octopus_product_id

    def _recheck_both(self):
        """Have the next runs find out whether Octopus still has the product and the category."""
        self.octopus_product_id.state = "pending"
        self.octopus_category_id.state = "pending"


# === QUERIES === #


def has_changes(scope):
    """Tell whether a run would make or remove collects, other than those that failed before."""
    found = scope.env.execute_query(
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
            wanted=_wanted(scope),
            account=scope.account.id,
        )
    )
    return bool(found)


def count_missing(scope, product_ids, category_ids):
    """Return how many collects will be missing when products and categories are in Octopus.

    :param list product_ids: of products that are not sent
    :param list category_ids: of categories that are not sent
    """
    members, category = _members(scope)
    [(count,)] = scope.env.execute_query(
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
            account=scope.account.id,
            category=category,
            eligible=scope.eligible().subselect(),
            products=product_ids,
            categories=category_ids,
        )
    )
    return count


def count_outdated(scope):
    """Return how many collects there are to remove, one by one."""
    members, category = _members(scope)
    [(count,)] = scope.env.execute_query(
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
            account=scope.account.id,
            eligible=scope.eligible().subselect(),
        )
    )
    return count


def _wanted(scope):
    """Return the query of the (product, category) bindings that belong together."""
    members, category = _members(scope)
    return SQL(
        """SELECT p.id AS product, c.id AS category FROM octopus_product p
           JOIN (%s) m ON m.template = p.product_tmpl_id
           JOIN octopus_category c ON c.account_id = p.account_id AND c.%s = m.category
           WHERE p.account_id = %s AND NOT p.is_archived
             AND p.octopus_ref IS NOT NULL AND c.octopus_ref IS NOT NULL""",
        members,
        category,
        scope.account.id,
    )


def _members(scope):
    """Return the query of which product of Odoo is in which category, and the name of the column
    that binds such a category."""
    scope.env.flush_all()
    if not scope.is_pos:
        members = SQL("SELECT id AS template, categ_id AS category FROM product_template")
        return members, SQL.identifier("product_categ_id")
    field = scope.env["product.template"]._fields["pos_categ_ids"]
    members = SQL(
        "SELECT %s AS template, %s AS category FROM %s",
        SQL.identifier(field.column1),
        SQL.identifier(field.column2),
        SQL.identifier(field.relation),
    )
    return members, SQL.identifier("pos_categ_id")


# === RUN === #


@dataclass(frozen=True)
class CollectCursor:
    """The last pair of bindings that was put together."""

    product: int = 0
    category: int = 0


@dataclass(frozen=True)
class UncollectCursor:
    """The last collect that was looked at for removal."""

    after: int = 0


class CollectPhases:
    """The phases "collect" and "uncollect" of a run over the products.

    :param run: the `octopus.sync.run`
    :param client: the open client of the store
    :param scope: the CatalogScope of the store
    """

    def __init__(self, run, client, scope):
        self.run = run
        self.client = client
        self.scope = scope
        self.account = scope.account
        self.env = run.env
        self.collects = run.env["octopus.collect"]

    def collect(self, cursor):
        """Put products into the categories that Octopus has already.

        :param cursor: a ProductCursor
        :return: the cursor after this batch; None when there was nothing left to do
        """
        pairs = self._missing_pairs(cursor.collect)
        if not pairs:
            return None
        missing = self._ensure(pairs)
        if not self._find_attempted(missing):
            return cursor
        missing = missing.filtered(lambda collect: not collect.octopus_ref)
        missing.attempted_at = fields.Datetime.now()
        self.run._checkpoint()
        errors_before = {collect: collect.error for collect in missing}
        unsent, failed = self._send(missing)
        unsent.attempted_at = False
        # A failure that may have been a success says nothing about the product and the category.
        refused = failed.filtered(lambda collect: not collect.attempted_at)
        # Once for each error: otherwise both would be sent for ever.
        refused.filtered(lambda collect: collect.error != errors_before[collect])._recheck_both()
        self._report(missing - unsent, failed)
        last = (missing - unsent)[-1:]._pair() if unsent else pairs[-1]
        self.env.flush_all()
        self.env.invalidate_all()
        return replace(cursor, collect=CollectCursor(*last))

    def uncollect(self, cursor):
        """Take products out of the categories that they are no longer in.

        :param cursor: a ProductCursor
        :return: the cursor after this batch; None when there was nothing left to do
        """
        collects = self._outdated(cursor.uncollect.after)
        if not collects:
            return None
        last, failed = collects[-1].id, self.collects
        self._find_attempted(collects.filtered(lambda collect: not collect.octopus_ref))
        for collect in collects:
            try:
                if collect.octopus_ref:
                    self.client.delete_collect(collect.octopus_ref)
                self.run._fix_issues(collect._owner())
                collect.unlink()
            except OctopusValidationError as error:
                collect.write({"state": "error", "error": str(error)})
                failed |= collect
            self.run._got_through()
        self._report(failed, failed)
        return replace(cursor, uncollect=UncollectCursor(last))

    # === STEPS === #

    def _missing_pairs(self, after):
        """Return the next (product, category) bindings that belong together and are not yet."""
        return self.env.execute_query(
            SQL(
                """SELECT w.product, w.category FROM (%(wanted)s) w
                   LEFT JOIN octopus_collect l ON l.octopus_product_id = w.product
                        AND l.octopus_category_id = w.category
                   WHERE l.octopus_ref IS NULL
                     AND (w.product, w.category) > (%(product)s, %(category)s)
                   ORDER BY w.product, w.category LIMIT %(limit)s""",
                wanted=_wanted(self.scope),
                product=after.product,
                category=after.category,
                limit=batch_size(self.run),
            )
        )

    def _outdated(self, after):
        """Return the next collects whose product is no longer in the category."""
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM octopus_collect l
                   JOIN octopus_product p ON p.id = l.octopus_product_id AND NOT p.is_archived
                   LEFT JOIN (%(wanted)s) w ON w.product = l.octopus_product_id
                        AND w.category = l.octopus_category_id
                   WHERE l.account_id = %(account)s AND w.product IS NULL AND l.id > %(after)s
                   ORDER BY l.id LIMIT %(limit)s""",
                wanted=_wanted(self.scope),
                account=self.account.id,
                after=after,
                limit=CALLS_PER_BATCH,
            )
        )
        return self.collects.browse([collect_id for [collect_id] in rows])

    def _ensure(self, pairs):
        """Return the bindings of these pairs in their order; insert those that are missing."""
        domain = [("octopus_product_id", "in", list({product for product, _category in pairs}))]
        names = ["octopus_product_id", "octopus_category_id"]
        known = {collect._pair() for collect in self.collects.search_fetch(domain, names)}
        self.collects._bulk_insert(
            [
                {
                    "account_id": self.account.id,
                    "company_id": self.account.company_id.id,
                    "octopus_product_id": product_id,
                    "octopus_category_id": category_id,
                    "state": "pending",
                }
                for product_id, category_id in pairs
                if (product_id, category_id) not in known
            ]
        )
        wanted = set(pairs)
        collects = self.collects.search(domain).filtered(lambda collect: collect._pair() in wanted)
        return collects.sorted(lambda collect: collect._pair())

    def _find_attempted(self, collects):
        """Look in Octopus for the collects whose create got no answer, some at a time.

        :return: whether all were looked for
        """
        attempted = collects.filtered("attempted_at")
        products = attempted.octopus_product_id
        for product in products[:CALLS_PER_BATCH]:
            refs = {
                remote.collection_ref: remote.ref
                for remote in self.client.iter_collects(product_ref=product.octopus_ref)
            }
            for collect in attempted.filtered(
                lambda collect, product=product: collect.octopus_product_id == product
            ):
                ref = refs.get(collect.octopus_category_id.octopus_ref)
                collect.write({"attempted_at": False, **_outcome(ref)})
            self.run._got_through()
        return len(products) <= CALLS_PER_BATCH

    def _send(self, collects):
        """Send new collects; return those that are still to be sent, and those that failed."""
        items = [
            collect_item(
                str(collect.id),
                product_ref=collect.octopus_product_id.octopus_ref,
                collection_ref=collect.octopus_category_id.octopus_ref,
            )
            for collect in collects
        ]
        unsent, failed, attempted_at = collects, self.collects, collects[:1].attempted_at
        sender = BulkSender(self.run, self.client, self.client.bulk_collects, items, COLLECT_KEY)
        while results := sender.send_next():
            self.collects._bulk_update(
                [
                    {
                        "id": int(ref),
                        **_outcome(result.octopus_ref, result.error),
                        "synced_at": fields.Datetime.now(),
                        "attempted_at": attempted_at if result.raw.get("unclear") else None,
                    }
                    for ref, result in results.items()
                ]
            )
            unsent -= self.collects.browse(map(int, results))
            failed |= self.collects.browse(
                int(ref) for ref, result in results.items() if result.error
            )
            self.run._checkpoint()
        return unsent, failed

    def _report(self, collects, failed):
        for collect in failed:
            self.run._add_issue(collect._owner(), collect.error)
        self.run._fix_issues((collects - failed).octopus_product_id.product_tmpl_id)
        self.run.failed += len(failed)


def _outcome(ref, error=None):
    return {
        "octopus_ref": ref,
        "state": "error" if error else "synced" if ref else "pending",
        "error": error,
        "synced_at": fields.Datetime.now() if ref else False,
    }
