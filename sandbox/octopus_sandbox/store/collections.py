"""Collections (categories) and collects (which product is in which collection)."""

import json

from .. import rules
from ..answer import dump, now, spell_time
from ..errors import invalid, not_found
from .database import Database
from .draft import handle_of

BLANK = {
    "id": 0,
    "handle": "",
    "title": "",
    "updated_at": "",
    "body_html": "",
    "published_at": "",
    "sort_order": None,
    "template_suffix": None,
    "published_scope": None,
    "admin_graphql_api_id": None,
}


class Collections:
    """Collections and collects."""

    def __init__(self, db: Database):
        self.db = db

    # === Collections === #

    def search(self, *, limit, since_id=0, page=1, title=None):
        """Return collections in the order of their ids; `title` must be the whole title."""
        rows = self.db.matching(
            "SELECT body FROM collection",
            {"id > ?": since_id, "title = ?": title},
            "ORDER BY id LIMIT ? OFFSET ?",
            limit,
            (page - 1) * limit,
        )
        return [json.loads(row["body"]) for row in rows]

    def count(self):
        """Return how many collections there are."""
        return self.db.one("SELECT COUNT(*) AS n FROM collection")["n"]

    def get(self, collection_id):
        """Return one collection or raise the 404."""
        row = self.db.one("SELECT body FROM collection WHERE id = ?", collection_id)
        if row is None:
            raise not_found("Collection")
        return json.loads(row["body"])

    def create(self, sent):
        """Create one collection."""
        if problem := rules.title_problem(sent["title"]):
            raise invalid(*problem)
        with self.db.transaction():
            return self._insert([sent])[0]

    def bulk(self, items):
        """Create each item; return the echoed items and the errors, None when there is none."""
        problems = [rules.title_problem(item["title"]) for item in items]
        with self.db.transaction():
            created = iter(self._insert([i for i, p in zip(items, problems, strict=True) if not p]))
        echo, errors = [], []
        for item, problem in zip(items, problems, strict=True):
            if problem:
                echo.append(item)
                errors.append(_error(item, *problem))
            else:
                echo.append(item | {"id": next(created)["id"]})
        return echo, errors or None

    def update(self, collection_id, sent):
        """Change the sent fields of one collection."""
        body = self.get(collection_id)
        body.update((k, v) for k, v in sent.items() if k != "id" and v is not None)
        if problem := rules.title_problem(body["title"]):
            raise invalid(*problem)
        body["updated_at"] = spell_time(now())
        self.db.run(
            "UPDATE collection SET title = ?, body = ? WHERE id = ?",
            body["title"],
            dump(body),
            collection_id,
        )
        return body

    def delete(self, collection_id):
        """Remove one collection and its collects; its products stay."""
        with self.db.transaction():
            if not self.db.run("DELETE FROM collection WHERE id = ?", collection_id):
                raise not_found("Collection")
            self.db.run("DELETE FROM collect WHERE collection_id = ?", collection_id)

    def _insert(self, items):
        stamp = spell_time(now())
        bodies = []
        for item, new_id in zip(items, self.db.new_ids("collection", len(items)), strict=True):
            body = BLANK | {k: v for k, v in item.items() if v is not None and k != "sv_temp_id"}
            body.update(id=new_id, updated_at=stamp, published_at=stamp)
            body["handle"] = item.get("handle") or handle_of(body["title"])
            bodies.append(body)
        self.db.many(
            "INSERT INTO collection VALUES (?, ?, ?)",
            [(body["id"], body["title"], dump(body)) for body in bodies],
        )
        return bodies

    # === Collects === #

    def search_collects(self, *, limit, since_id=0, page=1, product_id=None, collection_id=None):
        """Return collects in the order of their ids."""
        rows = self.db.matching(
            "SELECT * FROM collect",
            {"id > ?": since_id, "product_id = ?": product_id, "collection_id = ?": collection_id},
            "ORDER BY id LIMIT ? OFFSET ?",
            limit,
            (page - 1) * limit,
        )
        return [_collect(row) for row in rows]

    def collect(self, collect_id):
        """Return one collect or raise the 404."""
        row = self.db.one("SELECT * FROM collect WHERE id = ?", collect_id)
        if row is None:
            raise not_found("Collect")
        return _collect(row)

    def create_collect(self, sent):
        """Put one product into one collection."""
        if problem := self._collect_problems([sent])[0]:
            raise invalid(*problem)
        with self.db.transaction():
            return self.collect(self._insert_collects([sent])[0])

    def bulk_collects(self, items):
        """Create each collect; an unknown id fails only its item."""
        problems = self._collect_problems(items)
        with self.db.transaction():
            created = iter(
                self._insert_collects([i for i, p in zip(items, problems, strict=True) if not p])
            )
        echo, errors = [], []
        for item, problem in zip(items, problems, strict=True):
            if problem:
                echo.append(item)
                errors.append(_error(item, *problem))
            else:
                echo.append(item | {"id": next(created)})
        return echo, errors or None

    def delete_collect(self, collect_id):
        """Take one product out of one collection."""
        if not self.db.run("DELETE FROM collect WHERE id = ?", collect_id):
            raise not_found("Collect")

    def _collect_problems(self, items):
        collections = self._known("SELECT id FROM collection", items, "collection_id")
        products = self._known("SELECT id FROM product", items, "product_id")
        return [
            ("collection_id", "Collection not found.")
            if item["collection_id"] not in collections
            else ("product_id", "Product not found.")
            if item["product_id"] not in products
            else None
            for item in items
        ]

    def _known(self, select, items, key):
        wanted = {item[key] for item in items}
        return {row["id"] for row in self.db.matching(select, {"id IN ids": wanted})}

    def _insert_collects(self, items):
        ids = self.db.new_ids("collect", len(items))
        stamp = spell_time(now())
        self.db.many(
            "INSERT INTO collect VALUES (?, ?, ?, ?)",
            [
                (new_id, item["collection_id"], item["product_id"], stamp)
                for new_id, item in zip(ids, items, strict=True)
            ],
        )
        return ids


def _collect(row):
    return {
        "id": row["id"],
        "collection_id": row["collection_id"],
        "product_id": row["product_id"],
        "created_at": row["created_at"],
        "updated_at": row["created_at"],
        "position": 1,
        "sort_value": "",
    }


def _error(item, field, message):
    return {"sv_temp_id": item["sv_temp_id"], "field": field, "message": message}
