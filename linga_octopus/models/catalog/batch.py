"""Some products on their way to Octopus."""

import json

from odoo import fields
from odoo.tools import SQL, LazyTranslate

from ...const import CALLS_PER_BATCH
from ...lib.fingerprint import fingerprint
from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.errors import (
    OctopusError,
    OctopusValidationError,
)
from ...lib.octopus_api.items import PRODUCT_KEY
from ..mixins.notices import Sentence, join_notices
from ..sync.bulk_sender import BulkSender
from .payload import ProductPayload
from .remote_match import find_deleted_remotely

_lt = LazyTranslate(__name__)

GROUPED_OTHERWISE = Sentence(
    "grouped_otherwise",
    _lt(
        "Octopus groups %(skus)s into other products than Odoo does. Group them alike, or "
        "give them other internal references."
    ),
)

# SKUs of a variant that are kept: orders with older ones are found by its id.
MAX_FORMER_SKUS = 10


def batch_size(run):
    """Return the number of records that the next bulk call of a run may hold."""
    return run.bulk_limit or BULK_LIMIT


class ProductBatch:
    """At most 250 products of one run: what Octopus has of them, what it is sent, and the result.

    :param scope: the CatalogScope of the store
    :param dict stamps: the stamp of the last change, by product id
    :param run: the `octopus.sync.run`, where something is sent
    :ivar failed: why a product was not sent, by product id
    :ivar sent: ids of the products that were not up to date in Octopus
    """

    def __init__(self, scope, stamps, run=None):
        self.scope = scope
        self.account = scope.account
        self.env = scope.account.env
        self._run = run
        self._checkpoint = run and run._checkpoint
        self.stamps = stamps
        self.templates = self.env["product.template"].browse(stamps)
        self.sent = set()
        # All by product id.
        self.failed = {}
        self._items = {}  # ProductItem of the products to send
        self._hashes = {}  # fingerprint of the items of all products without a problem
        self._undeleted = {}  # why Octopus keeps a variant that Odoo no longer has
        self._unsent = set()
        self.reload()

    def reload(self):
        """Read the bindings as they are in the database now."""
        self.env.flush_all()
        self._read_products()
        self._read_variants()

    def _read_products(self):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT id, product_tmpl_id, octopus_ref, payload_hash, state, is_archived, name
                   FROM octopus_product WHERE account_id = %s AND product_tmpl_id = ANY(%s)""",
                self.account.id,
                self.templates.ids,
            )
        )
        self._products = {row["product_tmpl_id"]: row for row in rows}

    def _read_variants(self):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT v.id, v.octopus_product_id, v.product_id, v.octopus_ref, v.attempted_at,
                          v.inventory_item_ref, v.has_sale, v.sku, v.price, v.conflict_ref,
                          v.former_skus, v.details, v.uom_id,
                          coalesce((SELECT active FROM product_product p
                                     WHERE p.id = v.product_id), FALSE) AS active
                   FROM octopus_variant v WHERE octopus_product_id = ANY(%s::int4[]) ORDER BY id""",
                [row["id"] for row in self._products.values()],
            )
        )
        templates = {row["id"]: template_id for template_id, row in self._products.items()}
        # Of the variants that Odoo has, by product.product id.
        self._variants = {row["product_id"]: row for row in rows if row["active"]}
        # Of those that Odoo no longer has, lists by product id.
        self._gone = {}
        for row in rows:
            if not row["active"]:
                template_id = templates[row["octopus_product_id"]]
                self._gone.setdefault(template_id, []).append(row)

    def _row(self, variant):
        """Return the row of the binding of a VariantItem; empty when there is none."""
        return self._variants.get(int(variant.ref), {})

    def _product_ref(self, template_id):
        return self._products.get(template_id, {}).get("octopus_ref")

    # === BEFORE SENDING === #

    def compare(self):
        """Find out which products differ from what Octopus has."""
        self.failed, self._items, self._hashes, self._undeleted = {}, {}, {}, {}
        conflicts = self._grouping_problems()
        sales = [row["product_id"] for row in self._variants.values() if row["has_sale"]]
        told = {known: row["details"] for known, row in self._variants.items() if row["details"]}
        prepared = ProductPayload(self.scope, self.templates, sales, told).prepare()
        self._packagings = {each.id: each.octopus_uom_id.id or None for each in self.templates}
        for template_id, product in prepared.items():
            problem = conflicts.get(template_id)
            if product.problems:
                problem = join_notices(product.problems)
            if problem:
                self.failed[template_id] = problem
                continue
            self._hashes[template_id] = fingerprint(product.item.to_json())
            if not self._is_up_to_date(template_id, product.item):
                self._items[template_id] = product.item

    def _grouping_problems(self):
        """Return ``{product id: problem}`` of products whose variants Octopus groups in another
        way.

        Two products of Odoo may be one in Octopus, or the reverse. Nothing is sent of either: it
        would overwrite the one, and create the other a second time. A user decides.
        """
        env = self.scope.env
        in_conflict = [("account_id", "=", self.account.id), ("conflict_ref", "!=", False)]
        # Only shops that had products before the first sync have conflicts; skip the expensive
        # query for all others.
        if not env["octopus.variant"].search_count(in_conflict, limit=1):
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
                self.account.id,
                self.scope.eligible().subselect(),
                list(self._products),
            )
        )
        return {
            template_id: GROUPED_OTHERWISE(env, skus=", ".join(skus)) for template_id, skus in rows
        }

    def _is_up_to_date(self, template_id, item):
        row = self._products.get(template_id)
        return (
            row is not None
            and row["state"] == "synced"
            and row["payload_hash"] == self._hashes[template_id]
            and not row["is_archived"]
            and template_id not in self._gone
            and not self._lacks_refs(item)
        )

    def _lacks_refs(self, item):
        return any(not self._row(variant).get("octopus_ref") for variant in item.variants)

    def unsure(self, *, is_matched):
        """Return the variants to be sent that Octopus may have although no id of them is known.

        :param bool is_matched: this run compared all that Octopus has with Odoo's products
        """
        ids = [int(variant.ref) for item in self._items.values() for variant in item.variants]
        if not is_matched:
            ids += [known for known, row in self._variants.items() if row["conflict_ref"]]
        rows = {product_id: self._variants.get(product_id, {}) for product_id in ids}
        return self.env["product.product"].browse(
            product_id
            for product_id, row in rows.items()
            if not row.get("octopus_ref") and (row.get("attempted_at") or not is_matched)
        )

    def counts(self):
        """Return how many products are new, changed and unchanged."""
        new = sum(not self._product_ref(template_id) for template_id in self._items)
        return {
            "create": new,
            "change": len(self._items) - new,
            "unchanged": len(self._hashes) - len(self._items),
        }

    def changes(self):
        """Yield (product id, ProductItem, row of its binding, [(VariantItem, row)]) of the products
        that differ; a row is empty where Octopus does not have the record."""
        for template_id, item in self._items.items():
            variants = [(variant, self._row(variant)) for variant in item.variants]
            yield template_id, item, self._products.get(template_id, {}), variants

    def count_calls(self):
        """Return how many calls sending takes: the bulk call, one for each variant to delete."""
        return bool(self._items) + sum(map(self._count_deletions, self._items))

    def _count_deletions(self, template_id):
        if template_id not in self._items or template_id not in self._gone:
            return 0
        rows = self._gone[template_id][self._needs_replacement(template_id) :]
        return sum(bool(row["octopus_ref"]) for row in rows)

    def shorten(self, size):
        """Leave the later products to the next batch where more than `size` are to be sent, or
        where deleting variants, one by one, takes too many calls."""
        calls = count = 0
        for number, template_id in enumerate(self.stamps):
            calls += self._count_deletions(template_id)
            count += template_id in self._items
            if number and (calls > CALLS_PER_BATCH or count > size):
                self._keep_first(number)
                return

    def _keep_first(self, number):
        self.templates = self.templates[:number]
        kept = set(self.templates.ids)
        for name in ("stamps", "failed", "_items", "_hashes"):
            rows = getattr(self, name)
            setattr(self, name, {key: row for key, row in rows.items() if key in kept})

    # === VARIANTS THAT ODOO NO LONGER HAS === #

    def find_gone(self, client):
        """Look in Octopus for the variants whose create got no answer before they were gone."""
        unanswered = [
            row["id"]
            for template_id in self._items
            for row in self._gone.get(template_id, ())
            if row["attempted_at"] and not row["octopus_ref"]
        ]
        for variant in self.env["octopus.variant"].browse(unanswered):
            variant._find_sent(client)
            self._run._got_through()
        if unanswered:
            self.reload()

    def replace_or_delete_gone(self, client):
        """Delete variants in Octopus that Odoo no longer has.

        A product in Octopus keeps at least one variant: where no known variant remains, a new one
        replaces an old one.
        """
        for template_id, rows in self._gone.items():
            if template_id not in self._items:
                continue
            rows = list(rows)
            if self._needs_replacement(template_id):
                self._replace(rows.pop(0), self._items[template_id].variants[0])
            for row in rows:
                try:
                    self.env["octopus.variant"].browse(row["id"])._delete_remote(client)
                except OctopusValidationError as error:
                    self._undeleted[template_id] = str(error)
                self._run._got_through()

    def _needs_replacement(self, template_id):
        """Tell whether no variant remains that Octopus has."""
        variants = self._items[template_id].variants
        is_kept = any(self._row(variant).get("octopus_ref") for variant in variants)
        return not is_kept and bool(self._gone[template_id][0]["octopus_ref"])

    def _replace(self, row, variant):
        """Bind a new variant to the remote variant of one that is gone, and send its own stock."""
        bindings = self.env["octopus.variant"]
        product = self.env["product.product"].browse(int(variant.ref))
        bindings.search(
            [("account_id", "=", self.account.id), ("product_id", "=", product.id)]
        ).unlink()
        bindings.browse(row["id"]).product_id = product
        self._record_stock(product.ids)

    # === SENDING === #

    def attempt(self):
        """Save the results of products that are not sent, and which are about to be created."""
        creates = [t for t, item in self._items.items() if self._lacks_refs(item)]
        # The title under which Octopus has a product if the answer is lost, and it is renamed.
        titles = {t: self._items[t].title for t in creates if not self._product_ref(t)}
        bindings = self.env["octopus.product"]
        if unbound := [t for t in (*self.failed, *self._items) if t not in self._products]:
            bindings._insert_missing(self.account, {t: titles.get(t) for t in unbound})
            self._read_products()
        ids = {template_id: row["id"] for template_id, row in self._products.items()}
        renamed = [t for t, title in titles.items() if self._products[t]["name"] != title]
        bindings._bulk_update([{"id": ids[t], "name": titles[t]} for t in renamed])
        bindings._bulk_update(
            [
                {"id": ids[t], "source_stamp": self.stamps[t]}
                for t in self._hashes
                if t not in self._items
            ]
        )
        bindings._bulk_update(
            [
                {"id": ids[t], "state": "error", "error": text, "source_stamp": self.stamps[t]}
                for t, text in self.failed.items()
            ]
        )
        if creates:
            self._attempt_variants(creates)
            self._read_variants()

    def _attempt_variants(self, template_ids):
        """Save which variants Octopus does not have are about to be sent, and under which SKU.

        Until the answer is saved, Octopus may have them or not.
        """
        variants = self.env["octopus.variant"]
        variants.flush_model()
        rows = [
            (self._products[template_id]["id"], int(variant.ref), variant.sku)
            for template_id in template_ids
            for variant in self._items[template_id].variants
        ]
        binding_ids, product_ids, skus = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_variant (account_id, company_id, octopus_product_id,
                       product_id, sku, state, attempted_at, create_date, write_date)
                   SELECT %(account)s, %(company)s, v.binding, v.product, v.sku, 'pending',
                       %(now)s, %(now)s, %(now)s
                   FROM unnest(%(bindings)s, %(products)s, %(skus)s) AS v(binding, product, sku)
                   ON CONFLICT (account_id, product_id) DO UPDATE
                   SET attempted_at = %(now)s, sku = excluded.sku
                   WHERE octopus_variant.octopus_ref IS NULL""",
                account=self.account.id,
                company=self.account.company_id.id,
                bindings=binding_ids,
                products=product_ids,
                skus=skus,
                now=fields.Datetime.now(),
            )
        )
        variants.invalidate_model(flush=False)

    def send(self, client):
        """Send the products that differ; the results are committed after each call.

        :return: the products before the first one that is still to be sent, and whether something
            was deleted in Octopus and is to be created again
        """
        self.sent = set(self._items)
        items = [self._to_json(template_id, item) for template_id, item in self._items.items()]
        self._unsent = set(self._items)
        refused = []
        sender = BulkSender(self._run, client, client.bulk_products, items, PRODUCT_KEY)
        try:
            while results := sender.send_next():
                self._save_results(results)
                self._checkpoint()
                self._unsent.difference_update(map(int, results))
                refused += [int(ref) for ref, result in results.items() if result.error]
        except OctopusError as error:
            if self._unsent and not error.maybe_done:
                self._clear_attempts()
            raise
        if self._unsent:
            self._clear_attempts()
        first = min(self._unsent, default=None)
        settled = self.templates.filtered(lambda template: first is None or template.id < first)
        return settled, bool(refused) and self._reset_deleted_remotely(client, refused)

    def _to_json(self, template_id, item):
        """Return an item with the ids of what Octopus has already."""
        variant_refs = {v.ref: self._row(v).get("octopus_ref") for v in item.variants}
        return item.to_json(self._product_ref(template_id), variant_refs)

    def _clear_attempts(self):
        """Clear the attempts of what was certainly not sent: the next run need not look for it."""
        variants = self.env["octopus.variant"].search(
            [
                ("account_id", "=", self.account.id),
                ("octopus_product_id.product_tmpl_id", "in", list(self._unsent)),
                ("octopus_ref", "=", False),
            ]
        )
        variants.attempted_at = False
        self._checkpoint()

    # === RESULTS === #

    def _save_results(self, results):
        """Save what Octopus answered.

        :param dict results: BulkItem by correlation id
        """
        now = fields.Datetime.now()
        products, variants, new = [], [], []
        for ref, result in results.items():
            template_id = int(ref)
            item = self._items[template_id]
            error = result.error or self._undeleted.get(template_id)
            if error:
                self.failed[template_id] = error
            products.append(self._product_values(template_id, item, result, error, now))
            for variant in item.variants:
                values = self._variant_values(template_id, variant, result, now)
                variants.append(values)
                known = self._row(variant)
                if values["octopus_ref"] and (
                    not known["octopus_ref"] or self._products[template_id]["is_archived"]
                ):
                    new.append(known["product_id"])
        self.env["octopus.product"]._bulk_update(products)
        self.env["octopus.variant"]._bulk_update(variants)
        self._record_stock(new)

    def _product_values(self, template_id, item, result, error, now):
        known = self._products[template_id]
        failed = bool(error)
        return {
            "id": known["id"],
            "octopus_ref": result.octopus_ref or known["octopus_ref"],
            # The title that Octopus has is still needed: to archive it, or to find its pictures.
            "name": known["name"] if result.error and known["octopus_ref"] else item.title,
            "payload_hash": None if failed else self._hashes[template_id],
            "state": "error" if failed else "synced",
            "error": error,
            "synced_at": None if failed else now,
            "is_archived": known["is_archived"] and bool(result.error),
            "source_stamp": self.stamps[template_id],
        }

    def _variant_values(self, template_id, variant, result, now):
        known = self._row(variant)
        answer = result.variants.get(variant.ref)
        # A call that was refused as a whole created nothing; a failed item may exist all the same.
        is_unclear = result.error and not result.raw.get("refused")
        is_unchanged = result.error and known["octopus_ref"]
        sku = known["sku"] if is_unchanged else variant.sku
        details = known["details"] if is_unchanged else variant.details
        return {
            "id": known["id"],
            "octopus_ref": answer.octopus_ref if answer else known["octopus_ref"],
            "inventory_item_ref": (answer and answer.inventory_item_ref)
            or known["inventory_item_ref"],
            "sku": sku,
            "former_skus": _former_skus(known, sku),
            "price": known["price"] if is_unchanged else variant.price,
            "uom_id": known["uom_id"] if is_unchanged else self._packagings[template_id],
            "details": json.dumps(details) if details else None,
            "has_sale": known["has_sale"] or bool(variant.sale),
            "state": "error" if result.error else "synced",
            "error": result.error,
            "synced_at": None if result.error else now,
            "attempted_at": known["attempted_at"] if is_unclear else None,
        }

    def _reset_deleted_remotely(self, client, template_ids):
        """Reset the bindings of what a user deleted in Octopus.

        :param template_ids: the products that Octopus refused
        :return: whether there was any
        """
        known = [
            (
                {**self._products[template_id], "is_draft": self._items[template_id].is_draft},
                list(map(self._row, self._items[template_id].variants)),
            )
            for template_id in template_ids
            if self._product_ref(template_id)
        ]
        products, variants = find_deleted_remotely(client, known)
        self.env["octopus.product"].browse(products)._reset_remote()
        self.env["octopus.variant"].browse(variants)._unlink_with_images(client)
        self._checkpoint()
        return bool(products or variants)

    def _record_stock(self, product_ids):
        """Have the stock of these variants sent: Octopus has them anew."""
        products = self.env["product.product"].browse(product_ids)
        self.env["octopus.stock.event"]._enqueue_products(products)


def _former_skus(known, sku):
    """Return the SKUs that a variant had in Octopus before this one, a line each."""
    former = [known["sku"], *(known["former_skus"] or "").splitlines()]
    others = [each for each in dict.fromkeys(former) if each and each != sku]
    return "\n".join(others[:MAX_FORMER_SKUS]) or None
