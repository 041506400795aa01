"""Some products on their way to Octopus."""

from odoo import fields
from odoo.tools import SQL

from ...const import CALLS_PER_BATCH
from ...lib.octopus_api.errors import OctopusError, OctopusValidationError
from ..sync.bulk_sender import BulkSender
from .octopus_product_conflict import grouping_problems
from .octopus_product_lost import find_lost
from .payload import ProductPayload

PRODUCT_KEY = "SV_Temp_ProductId"
VARIANT_KEY = "SV_Temp_variantId"


class ProductBatch:
    """At most 250 products of one pass: what Octopus has of them, what it is to get, and what
    became of that.

    :param bindings: an empty recordset of `octopus.product`, of whom does the work
    :param account: the store
    :param dict stamps: for each product's id when it was touched last
    :param run: the pass, where something is to be sent
    """

    def __init__(self, bindings, account, stamps, run=None):
        self.env = bindings.env
        self.account = account
        self._run = run
        self._checkpoint = run and run._checkpoint
        self.stamps = stamps
        self.templates = self.env["product.template"].browse(stamps)
        self.failed = {}  # template id -> why it was not sent
        self._items = {}  # template id -> what is to be sent
        self._hashes = {}
        self._unsent = set()  # template ids
        self._undeleted = {}  # template id -> why Octopus keeps a variant that is gone here
        self.reload()

    def reload(self):
        """Read the bindings as they are in the database just now."""
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
                          coalesce(p.active, FALSE) AS active
                   FROM octopus_variant v LEFT JOIN product_product p ON p.id = v.product_id
                   WHERE v.octopus_product_id = ANY(%s::int4[]) ORDER BY v.id""",
                [row["id"] for row in self._products.values()],
            )
        )
        templates = {row["id"]: template_id for template_id, row in self._products.items()}
        self._variants = {row["product_id"]: row for row in rows if row["active"]}
        self._gone = {}
        for row in rows:
            if not row["active"]:
                template_id = templates[row["octopus_product_id"]]
                self._gone.setdefault(template_id, []).append(row)

    # === BEFORE SENDING === #

    def compare(self):
        """Find out which products differ from what Octopus has."""
        self.failed, self._items, self._hashes, self._undeleted = {}, {}, {}, {}
        sales = [row["product_id"] for row in self._variants.values() if row["has_sale"]]
        prepared = ProductPayload(self.account, self.templates, sales).prepare()
        conflicts = grouping_problems(self.account, self._products)
        bindings = self.env["octopus.product"]
        for template_id, product in prepared.items():
            if problem := "\n".join(product.problems) or conflicts.get(template_id):
                self.failed[template_id] = problem
                continue
            self._hashes[template_id] = bindings._payload_hash(product.item)
            if not self._is_up_to_date(template_id, product.item):
                self._items[template_id] = product.item

    def unsure(self, *, looked_at_all):
        """Return the variants to be sent that Octopus may have although we have no id of theirs.

        :param looked_at_all: whether this pass compared all that Octopus has with our products
        """
        ids = [
            int(variant[VARIANT_KEY])
            for item in self._items.values()
            for variant in item["variants"]
        ]
        if not looked_at_all:
            ids += [known for known, row in self._variants.items() if row["conflict_ref"]]
        rows = {product_id: self._variants.get(product_id, {}) for product_id in ids}
        return self.env["product.product"].browse(
            product_id
            for product_id, row in rows.items()
            if not row.get("octopus_ref") and (row.get("attempted_at") or not looked_at_all)
        )

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

    def counts(self):
        """Return how many products are new, changed and unchanged."""
        new = sum(not self._ref(self._products, template_id) for template_id in self._items)
        return {
            "create": new,
            "change": len(self._items) - new,
            "unchanged": len(self._hashes) - len(self._items),
        }

    def _lacks_refs(self, item):
        return any(
            not self._ref(self._variants, int(variant[VARIANT_KEY])) for variant in item["variants"]
        )

    def find_gone(self, client):
        """Ask Octopus for the variants that we have no longer and whose create got no answer."""
        lost = [
            row["id"]
            for template_id in self._items
            for row in self._gone.get(template_id, ())
            if row["attempted_at"] and not row["octopus_ref"]
        ]
        for variant in self.env["octopus.variant"].browse(lost):
            variant._find_sent(client)
            self._checkpoint()
        if lost:
            self.reload()

    def take_over_or_delete_gone(self, client):
        """Remove variants from Octopus that we have no longer.

        A product keeps one variant at least: where none of ours stays, a new one takes the place
        of an old one.
        """
        for template_id, rows in self._gone.items():
            if template_id not in self._items:
                continue
            rows = list(rows)
            if self._needs_heir(template_id):
                self._hand_over(rows.pop(0), self._items[template_id]["variants"][0])
            for row in rows:
                try:
                    self.env["octopus.variant"].browse(row["id"])._remove(client)
                except OctopusValidationError as error:
                    self._undeleted[template_id] = str(error)
                self._checkpoint()

    def _hand_over(self, row, variant):
        """Make a new variant of ours what one that is gone was in Octopus, with its own stock."""
        bindings = self.env["octopus.variant"]
        heir = int(variant[VARIANT_KEY])
        bindings.search([("account_id", "=", self.account.id), ("product_id", "=", heir)]).unlink()
        bindings.browse(row["id"]).product_id = heir
        bindings._mark_stock([heir])

    def _needs_heir(self, template_id):
        """Tell whether no variant stays that Octopus has, so that a new one takes its place."""
        variants = self._items[template_id]["variants"]
        kept = any(self._ref(self._variants, int(variant[VARIANT_KEY])) for variant in variants)
        return not kept and bool(self._gone[template_id][0]["octopus_ref"])

    def count_calls(self):
        """Return how many calls sending takes: the bulk call, one for each variant to remove."""
        return bool(self._items) + sum(map(self._count_removals, self._items))

    def _count_removals(self, template_id):
        if template_id not in self._items or template_id not in self._gone:
            return 0
        rows = self._gone[template_id][self._needs_heir(template_id) :]
        return sum(bool(row["octopus_ref"]) for row in rows)

    def shorten(self, size):
        """Leave the later products to the next batch where more than `size` are to be sent, or
        where removing variants, one by one, takes too many calls."""
        calls = count = 0
        for number, template_id in enumerate(self.stamps):
            calls += self._count_removals(template_id)
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

    def attempt(self):
        """Record what needs no sending, and what is about to be sent for the first time."""
        creates = [t for t, item in self._items.items() if self._lacks_refs(item)]
        bindings = self.env["octopus.product"]
        unbound = [t for t in (*self.failed, *self._items) if t not in self._products]
        if unbound:
            bindings._insert(self.account, unbound)
            self._read_products()
        if creates:
            self.env["octopus.variant"]._attempt(self.account, self._attempts(creates))
            self._read_variants()
        # Under what name Octopus has it if the answer is lost, and the product afterwards.
        bindings._bulk_update(
            [
                {"id": self._products[template_id]["id"], "name": self._items[template_id]["title"]}
                for template_id in creates
                if not self._ref(self._products, template_id)
            ]
        )
        bindings._bulk_update(
            [
                {"id": self._products[template_id]["id"], "source_stamp": self.stamps[template_id]}
                for template_id in self._hashes
                if template_id not in self._items
            ]
        )
        bindings._bulk_update(
            [
                {
                    "id": self._products[template_id]["id"],
                    "state": "error",
                    "error": problem,
                    "source_stamp": self.stamps[template_id],
                }
                for template_id, problem in self.failed.items()
            ]
        )

    def _attempts(self, template_ids):
        """Return what `_attempt` needs of all variants of these products."""
        return [
            (self._products[template_id]["id"], int(variant[VARIANT_KEY]), variant["sku"])
            for template_id in template_ids
            for variant in self._items[template_id]["variants"]
        ]

    # === SENDING === #

    def send(self, client):
        """Send what differs; what became of it is permanent after each call.

        :return: whether something was removed in Octopus, and is to be made anew
        """
        items = [self._with_refs(template_id, item) for template_id, item in self._items.items()]
        self._unsent = set(self._items)
        refused = []
        sender = BulkSender(self._run, client, client.bulk_products, items, PRODUCT_KEY)
        try:
            while results := sender.send_next():
                self._record(results)
                self._checkpoint()
                self._unsent.difference_update(map(int, results))
                refused += [int(ref) for ref, result in results.items() if result.error]
        except OctopusError as error:
            if not error.maybe_done:
                self._forget_attempts()
            raise
        self._forget_attempts()
        return self._forget_lost(client, refused)

    def settled(self):
        """Return the products up to the first that is still to be sent."""
        first = min(self._unsent, default=None)
        return self.templates.filtered(lambda template: first is None or template.id < first)

    def _forget_attempts(self):
        """Note what was certainly not sent: no need to look for it in Octopus next time."""
        if self._unsent:
            self.env["octopus.variant"]._forget_attempts(self.account, list(self._unsent))
            self._checkpoint()

    def _with_refs(self, template_id, item):
        """Return an item with the ids of what Octopus has already."""
        variants = []
        for variant in item["variants"]:
            ref = self._ref(self._variants, int(variant[VARIANT_KEY]))
            variants.append({**variant, "id": ref} if ref else variant)
        item = {**item, "variants": variants}
        ref = self._ref(self._products, template_id)
        return {**item, "id": ref} if ref else item

    def _record(self, results):
        """Write down what became of sent products."""
        now = fields.Datetime.now()
        products, variants, fresh = [], [], []
        for ref, result in results.items():
            template_id = int(ref)
            item = self._items[template_id]
            error = result.error or self._undeleted.get(template_id)
            if error:
                self.failed[template_id] = error
            products.append(self._product_row(template_id, item, result, error, now))
            for variant in item["variants"]:
                row = self._variant_row(variant, result, now)
                variants.append(row)
                known = self._variants[int(variant[VARIANT_KEY])]
                if row["octopus_ref"] and (
                    not known["octopus_ref"] or self._products[template_id]["is_archived"]
                ):
                    fresh.append(known["product_id"])
        self.env["octopus.product"]._bulk_update(products)
        self.env["octopus.variant"]._bulk_update(variants)
        self.env["octopus.variant"]._mark_stock(fresh)

    def _product_row(self, template_id, item, result, error, now):
        known = self._products[template_id]
        failed = bool(error)
        return {
            "id": known["id"],
            "octopus_ref": result.octopus_ref or known["octopus_ref"],
            # What Octopus has is still needed: to archive it, or to find its pictures.
            "name": known["name"] if result.error and known["octopus_ref"] else item["title"],
            "payload_hash": None if failed else self._hashes[template_id],
            "state": "error" if failed else "synced",
            "error": error,
            "synced_at": None if failed else now,
            "is_archived": known["is_archived"] and bool(result.error),
            "source_stamp": self.stamps[template_id],
        }

    def _variant_row(self, variant, result, now):
        known = self._variants[int(variant[VARIANT_KEY])]
        answer = result.variants.get(variant[VARIANT_KEY])
        # Refused as a whole means not made; a failed item in a bulk answer is not that clear.
        unclear = result.error and not result.raw.get("refused")
        told = known if result.error and known["octopus_ref"] else variant
        return {
            "id": known["id"],
            "octopus_ref": answer.octopus_ref if answer else known["octopus_ref"],
            "inventory_item_ref": (answer and answer.inventory_item_ref)
            or known["inventory_item_ref"],
            "sku": told["sku"],
            "price": told["price"],
            "has_sale": known["has_sale"] or "sales_price" in variant,
            "state": "error" if result.error else "synced",
            "error": result.error,
            "synced_at": None if result.error else now,
            "attempted_at": known["attempted_at"] if unclear else None,
        }

    def _forget_lost(self, client, template_ids):
        """Take back that Octopus has what somebody deleted there.

        :param template_ids: the products that Octopus refused
        :return: whether there was any
        """
        known = [
            (self._products[template_id], self._variant_rows(template_id))
            for template_id in template_ids
            if self._ref(self._products, template_id)
        ]
        products, variants = find_lost(client, known)
        self.env["octopus.product"].browse(products)._forget()
        self.env["octopus.variant"].browse(variants)._forget(client)
        self._checkpoint()
        return bool(products or variants)

    def _variant_rows(self, template_id):
        variants = self._items[template_id]["variants"]
        return [self._variants[int(variant[VARIANT_KEY])] for variant in variants]

    @staticmethod
    def _ref(rows, record_id):
        row = rows.get(record_id)
        return row and row["octopus_ref"]
