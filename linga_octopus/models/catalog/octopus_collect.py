from odoo import api, fields, models
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api.errors import OctopusValidationError
from ..sync.bulk_sender import BulkSender


class OctopusCollect(models.Model):
    """The fact, known to Octopus, that a product is in a category."""

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

    # === PHASES OF THE PASS OVER THE PRODUCTS === #

    @api.model
    def _collect_some(self, run, client):
        """Put products into the categories that Octopus has already."""
        account, cursor = run.account_id, run.cursor
        pairs = self.env.execute_query(
            SQL(
                """SELECT w.product, w.category FROM (%(wanted)s) w
                   LEFT JOIN octopus_collect l ON l.octopus_product_id = w.product
                        AND l.octopus_category_id = w.category
                   WHERE l.octopus_ref IS NULL AND (w.product, w.category) > (%(id)s, %(category)s)
                   ORDER BY w.product, w.category LIMIT %(limit)s""",
                wanted=self._wanted(account),
                id=cursor["id"],
                category=cursor.get("category", 0),
                limit=run._batch_size(),
            )
        )
        if not pairs:
            return False
        missing = self._ensure(account, pairs)
        if not self._find_attempted(run, client, missing):
            return True
        missing = missing.filtered(lambda collect: not collect.octopus_ref)
        missing.attempted_at = fields.Datetime.now()
        run._checkpoint()
        problems = {collect: collect.error for collect in missing}
        unsent, failed = self._send(run, client, missing)
        unsent.attempted_at = False
        # A failure of Octopus, after which nobody knows what was done, says nothing of the two.
        refused = failed.filtered(lambda collect: not collect.attempted_at)
        refused.filtered(lambda collect: collect.error != problems[collect])._doubt_both()
        self._report(run, missing - unsent, failed)
        product, category = (missing - unsent)[-1:]._pair() if unsent else pairs[-1]
        run.cursor = {**cursor, "id": product, "category": category}
        self.env.flush_all()
        self.env.invalidate_all()
        return True

    @api.model
    def _uncollect_some(self, run, client):
        """Take products out of the categories that they are no longer in."""
        account = run.account_id
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id FROM octopus_collect l
                   JOIN octopus_product p ON p.id = l.octopus_product_id AND NOT p.is_archived
                   LEFT JOIN (%(wanted)s) w ON w.product = l.octopus_product_id
                        AND w.category = l.octopus_category_id
                   WHERE l.account_id = %(account)s AND w.product IS NULL AND l.id > %(after)s
                   ORDER BY l.id LIMIT %(limit)s""",
                wanted=self._wanted(account),
                account=account.id,
                after=run.cursor["id"],
                limit=CALLS_PER_BATCH,
            )
        )
        collects = self.browse([collect_id for [collect_id] in rows])
        failed = self.browse()
        self._find_attempted(run, client, collects.filtered(lambda c: not c.octopus_ref))
        for collect in collects:
            try:
                if collect.octopus_ref:
                    client.delete_collect(collect.octopus_ref)
                run._fix_issues(collect._record())
                collect.unlink()
            except OctopusValidationError as error:
                collect.write({"state": "error", "error": str(error)})
                failed |= collect
            run._checkpoint()
        self._report(run, failed, failed)
        run.cursor = {**run.cursor, "id": collects[-1:].id or 0}
        return bool(collects)

    # === STEPS === #

    @api.model
    def _report(self, run, collects, failed):
        for collect in failed:
            run._add_issue(collect._record(), collect.error)
        run._fix_issues((collects - failed).octopus_product_id.product_tmpl_id)
        run.failed += len(failed)

    def _record(self):
        """Return our record whose problem it is that a collect fails."""
        return self.octopus_product_id.product_tmpl_id or self.octopus_product_id

    def _doubt_both(self):
        """Have the next passes find out whether Octopus still has the product and the category.

        Once for each problem: otherwise both would be sent for ever.
        """
        self.octopus_product_id.state = "pending"
        self.octopus_category_id.state = "pending"

    @api.model
    def _wanted(self, account):
        """Return the query of the (product, category) bindings that belong together."""
        members, category = self._members(account)
        return SQL(
            """SELECT p.id AS product, c.id AS category FROM octopus_product p
               JOIN (%s) m ON m.template = p.product_tmpl_id
               JOIN octopus_category c ON c.account_id = p.account_id AND c.%s = m.category
               WHERE p.account_id = %s AND NOT p.is_archived
                 AND p.octopus_ref IS NOT NULL AND c.octopus_ref IS NOT NULL""",
            members,
            category,
            account.id,
        )

    @api.model
    def _members(self, account):
        """Return the query of which of our products is in which of our categories, and the name
        of the column that binds such a category."""
        self.env.flush_all()
        if account.category_source == "product":
            members = SQL("SELECT id AS template, categ_id AS category FROM product_template")
            return members, SQL.identifier("product_categ_id")
        field = self.env["product.template"]._fields["pos_categ_ids"]
        members = SQL(
            "SELECT %s AS template, %s AS category FROM %s",
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
        )
        return members, SQL.identifier("pos_categ_id")

    @api.model
    def _ensure(self, account, pairs):
        """Return the bindings of these pairs, made now where they are missing."""
        domain = [("octopus_product_id", "in", list({product for product, _category in pairs}))]
        known = {
            collect._pair()
            for collect in self.search_fetch(domain, ["octopus_product_id", "octopus_category_id"])
        }
        self._bulk_insert(
            [
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "octopus_product_id": product_id,
                    "octopus_category_id": category_id,
                    "state": "pending",
                }
                for product_id, category_id in pairs
                if (product_id, category_id) not in known
            ]
        )
        wanted = set(pairs)
        collects = self.search(domain).filtered(lambda collect: collect._pair() in wanted)
        return collects.sorted(lambda collect: collect._pair())

    def _pair(self):
        return self.octopus_product_id.id, self.octopus_category_id.id

    @api.model
    def _find_attempted(self, run, client, collects):
        """Ask Octopus for the collects whose create got no answer, some at a time.

        :return: whether all have been asked for
        """
        attempted = collects.filtered("attempted_at")
        products = attempted.octopus_product_id
        for product in products[:CALLS_PER_BATCH]:
            refs = {
                remote.collection_ref: remote.ref
                for remote in client.iter_collects(product_ref=product.octopus_ref)
            }
            for collect in attempted.filtered(
                lambda collect, product=product: collect.octopus_product_id == product
            ):
                ref = refs.get(collect.octopus_category_id.octopus_ref)
                collect.write({"attempted_at": False, **self._outcome(ref)})
            run._checkpoint()
        return len(products) <= CALLS_PER_BATCH

    @api.model
    def _outcome(self, ref, error=None):
        return {
            "octopus_ref": ref,
            "state": "error" if error else "synced" if ref else "pending",
            "error": error,
            "synced_at": fields.Datetime.now() if ref else False,
        }

    @api.model
    def _send(self, run, client, collects):
        """Send new collects; return those that are still to be sent, and those that failed."""
        items = [
            {
                "sv_temp_id": str(collect.id),
                "collection_id": collect.octopus_category_id.octopus_ref,
                "product_id": collect.octopus_product_id.octopus_ref,
            }
            for collect in collects
        ]
        unsent, failed, attempted_at = collects, self.browse(), collects[:1].attempted_at
        sender = BulkSender(run, client, client.bulk_collects, items, "sv_temp_id")
        while results := sender.send_next():
            self._bulk_update(
                [
                    {
                        "id": int(ref),
                        **self._outcome(result.octopus_ref, result.error),
                        "synced_at": fields.Datetime.now(),
                        "attempted_at": attempted_at if result.raw.get("unclear") else None,
                    }
                    for ref, result in results.items()
                ]
            )
            unsent -= self.browse(map(int, results))
            failed |= self.browse(int(ref) for ref, result in results.items() if result.error)
            run._checkpoint()
        return unsent, failed
