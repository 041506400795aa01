"""Products and their variants."""

import json
import re

from .. import rules
from ..answer import dump, now, spell_time
from ..errors import ApiError, invalid, not_found
from .database import Database
from .draft import Draft, without_id


class Catalog:
    """Products with variants, stored as JSON beside the columns for searching."""

    def __init__(self, db: Database):
        self.db = db

    # === Reading === #

    def search(self, *, limit, since_id=0, page=1, title=None, vendor=None, product_type=None):
        """Return complete products in the order of their ids."""
        rows = self.db.matching(
            "SELECT body FROM product",
            {
                "id > ?": since_id,
                "title LIKE ? ESCAPE '\\'": f"%{_escaped(title)}%" if title else None,
                "vendor = ?": vendor,
                "product_type = ?": product_type,
            },
            "ORDER BY id LIMIT ? OFFSET ?",
            limit,
            (page - 1) * limit,
        )
        return self._complete([json.loads(row["body"]) for row in rows])

    def get(self, product_id):
        """Return one complete product or raise the 404."""
        return self._complete([self.bare(product_id)])[0]

    def bare(self, product_id):
        """Return one product without variants and images, or raise the 404."""
        row = self.db.one("SELECT body FROM product WHERE id = ?", product_id)
        if row is None:
            raise not_found("Product")
        return json.loads(row["body"])

    def variant(self, variant_id):
        """Return one variant or raise the 404."""
        row = self.db.one("SELECT body FROM variant WHERE id = ?", variant_id)
        if row is None:
            raise not_found("Variant")
        return json.loads(row["body"])

    def variants_by_sku(self, sku):
        """Return the variants with this SKU; Octopus allows several."""
        rows = self.db.all("SELECT body FROM variant WHERE sku = ? ORDER BY id", sku)
        return [json.loads(row["body"]) for row in rows]

    def variants_of(self, product_ids):
        """Return ``{product id: [variant, ...]}``."""
        found = {product_id: [] for product_id in product_ids}
        rows = self.db.matching(
            "SELECT product_id, body FROM variant", {"product_id IN ids": found}, "ORDER BY id"
        )
        for row in rows:
            found[row["product_id"]].append(json.loads(row["body"]))
        return found

    def _complete(self, products):
        by_id = {product["id"]: product for product in products}
        variants = self.variants_of(by_id)
        for product in products:
            product["variants"] = variants[product["id"]]
            product["images"] = []
        images = self.db.matching(
            "SELECT product_id, body FROM image",
            {"product_id IN ids": by_id},
            "ORDER BY position, id",
        )
        for row in images:
            by_id[row["product_id"]]["images"].append(json.loads(row["body"]))
        for product in products:
            product["image"] = product["images"][0] if product["images"] else None
        return products

    # === Writing === #

    def bulk(self, items):
        """Create or update each item; skip an item that breaks a rule, and return an error for it.

        :param items: the sent fields of each item
        :return: the echoed items and a list of errors, None when there is none
        """
        stamp = spell_time(now())
        with self.db.transaction():
            existing = self._existing({item["id"] for item in items if item.get("id")})
            results = [self._result(item, existing, stamp) for item in items]
            self._save([draft for draft, _problem in results if draft])
        echo, errors = [], []
        for item, (draft, problem) in zip(items, results, strict=True):
            if draft:
                echo.append(draft.echo(item))
                continue
            echo.append(without_id(item))
            errors.append(
                {
                    "SV_Temp_ProductId": item["SV_Temp_ProductId"],
                    "field": problem[0],
                    "message": problem[1],
                }
            )
        return echo, errors or None

    def update(self, product_id, sent):
        """Change the sent fields of one product."""
        with self.db.transaction():
            draft = self._load(product_id)
            draft.apply(sent, spell_time(now()))
            self._save_one(draft)
        return self.get(product_id)

    def delete(self, product_id):
        """Remove a product with everything that belongs to it."""
        with self.db.transaction():
            if not self.db.run("DELETE FROM product WHERE id = ?", product_id):
                raise not_found("Product")
            self.db.run(
                "DELETE FROM level WHERE inventory_item_id IN"
                " (SELECT inventory_item_id FROM variant WHERE product_id = ?)",
                product_id,
            )
            self.db.run("DELETE FROM variant WHERE product_id = ?", product_id)
            self.db.run("DELETE FROM image WHERE product_id = ?", product_id)
            self.db.run("DELETE FROM collect WHERE product_id = ?", product_id)

    def add_variant(self, product_id, sent):
        """Add one variant to a product."""
        with self.db.transaction():
            draft = self._load(product_id)
            variant = draft.add_variant(sent, spell_time(now()))
            self._save_one(draft)
        return variant

    def update_variant(self, variant_id, sent):
        """Change the sent fields of one variant."""
        with self.db.transaction():
            draft = self._load(self.variant(variant_id)["product_id"])
            variant = next(v for v in draft.variants if v["id"] == variant_id)
            draft.change_variant(variant, sent, spell_time(now()))
            self._save_one(draft)
        return variant

    def delete_variant(self, product_id, variant_id):
        """Remove one variant, unless it is the last."""
        with self.db.transaction():
            variants = {v["id"]: v for v in self._load(product_id).variants}
            if variant_id not in variants:
                raise not_found("Variant")
            if len(variants) == 1:
                raise ApiError(422, "A product must have at least one variant.", field="id")
            item = variants[variant_id]["inventory_item_id"]
            self.db.run("DELETE FROM variant WHERE id = ?", variant_id)
            self.db.run("DELETE FROM level WHERE inventory_item_id = ?", item)

    def _existing(self, product_ids):
        if not product_ids:
            return {}
        rows = self.db.matching("SELECT id, body FROM product", {"id IN ids": product_ids})
        variants = self.variants_of([row["id"] for row in rows])
        return {row["id"]: Draft(json.loads(row["body"]), variants[row["id"]]) for row in rows}

    def _load(self, product_id):
        return Draft(self.bare(product_id), self.variants_of([product_id])[product_id])

    def _result(self, item, existing, stamp):
        """Return ``(draft, None)``, or ``(None, problem)`` when the item cannot be stored."""
        if item.get("id"):
            draft = existing.pop(
                item["id"], None
            )  # popped, because the same product twice is an error
            if draft is None:
                return None, ("id", "Product not found, or twice in this call.")
        else:
            draft = Draft.new(stamp)
        if not item["variants"]:
            return None, ("variants", "An item has at least one variant.")
        draft.apply(item, stamp)
        problem = draft.problem() or self._attribute_problem(draft.touched)
        return (None, problem) if problem else (draft, None)

    def _attribute_problem(self, variants):
        names = {e["attribute_name"] for v in variants for e in v["custom_attributes"] or ()}
        if not names:
            return None
        known = {row["name"] for row in self.db.all("SELECT name FROM attribute_name")}
        if len(known | names) > rules.MAX_ATTRIBUTE_NAMES:
            return "custom_attributes", "A merchant has at most 20 attribute names."
        self.db.many("INSERT OR IGNORE INTO attribute_name VALUES (?)", [(n,) for n in names])
        return None

    def _save_one(self, draft):
        if problem := draft.problem() or self._attribute_problem(draft.touched):
            raise invalid(*problem)
        self._save([draft])

    def _save(self, drafts):
        """Give ids to new products and variants, then write all with two statements."""
        new_products = [d.product for d in drafts if not d.product["id"]]
        for product, product_id in zip(
            new_products, self.db.new_ids("product", len(new_products)), strict=True
        ):
            product["id"] = product_id
        variants = [(d.product["id"], v) for d in drafts for v in d.touched]
        new_variants = [pair for pair in variants if not pair[1]["id"]]
        variant_ids = self.db.new_ids("variant", len(new_variants))
        item_ids = self.db.new_ids("inventory_item", len(new_variants))
        for (product_id, variant), variant_id, item_id in zip(
            new_variants, variant_ids, item_ids, strict=True
        ):
            variant.update(id=variant_id, product_id=product_id, inventory_item_id=item_id)
        self.db.many(
            "INSERT OR REPLACE INTO product VALUES (?, ?, ?, ?, ?)",
            [
                (p["id"], p["title"], p["vendor"], p["product_type"], dump(p))
                for p in (d.product for d in drafts)
            ],
        )
        self.db.many(
            "INSERT OR REPLACE INTO variant VALUES (?, ?, ?, ?, ?)",
            [
                (v["id"], v["product_id"], v["inventory_item_id"], v["sku"], dump(v))
                for _p, v in variants
            ],
        )


def _escaped(text):
    return re.sub(r"([\\%_])", r"\\\1", text)
