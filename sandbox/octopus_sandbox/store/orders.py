"""Orders of all channels."""

import json
from datetime import datetime, timezone

from ..answer import dump, now, spell_time
from ..errors import ApiError, not_found
from .database import Database

DATE_FILTERS = {
    "created_at_min": "created >= ?",
    "created_at_max": "created <= ?",
    "updated_at_min": "updated >= ?",
    "updated_at_max": "updated <= ?",
}


class Orders:
    """Orders as JSON, beside the columns for the filters."""

    def __init__(self, db: Database):
        self.db = db

    def new_ids(self, line_count):
        """Reserve an order id, a shop's own number and ids for the lines."""
        return (
            self.db.new_id("order"),
            self.db.new_id("order_number"),
            list(self.db.new_ids("line", line_count)),
        )

    def search(self, *, limit, since_id=0, ids=None, **filters):
        """Return the orders after `since_id` in the order of their ids."""
        rows = self.db.matching(
            "SELECT body FROM customer_order",
            {"id > ?": since_id, "id IN ids": ids} | _conditions(filters),
            "ORDER BY id LIMIT ?",
            limit,
        )
        return [json.loads(row["body"]) for row in rows]

    def latest(self, limit):
        """Return the newest orders first."""
        sql = "SELECT body FROM customer_order ORDER BY id DESC LIMIT ?"
        return [json.loads(row["body"]) for row in self.db.all(sql, limit)]

    def count(self, **filters):
        """Return how many orders match."""
        rows = self.db.matching("SELECT COUNT(*) AS n FROM customer_order", _conditions(filters))
        return rows[0]["n"]

    def get(self, order_id):
        """Return one order or raise the 404."""
        row = self.db.one("SELECT body FROM customer_order WHERE id = ?", order_id)
        if row is None:
            raise not_found("Order")
        return json.loads(row["body"])

    def open(self, order_id):
        """Return one order that may still be changed."""
        order = self.get(order_id)
        if order["cancelled_at"] or order["closed_at"]:
            state = "cancelled" if order["cancelled_at"] else "closed"
            raise ApiError(422, f"The order is {state}.", code="ORDER_NOT_EDITABLE")
        return order

    def save(self, order, *, changed=True):
        """Store an order; `changed` moves its octopus_updated_at to now."""
        if changed:
            order["octopus_updated_at"] = order["updated_at"] = spell_time(now())
        self.db.run(
            "INSERT OR REPLACE INTO customer_order VALUES (?, ?, ?, ?, ?, ?)",
            order["id"],
            _status(order),
            str(order["location_id"]),
            _seconds(order["octopus_created_at"]),
            _seconds(order["octopus_updated_at"]),
            dump(order),
        )
        return order

    def cancel(self, order_id, reason):
        """Cancel an order that is still open."""
        order = self.open(order_id)
        order["cancelled_at"] = spell_time(now())
        order["cancel_reason"] = reason
        paid = _status(order) in ("paid", "capture", "sale")
        order["financial_status"] = "refunded" if paid else "voided"
        return self.save(order)

    def delete(self, order_id):
        """Remove an order; return it."""
        order = self.get(order_id)
        self.db.run("DELETE FROM customer_order WHERE id = ?", order_id)
        return order


def _conditions(filters):
    """Return the conditions of `Database.matching` for the API's filters."""
    conditions = {
        condition: _seconds(filters[name])
        for name, condition in DATE_FILTERS.items()
        if filters[name]
    }
    conditions["location_id = ?"] = filters["location_id"]
    status = filters["financial_status"]
    conditions["financial_status = ?"] = status.lower() if status else None
    return conditions


def _status(order):
    """Return the payment status in lower case; orders of tests may have none."""
    return str(order["financial_status"] or "").lower()


def _seconds(text):
    """Return an API time in epoch seconds; its offset, if any, is zero."""
    moment = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 -- UTC, set below
    return int(moment.replace(tzinfo=timezone.utc).timestamp())
