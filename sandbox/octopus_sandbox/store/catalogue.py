"""Products and their variants."""

import json
import re
from dataclasses import dataclass, field

from .. import rules
from ..answer import dump, now, spell_time
from ..errors import ApiError, invalid, not_found
from .database import Database

NULLABLE = ("option1", "option2", "option3", "inventory_management")

# The shapes of the reference, with what a caller did not send.
PRODUCT_BLANK = {
    "id": 0,
    "title": "",
    "sub_description1": "",
    "sub_description2": "",
    "sub_description3": "",
    "body_html": "",
    "vendor": "",
    "product_type": "",
    "status": "active",
    "created_at": "",
    "handle": "",
    "updated_at": "",
    "published_at": "",
    "template_suffix": None,
    "published_scope": None,
    "tags": "",
    "admin_graphql_api_id": None,
    "options": [],
}
VARIANT_BLANK = {
    "id": 0,
    "product_id": 0,
    "title": None,
    "price": 0,
    "price_a": "",
    "price_b": "",
    "price_c": "",
    "list_price": "",
    "msrp": "",
    "compare_at_price": "",
    "sku": "",
    "position": None,
    "inventory_policy": "deny",
    "fulfillment_service": None,
    "inventory_management": None,
    "cost_price": "",
    "sales_price": "",
    "SaleStartDate": "",
    "SaleEndDate": "",
    "option1": rules.DEFAULT_OPTION,
    "option2": None,
    "option3": None,
    "created_at": "",
    "updated_at": "",
    "taxable": False,
    "barcode": "",
    "grams": None,
    "image_id": None,
    "weight": "0",
    "weight_unit": "",
    "inventory_item_id": 0,
    "inventory_quantity": None,
    "old_inventory_quantity": None,
    "requires_shipping": None,
    "admin_graphql_api_id": None,
    "custom_attributes": [],
}


@dataclass
class Draft:
    """One product on its way to the database."""

    product: dict
    variants: list[dict]
    touched: list[dict] = field(default_factory=list)  # the variants to write, in the sent order
    unknown_variant: int | None = None

    def problem(self):
        """Return the first broken rule as ``(field, message)``."""
        if self.unknown_variant:
            return "variants", f"The product has no variant {self.unknown_variant}."
        options = [o for o in self.product["options"] if o["values"] != [rules.DEFAULT_OPTION]]
        return rules.product_problem(self.product | {"options": options}, self.variants)


class Catalogue:
    """Products with variants, as JSON beside the columns that are searched."""

    def __init__(self, db: Database):
        self.db = db

    # === Reading === #

    def search(self, *, limit, since_id=0, page=1, title=None, vendor=None, product_type=None):
        """Return products with everything that belongs to them, by id."""
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
        """Return the variants with this SKU; there may be several, Octopus does not forbid it."""
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
        """Create or update each item; an item that breaks a rule is left out and explained.

        :param items: the sent fields of each item
        :return: the echoed items and a list of errors, None when there is none
        """
        stamp = spell_time(now())
        with self.db.transaction():
            existing = self._existing({item["id"] for item in items if item.get("id")})
            drafts, problems = [], {}
            for position, item in enumerate(items):
                draft = self._draft(item, existing, stamp)
                problem = ("id", "Product not found.") if draft is None else draft.problem()
                if problem := problem or self._attribute_problem(draft.touched):
                    problems[position] = problem
                    drafts.append(None)
                else:
                    drafts.append(draft)
            self._save([draft for draft in drafts if draft])
        errors = [
            {
                "SV_Temp_ProductId": items[position]["SV_Temp_ProductId"],
                "field": name,
                "message": message,
            }
            for position, (name, message) in problems.items()
        ]
        echo = [_echo(item, draft) for item, draft in zip(items, drafts, strict=True)]
        return echo, errors or None

    def update(self, product_id, sent):
        """Change the sent fields of one product."""
        with self.db.transaction():
            existing = self._existing({product_id})
            if product_id not in existing:
                raise not_found("Product")
            draft = self._draft(sent | {"id": product_id}, existing, spell_time(now()))
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
            draft.touched.append(_new_variant(sent, draft.product["id"], spell_time(now())))
            draft.variants.extend(draft.touched)
            self._save_one(draft)
        return draft.touched[0]

    def update_variant(self, variant_id, sent):
        """Change the sent fields of one variant."""
        with self.db.transaction():
            draft = self._load(self.variant(variant_id)["product_id"])
            variant = next(v for v in draft.variants if v["id"] == variant_id)
            variant.update(_sent(sent), id=variant_id, updated_at=spell_time(now()))
            draft.touched.append(variant)
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

    def _draft(self, item, existing, stamp):
        """Return what `item` makes of its product, or None when its id is unknown."""
        if not item.get("id"):
            draft = Draft(PRODUCT_BLANK | {"created_at": stamp, "published_at": stamp}, [])
        elif (draft := existing.get(item["id"])) is None:
            return None
        product = draft.product
        product.update(
            (key, value)
            for key, value in item.items()
            if value is not None and key not in ("variants", "SV_Temp_ProductId", "id")
        )
        product["updated_at"] = stamp
        if "title" in item:
            product["handle"] = _handle(product["title"])
        for sent in item.get("variants") or ():
            draft.touched.append(_merge_variant(draft, sent, stamp))
        product["options"] = _numbered_options(product["options"])
        return draft

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
        """Give ids to what is new, then write all of it with two statements."""
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


def _sent(variant):
    """Return the fields to store: what was sent, without our caller's own id."""
    return {
        key: value
        for key, value in variant.items()
        if key not in ("id", "SV_Temp_variantId") and (value is not None or key in NULLABLE)
    }


def _new_variant(sent, product_id, stamp):
    return (
        VARIANT_BLANK
        | _sent(sent)
        | {
            "product_id": product_id,
            "created_at": stamp,
            "updated_at": stamp,
        }
    )


def _merge_variant(draft, sent, stamp):
    """Change the variant that `sent` means (by id, else by SKU) or add a new one."""
    key = "id" if sent.get("id") else "sku"
    for variant in draft.variants:
        if variant["id"] and variant[key] == sent[key]:
            variant.update(_sent(sent), updated_at=stamp)
            return variant
    if key == "id":
        draft.unknown_variant = sent["id"]
    variant = _new_variant(sent, draft.product["id"], stamp)
    draft.variants.append(variant)
    return variant


def _numbered_options(options):
    if not options:
        return [{"name": "Title", "position": 1, "values": [rules.DEFAULT_OPTION]}]
    return [
        {"name": o["name"], "position": o.get("position") or n, "values": o.get("values") or []}
        for n, o in enumerate(options, 1)
    ]


def _echo(item, draft):
    """Return one item of a bulk answer: as sent, with its ids, or without any when it failed."""
    echo = {key: value for key, value in item.items() if key != "id"}
    if draft is None:
        return echo
    echo["productid"] = draft.product["id"]
    echo["variants"] = [
        {k: value for k, value in sent.items() if k != "id"}
        | {"variantId": kept["id"], "inventory_item_id": kept["inventory_item_id"]}
        for sent, kept in zip(item.get("variants") or (), draft.touched, strict=True)
    ]
    return echo


def _handle(title):
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _escaped(text):
    return re.sub(r"([\\%_])", r"\\\1", text)
