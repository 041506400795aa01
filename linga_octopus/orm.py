"""Small additions to Odoo's ORM: cheap inserts, cheap references, caches, batches of deletions."""

import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, float_compare, formatLang

from .lib.search_text import indexed_digits

# Another transaction changed the same rows at the same moment: try again in a new transaction.
# Other errors of PostgreSQL, such as a text that is too long for an index, stay when repeated.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)

NOW = SQL("(now() AT TIME ZONE 'UTC')")
DELETE_BATCH = 10_000
# Odoo starts a scheduled action that was planned for a moment up to a minute late. Shorter waits
# than this are slept through.
SHORT_WAIT = timedelta(seconds=5)


class UnconstrainedMany2one(fields.Many2one):
    """A Many2one without a foreign key in the database.

    A foreign key reads and locks the other record for each inserted row: three quarters of the
    time that recording a stock change took. Use this for rows that live for seconds and whose
    readers join the other table, so that a deleted record is not found.
    """

    def update_db_foreign_key(self, model, column):
        """Override: create no foreign key."""


class NumberChar(fields.Char):
    """A Char with a trigram index that holds numbers such as `112-3141592-6535897`.

    "Contains" has an index find the longest digits of the text, which is fast, and PostgreSQL
    compares the whole text in these rows only.
    """

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        """Override."""

        def condition(text):
            return super(NumberChar, self).condition_to_sql(
                field_expr, operator, text, model, alias, query
            )

        digits = operator == "ilike" and isinstance(value, str) and indexed_digits(value)
        if not digits:
            return condition(value)
        column = model._field_to_sql(alias, field_expr, query)
        return SQL("(%s AND strpos(lower(%s), %s) > 0)", condition(digits), column, value.lower())


def insert_query(model, vals_list, *, or_nothing=False):
    """Return the SQL statement that inserts records, without the other work of `create`.

    Defaults, computed fields, tracking and followers take as long as everything else in the intake
    of an online order. Use this only for models without computed columns, and for values that
    name every field with a default.

    :param vals_list: the values, with the same keys in each; a value may be SQL
    :param or_nothing: whether a record that is there already stays as it is
    """
    uid = model.env.uid
    log = {"create_uid": uid, "create_date": NOW, "write_uid": uid, "write_date": NOW}
    log = log if model._log_access else {}
    names = list(vals_list[0])
    are_boolean = [model._fields[name].type == "boolean" for name in names]
    row_template = f"({', '.join(['%s'] * (len(log) + len(names)))})"
    rows = []
    for vals in vals_list:
        values = [
            None if vals[name] is False and not is_boolean else vals[name]
            for name, is_boolean in zip(names, are_boolean, strict=True)
        ]
        rows.append(SQL(row_template, *log.values(), *values))
    return SQL(
        "INSERT INTO %s (%s) VALUES %s %s RETURNING id",
        SQL.identifier(model._table),
        SQL(", ").join(map(SQL.identifier, [*log, *names])),
        SQL(", ").join(rows),
        SQL("ON CONFLICT DO NOTHING") if or_nothing else SQL(),
    )


def insert_missing(model, vals_list):
    """Insert those of these records that no other transaction has inserted; see `insert_query`.

    Of two that insert the same at the same moment, the second one starts again, and logs no error.
    """
    model.flush_model()
    query = insert_query(model, vals_list, or_nothing=True)
    model.env.cr.execute(query, log_exceptions=False)
    model.invalidate_model()


def clear_caches(env):
    """Clear all `ormcache` values now, and again after the commit.

    Between the two, another thread of this server may read and cache the values from before this
    transaction; Odoo notifies the other servers only.
    """
    env.registry.clear_cache()
    env.cr.postcommit.add(env.registry.clear_cache)


def sleep_until(env, moment):
    """Have a scheduled action sleep until a moment that is seconds away.

    :param moment: naive UTC, or False
    :return: whether the moment has come
    """
    wait = moment and moment - fields.Datetime.now()
    if not moment or wait > SHORT_WAIT or "ir_cron_progress_id" not in env.context:
        return False
    env["ir.cron"]._commit_progress()  # no transaction stays open meanwhile
    time.sleep(max(wait.total_seconds(), 0))
    return True


def lock_rows(records):
    """Make concurrent changes of these records wait for each other.

    The second transaction starts again, because Odoo repeats requests that PostgreSQL cannot
    serialize, and then sees what the first one did.
    """
    _lock(records, "")


def lock_free_rows(records):
    """Lock and return those of these records that no other transaction is changing."""
    ids = _lock(records, "SKIP LOCKED")
    return records.filtered(lambda record: record.id in ids)


def _lock(records, waiting):
    """Lock records that others may still refer to, and return the ids.

    Whoever has locked a record can write on it without a collision, which Odoo would log with the
    values that were to be written. The collision of the lock itself is repeated and not logged.
    """
    if not records:
        return set()
    query = SQL(
        "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE %s",
        SQL.identifier(records._table),
        records._ids,
        SQL(waiting),
    )
    records.env.cr.execute(query, log_exceptions=False)
    return {record_id for (record_id,) in records.env.cr.fetchall()}


def touch_rows(records):
    """Make concurrent transactions that work on these records start again, so that they see what
    this one adds. A lock does not: after its release it stops nobody."""
    if records:
        query = "UPDATE %s SET write_date = write_date WHERE id IN %s"
        query = SQL(query, SQL.identifier(records._table), records._ids)
        records.env.cr.execute(query, log_exceptions=False)


def delete_batch(model, domain):
    """Delete up to DELETE_BATCH records; for a method of Odoo's autovacuum to return.

    :return: the number of deleted records, and 1 when there may be more, else 0
    """
    records = model.search(domain, limit=DELETE_BATCH)
    records.unlink()
    return len(records), int(len(records) == DELETE_BATCH)


def format_quantity(env, quantity):
    """Return a quantity in the user's language; whole numbers get no decimals."""
    digits = env["decimal.precision"].precision_get("Product Unit")
    is_whole = not float_compare(quantity, round(quantity), precision_digits=digits)
    return formatLang(env, quantity, digits=0 if is_whole else digits)
