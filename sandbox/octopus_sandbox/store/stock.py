"""Inventory levels, one for each item and location, and the locations."""

from ..answer import now, spell_time
from ..errors import invalid
from .database import Database

# The API can only read locations.
LOCATIONS = {1001: "Main store", 1002: "Warehouse"}


class Stock:
    """Absolute quantities; only the API changes them, orders do not."""

    def __init__(self, db: Database):
        self.db = db

    def search(self, *, item_ids=None, location_ids=None, limit=-1):
        """Return the levels of these items and locations, when given."""
        rows = self.db.matching(
            "SELECT * FROM level",
            {"inventory_item_id IN ids": item_ids, "location_id IN ids": location_ids},
            "ORDER BY inventory_item_id, location_id LIMIT ?",
            limit,
        )
        return [dict(row) | {"admin_graphql_api_id": ""} for row in rows]

    def set(self, sent):
        """Set one level."""
        echo, errors = self.bulk([sent | {"sv_temp_id": 0}])
        if errors:
            raise invalid(errors[0]["field"], errors[0]["message"])
        return self.search(
            item_ids=[echo[0]["inventory_item_id"]], location_ids=[sent["location_id"]]
        )[0]

    def bulk(self, items):
        """Set each level; return the echoed items and the errors, None when there is none.

        A level has no id, so the ``id`` in the answer is made of item and location; a failed item
        has neither ``id`` nor ``inventory_item_id``.
        """
        item_ids = {item["inventory_item_id"] for item in items}
        known = {
            row["inventory_item_id"]
            for row in self.db.matching(
                "SELECT inventory_item_id FROM variant", {"inventory_item_id IN ids": item_ids}
            )
        }
        stamp = spell_time(now())
        echo, errors, rows = [], [], []
        for item in items:
            key = (item["inventory_item_id"], item["location_id"])
            if key[0] not in known:
                problem = ("inventory_item_id", "Inventory item not found.")
            elif key[1] not in LOCATIONS:
                problem = ("location_id", "Location not found.")
            else:
                rows.append((*key, item["available"], stamp))
                echo.append(item | {"id": f"{key[0]}-{key[1]}", "updated_at": stamp})
                continue
            echo.append({k: v for k, v in item.items() if k != "inventory_item_id"})
            errors.append(
                {"sv_temp_id": item["sv_temp_id"], "field": problem[0], "message": problem[1]}
            )
        with self.db.transaction():
            self.db.many("INSERT OR REPLACE INTO level VALUES (?, ?, ?, ?)", rows)
        return echo, errors or None
