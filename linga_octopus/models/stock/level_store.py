"""The SQL of stock levels: which ones to send, and the answers of Octopus.

Only the stock worker changes stock levels, and only one of it runs at a time on all servers of the
database, so none of these statements waits for a lock.
"""

from dataclasses import dataclass
from typing import NamedTuple

from odoo import fields
from odoo.api import Environment
from odoo.tools import SQL

from ..catalog.kits import kit_template_ids

# Levels that may be written to: an Octopus location without a warehouse is never touched.
WRITABLE = SQL(
    """octopus_stock_level level
       JOIN octopus_account account ON account.id = level.account_id
       JOIN octopus_variant variant
         ON variant.id = level.variant_id AND variant.inventory_item_ref IS NOT NULL
       JOIN octopus_location location
         ON location.id = level.location_id
        AND location.active AND location.warehouse_id IS NOT NULL"""
)
# A location that got its warehouse later waits for Sync Stocks.
IS_AUTOMATIC = SQL("location.is_first_sync_due IS NOT TRUE")
PENDING = SQL("octopus_stock_pending pending JOIN (%s) ON level.id = pending.level_id", WRITABLE)
# Accounts whose changes are sent automatically.
AUTOMATIC = SQL(
    """account.active AND account.auto_stock_sync AND account.state IN ('connected', 'error')"""
)
# A crash of the database may lose the last half second of answers. The worker then sends these
# numbers once more (see `save_sending`), so the commits of answers need not wait for the disk.
NO_WAIT = SQL("SET LOCAL synchronous_commit TO OFF")
# After so many new levels PostgreSQL's statistics mislead it into quadratic plans, until
# autovacuum renews them.
ANALYZE_ABOVE = 500


class LevelRow(NamedTuple):
    """A level as the worker reads it."""

    id: int
    location_id: int
    location_ref: str
    product_id: int | None  # None: the variant was deleted
    item_ref: str
    pushed: int | None  # the number that Octopus accepted last; None: none yet
    resend: bool
    snapshot: int | None  # the number in Octopus at the dry run

    def differs_from(self, number):
        """Return whether Octopus has another number, or may have one."""
        return self.resend or self.pushed != number


@dataclass(frozen=True)
class LevelStore:
    """Reads and writes the stock levels of all stores in few statements.

    :param env: with the rights of the worker
    """

    env: Environment

    # === MARKING === #

    def mark_touched(self, touched):
        """Mark the levels of touched (product, warehouse) ids to be sent."""
        # In order, so that levels which are sent together lie together.
        product_ids, warehouse_ids = map(list, zip(*sorted(touched), strict=True))
        missing = self._mark_existing(product_ids, warehouse_ids)
        if missing:
            product_ids, warehouse_ids = map(list, zip(*missing, strict=True))
            self.mark(
                self.create_missing(
                    SQL(
                        """(variant.product_id, location.warehouse_id)
                           IN (SELECT * FROM unnest(%s, %s)) AND %s""",
                        product_ids,
                        warehouse_ids,
                        AUTOMATIC,
                    )
                )
            )
        self.env.invalidate_all()

    def _mark_existing(self, product_ids, warehouse_ids):
        """Mark the levels that exist; return the (product, warehouse) ids of all others."""
        return self.env.execute_query(
            SQL(
                """WITH touched AS (
                        SELECT changed.*, level.id AS level_id
                          FROM unnest(%s, %s) AS changed(product_id, warehouse_id)
                          JOIN octopus_variant variant
                            ON variant.product_id = changed.product_id
                           AND variant.inventory_item_ref IS NOT NULL
                          JOIN octopus_account account ON account.id = variant.account_id AND %s
                          JOIN octopus_location location
                            ON location.account_id = account.id AND location.active
                           AND location.warehouse_id = changed.warehouse_id
                          LEFT JOIN octopus_stock_level level
                            ON level.variant_id = variant.id AND level.location_id = location.id
                   ), marked AS (
                        INSERT INTO octopus_stock_pending (level_id)
                        SELECT level_id FROM touched WHERE level_id IS NOT NULL
                            ON CONFLICT DO NOTHING
                   )
                   SELECT product_id, warehouse_id FROM touched WHERE level_id IS NULL""",
                product_ids,
                warehouse_ids,
                AUTOMATIC,
            )
        )

    def mark_resend(self, touched):
        """Have the numbers of touched (product, warehouse) ids sent even if they are those that
        Octopus accepted last."""
        if not touched:
            return
        product_ids, warehouse_ids = map(list, zip(*touched, strict=True))
        self._change(
            SQL(
                """UPDATE octopus_stock_level level SET resend = TRUE
                     FROM octopus_variant variant, octopus_location location,
                          unnest(%s, %s) AS changed(product_id, warehouse_id)
                    WHERE variant.id = level.variant_id AND location.id = level.location_id
                      AND variant.product_id = changed.product_id
                      AND location.warehouse_id = changed.warehouse_id""",
                product_ids,
                warehouse_ids,
            )
        )

    def mark(self, level_ids):
        """Mark these levels to be sent."""
        if level_ids:
            self._change(
                SQL(
                    """INSERT INTO octopus_stock_pending (level_id) SELECT unnest(%s)
                           ON CONFLICT DO NOTHING""",
                    list(level_ids),
                )
            )

    def settle(self, level_ids):
        """Record that these levels need not be sent any more."""
        self._change(SQL("DELETE FROM octopus_stock_pending WHERE level_id = ANY(%s)", level_ids))

    def create_missing(self, condition):
        """Create the missing levels of variants in Octopus at mapped locations, and return their
        ids. Products that are not kept in stock get none.

        :param SQL condition: on `account`, `variant` and `location`
        """
        self.env.flush_all()
        created = self.env.execute_query(
            SQL(
                """INSERT INTO octopus_stock_level
                       (account_id, company_id, variant_id, location_id, create_uid, create_date)
                   SELECT account.id, account.company_id, variant.id, location.id, %s, %s
                     FROM octopus_account account
                     JOIN octopus_variant variant ON variant.account_id = account.id
                      AND variant.inventory_item_ref IS NOT NULL
                     JOIN octopus_location location ON location.account_id = account.id
                      AND location.active AND location.warehouse_id IS NOT NULL
                     JOIN product_product product ON product.id = variant.product_id
                     JOIN product_template template ON template.id = product.product_tmpl_id
                      AND (template.is_storable OR template.id = ANY(%s))
                    WHERE %s
                      AND NOT EXISTS (
                          SELECT FROM octopus_stock_level level
                           WHERE level.variant_id = variant.id AND level.location_id = location.id
                      )
                    ORDER BY location.id, variant.id
                RETURNING id""",
                self.env.uid,
                fields.Datetime.now(),
                kit_template_ids(self.env),
                condition,
            )
        )
        if len(created) > ANALYZE_ABOVE:
            self.env.cr.execute("ANALYZE octopus_stock_level, octopus_variant")
        self.env["octopus.stock.level"].invalidate_model()
        return [level_id for (level_id,) in created]

    # === READING === #

    def accounts_ready(self):
        """Return the accounts with changed levels that could be sent now."""
        # LIMIT 1 instead of EXISTS: PostgreSQL plans for the first row instead of for all. In the
        # order of an index, which remembers which rows are gone.
        found = self.env.execute_query(
            SQL(
                """SELECT account.id
                     FROM octopus_account account
                     JOIN LATERAL (
                          SELECT FROM octopus_stock_pending pending
                            JOIN octopus_stock_level level ON level.id = pending.level_id
                            JOIN octopus_variant variant
                              ON variant.id = level.variant_id
                             AND variant.inventory_item_ref IS NOT NULL
                            JOIN octopus_location location
                              ON location.id = level.location_id
                             AND location.active AND location.warehouse_id IS NOT NULL
                             AND %s
                           WHERE level.account_id = account.id
                           ORDER BY pending.id LIMIT 1
                     ) waiting ON TRUE
                    WHERE %s AND (account.stock_resume_at IS NULL OR account.stock_resume_at <= %s)
                    ORDER BY account.id""",
                IS_AUTOMATIC,
                AUTOMATIC,
                fields.Datetime.now(),
            )
        )
        return self.env["octopus.account"].browse(account_id for (account_id,) in found)

    def read_pending(self, account, limit):
        """Return LevelRows of the account's changed levels, the oldest changes first."""
        return self._read_rows(
            SQL(
                "FROM %s WHERE level.account_id = %s AND %s ORDER BY pending.id LIMIT %s",
                PENDING,
                account.id,
                IS_AUTOMATIC,
                limit,
            )
        )

    def read_after(self, account, level_id, limit):
        """Return LevelRows of the account's levels in the order of their ids, after `level_id`."""
        return self._read_rows(
            SQL(
                "FROM %s WHERE level.account_id = %s AND level.id > %s ORDER BY level.id LIMIT %s",
                WRITABLE,
                account.id,
                level_id,
                limit,
            )
        )

    def _read_rows(self, source):
        self.env["octopus.stock.level"].flush_model()
        return [
            LevelRow(*row)
            for row in self.env.execute_query(
                SQL(
                    """SELECT level.id, level.location_id, location.octopus_ref,
                              variant.product_id, variant.inventory_item_ref,
                              CASE WHEN level.pushed_at IS NOT NULL THEN level.quantity END,
                              level.resend,
                              CASE WHEN level.has_snapshot THEN level.snapshot END %s""",
                    source,
                )
            )
        ]

    # === SENDING === #

    def begin_sending(self, rows, numbers):
        """Settle the levels that need not be sent, prepare the others, and return those.

        :param dict numbers: the number of each level to send; a level without one is settled
        """
        changed = [row for row in rows if row.id in numbers and row.differs_from(numbers[row.id])]
        changed_ids = {row.id for row in changed}
        self.settle([row.id for row in rows if row.id not in changed_ids])
        self.save_sending(changed)
        return changed

    def save_sending(self, rows):
        """Commit, before these levels are sent, that Octopus may have other numbers of them than
        the last that it accepted.

        Whatever happens to the answer, from then on the worker sends even the number of before.
        """
        level_ids = [row.id for row in rows if row.pushed is not None and not row.resend]
        if level_ids:
            self._change(
                SQL("UPDATE octopus_stock_level SET resend = TRUE WHERE id = ANY(%s)", level_ids)
            )
            self.commit()

    def save_accepted(self, numbers, run):
        """Save the numbers that Octopus accepted, by level id, and log those that are others than
        Octopus had.

        :param run: the sync run that sent them, if any
        """
        now, run_id = fields.Datetime.now(), run.id if run else None
        self._save_answers(
            numbers,
            SQL(
                """quantity = answer.value, pushed_at = %s, run_id = %s,
                   error = NULL, resend = FALSE""",
                now,
                run_id,
            ),
            log=SQL(
                """INSERT INTO octopus_stock_update (account_id, company_id, product_id,
                                                     location_id, previous, quantity, pushed_at,
                                                     run_id)
                   SELECT level.account_id, level.company_id, variant.product_id,
                          level.location_id, level.quantity, answer.value, %s, %s::int4
                     FROM answer
                     JOIN octopus_stock_level level ON level.id = answer.level_id
                     JOIN octopus_variant variant ON variant.id = level.variant_id
                    WHERE %s AND (level.pushed_at IS NULL
                                  OR level.quantity IS DISTINCT FROM answer.value)
                 ORDER BY level.id""",
                now,
                run_id,
                _range(numbers),
            ),
        )

    def save_refused(self, errors):
        """Save the errors of the levels that Octopus refused, by level id.

        They are sent again with their next change, with Sync Stocks, or after the nightly check.
        Perhaps somebody deleted the product in Octopus: the next Sync Products sends it again,
        finds that out, and creates it anew. Once for each error: a level that Octopus always
        refuses would otherwise have its product sent for ever.
        """
        if not errors:
            return
        self._change(
            SQL(
                """UPDATE octopus_product product SET payload_hash = NULL, source_stamp = NULL
                     FROM unnest(%s, %s) AS answer(level_id, value)
                     JOIN octopus_stock_level level
                       ON level.id = answer.level_id AND level.error IS DISTINCT FROM answer.value
                     JOIN octopus_variant variant ON variant.id = level.variant_id
                    WHERE product.id = variant.octopus_product_id
                      AND product.payload_hash IS NOT NULL""",
                list(errors),
                list(errors.values()),
            )
        )
        self._save_answers(errors, SQL("error = answer.value"))

    def _save_answers(self, values, assignments, log=None):
        """Settle levels, and write one value to each.

        :param dict values: by level id
        :param SQL assignments: with `answer.value`
        :param SQL log: inserts rows about `answer`
        """
        if not values:
            return
        self._change(
            SQL(
                """%s;
                   WITH answer AS (SELECT * FROM unnest(%s, %s) AS answer(level_id, value)),
                        settled AS (
                            DELETE FROM octopus_stock_pending pending USING answer
                             WHERE pending.level_id = answer.level_id
                        ),
                        logged AS (%s)
                   UPDATE octopus_stock_level level SET %s
                     FROM answer
                    WHERE level.id = answer.level_id AND %s""",
                NO_WAIT,
                list(values),
                list(values.values()),
                log or SQL("SELECT 1"),
                assignments,
                _range(values),
            )
        )

    def clear_errors(self, level_ids):
        """Clear the errors of levels that Octopus has the right number of."""
        self._change(
            SQL(
                """UPDATE octopus_stock_level SET error = NULL
                    WHERE id = ANY(%s) AND error IS NOT NULL""",
                list(level_ids),
            )
        )

    # === DRY RUN === #

    def clear_snapshot(self, account):
        """Clear the numbers of an earlier dry run: the next one may look at other levels."""
        self._change(
            SQL(
                """UPDATE octopus_stock_level SET has_snapshot = FALSE
                    WHERE account_id = %s AND has_snapshot""",
                account.id,
            )
        )

    def save_snapshot(self, remote):
        """Save the numbers in Octopus, by level id, so that they can be sent back."""
        self._change(
            SQL(
                """UPDATE octopus_stock_level level
                      SET snapshot = remote.available, has_snapshot = TRUE
                     FROM unnest(%s, %s) AS remote(level_id, available)
                    WHERE level.id = remote.level_id""",
                list(remote),
                list(remote.values()),
            )
        )

    def commit(self):
        """Make what was written so far permanent."""
        self.env["ir.cron"]._commit_progress()

    def _change(self, statement):
        self.env.cr.execute(statement)
        self.env.invalidate_all()


def _range(level_ids):
    """Return the condition that repeats which levels an update is about.

    Levels which are sent together mostly lie together. Without it, PostgreSQL reads all levels.
    """
    if not level_ids:
        return SQL("FALSE")
    return SQL("level.id BETWEEN %s AND %s", min(level_ids), max(level_ids))
