"""The SQLite connection: schema, transactions, and ids, none of which is given twice."""

import json
import sqlite3
import time
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS product (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, vendor TEXT, product_type TEXT, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS product_title ON product (title);
CREATE TABLE IF NOT EXISTS variant (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, inventory_item_id INTEGER NOT NULL,
    sku TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS variant_product ON variant (product_id);
CREATE INDEX IF NOT EXISTS variant_item ON variant (inventory_item_id);
CREATE INDEX IF NOT EXISTS variant_sku ON variant (sku);
CREATE TABLE IF NOT EXISTS attribute_name (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS image (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, position INTEGER NOT NULL,
    filename TEXT NOT NULL, body TEXT NOT NULL, content BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS image_product ON image (product_id);
CREATE TABLE IF NOT EXISTS image_name (
    filename TEXT PRIMARY KEY, digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS image_removed (
    product_id INTEGER, position INTEGER, removed_at REAL NOT NULL,
    PRIMARY KEY (product_id, position)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collection (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS collect (
    id INTEGER PRIMARY KEY, collection_id INTEGER NOT NULL, product_id INTEGER NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS collect_collection ON collect (collection_id);
CREATE INDEX IF NOT EXISTS collect_product ON collect (product_id);
CREATE TABLE IF NOT EXISTS level (
    inventory_item_id INTEGER, location_id INTEGER,
    available INTEGER NOT NULL, updated_at TEXT NOT NULL,
    PRIMARY KEY (inventory_item_id, location_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS customer_order (
    id INTEGER PRIMARY KEY, financial_status TEXT NOT NULL, location_id TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS order_updated ON customer_order (updated);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, topic TEXT NOT NULL, body TEXT NOT NULL,
    credentials INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_try_at REAL,
    state TEXT NOT NULL DEFAULT 'waiting', answer TEXT
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (next_try_at) WHERE state = 'waiting';
"""

TABLES = (
    "product", "variant", "attribute_name", "image", "image_name", "image_removed",
    "collection", "collect", "level", "customer_order", "delivery",
)  # fmt: skip

# Different ranges, so that an id of the wrong kind is never valid by chance.
FIRST_IDS = {
    "product": 1_000_001,
    "variant": 2_000_001,
    "inventory_item": 3_000_001,
    "collection": 4_000_001,
    "collect": 5_000_001,
    "image": 6_000_001,
    "line": 7_000_001,
    "refund": 8_000_001,
    "fulfillment": 800_001,
    "order": 100_001,
    "order_number": 1_001,
}


IN_LIST = "IN (SELECT value FROM json_each(?))"  # one parameter, whatever the number of ids


class Database:
    """One connection, used from the server's event loop only, so that nothing locks."""

    def __init__(self, path: str):
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        self._opened_at = time.time_ns()
        # Losing a second in a power cut is acceptable here; slowing down benchmarks is not.
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(SCHEMA)
        self.many(
            "INSERT OR IGNORE INTO counter VALUES (?, ?)",
            [(name, first - 1) for name, first in FIRST_IDS.items()],
        )

    def version(self):
        """Return a text that changes with every write."""
        return f"{self._opened_at}-{self.connection.total_changes}"

    def close(self):
        """Close the file."""
        self.connection.close()

    @contextmanager
    def transaction(self):
        """Run the block in a transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def all(self, sql: str, *values) -> list[sqlite3.Row]:
        """Return every row."""
        return self.connection.execute(sql, values).fetchall()

    def matching(self, select: str, conditions: dict, tail: str = "", *values):
        """Return the rows of `select` that meet the conditions.

        :param conditions: ``{"column = ?": value}`` or ``{"column IN ids": [value, ...]}``; the
            value None leaves its condition out
        :param tail: what follows the conditions, with its own `values`
        """
        given = {text: value for text, value in conditions.items() if value is not None}
        where = " AND ".join(text.replace("IN ids", IN_LIST) for text in given) or "TRUE"
        bound = [json.dumps(list(v)) if "IN ids" in text else v for text, v in given.items()]
        return self.all(f"{select} WHERE {where} {tail}", *bound, *values)

    def one(self, sql: str, *values) -> sqlite3.Row | None:
        """Return the first row or None."""
        # Read all rows: an open statement (RETURNING) would prevent the commit.
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def run(self, sql: str, *values) -> int:
        """Run one statement; return the number of rows it touched."""
        return self.connection.execute(sql, values).rowcount

    def many(self, sql: str, rows) -> None:
        """Run one statement for each row."""
        self.connection.executemany(sql, rows)

    def new_ids(self, name: str, count: int) -> range:
        """Reserve `count` ids that were never given before."""
        row = self.one(
            "UPDATE counter SET value = value + ? WHERE name = ? RETURNING value", count, name
        )
        return range(row["value"] - count + 1, row["value"] + 1)

    def new_id(self, name: str) -> int:
        """Reserve one id."""
        return self.new_ids(name, 1)[0]

    def counts(self):
        """Return ``{table: number of rows}``."""
        return {
            table: self.one(f"SELECT COUNT(*) AS n FROM {table}")["n"]  # noqa: S608 -- our constant
            for table in TABLES
        }

    def clear(self):
        """Delete everything except the counters, so that no id is given again."""
        with self.transaction():
            for table in TABLES:
                self.run(f"DELETE FROM {table}")  # noqa: S608 -- our own constant
