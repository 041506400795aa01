from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

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
PENDING = SQL("octopus_stock_pending pending JOIN (%s) ON level.id = pending.level_id", WRITABLE)
# Accounts whose changes go out by themselves.
AUTOMATIC = SQL(
    """account.active AND account.auto_stock_sync AND account.state IN ('connected', 'error')"""
)
# What Octopus answered could be asked again: a crash of the database that forgets the last half
# second makes the worker send these numbers once more (see `_record_sending`). So the commits of
# answers need not wait for the disk.
NO_WAIT = SQL("SET LOCAL synchronous_commit TO OFF")
# So many new levels make PostgreSQL's idea of the tables useless, and its plans quadratic, until
# autovacuum comes around.
ANALYZE_ABOVE = 500


class LevelRow(NamedTuple):
    """A level as the worker reads it."""

    id: int
    location_id: int
    location_ref: str
    product_id: int | None  # None: the variant was deleted
    item_ref: str
    pushed: int | None  # what Octopus was last told; None: nothing yet
    resend: bool
    snapshot: int | None  # what Octopus had at the dry run

    def differs_from(self, number):
        """Return whether Octopus has, as far as we know, another number."""
        return self.resend or self.pushed != number


class OctopusStockLevel(models.Model):
    """What Octopus was last told of a variant's stock at one of its locations.

    Written by the stock worker only (see `octopus.stock.event`).
    """

    _name = "octopus.stock.level"
    _description = "Octopus Stock Level"
    _order = "location_id, id"
    _rec_name = "variant_id"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)
    variant_id = fields.Many2one("octopus.variant", required=True, ondelete="cascade")
    location_id = fields.Many2one(
        "octopus.location", "Octopus Location", required=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="variant_id.product_id", string="Product")
    warehouse_id = fields.Many2one(related="location_id.warehouse_id")
    quantity = fields.Integer("Last Sent", readonly=True)
    pushed_at = fields.Datetime("Sent At", readonly=True)
    run_id = fields.Many2one(
        "octopus.sync.run",
        "Sent By",
        readonly=True,
        ondelete="set null",
        help="The pass that sent the number; empty when it went out by itself.",
    )
    pending_ids = fields.One2many("octopus.stock.pending", "level_id", "To Send", readonly=True)
    resend = fields.Boolean(
        readonly=True,
        help="Octopus may have another number than the last sent: send also an unchanged one.",
        export_string_translation=False,
    )
    error = fields.Text("Problem", readonly=True)
    snapshot = fields.Integer(
        "Before the First Sync", readonly=True, help="What Octopus had at the last dry run."
    )
    has_snapshot = fields.Boolean(readonly=True, export_string_translation=False)

    _level_uniq = models.Constraint(
        "UNIQUE(variant_id, location_id)", "A variant has one level at a location."
    )
    _account_idx = models.Index("(account_id, id)")

    def init(self):
        # Every change rewrites a row. With room left in its page that touches no index.
        self.env.cr.execute("ALTER TABLE octopus_stock_level SET (fillfactor = 60)")

    # === MARKING === #

    @api.model
    def _mark_pending(self, variants):
        """Have the levels of these `octopus.variant` records sent soon.

        For other models: it only records the wish, the stock worker does the rest.
        """
        self.env["octopus.stock.event"].sudo()._record_products(variants.product_id)

    @api.model
    def _mark(self, touched):
        """Mark the levels of touched (product, warehouse) ids to be sent; for the worker."""
        # In order, so that what is sent together lies together.
        product_ids, warehouse_ids = map(list, zip(*sorted(touched), strict=True))
        missing = self.env.execute_query(
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
        if missing:
            product_ids, warehouse_ids = map(list, zip(*missing, strict=True))
            self._mark_levels(
                self._create_missing(
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

    @api.model
    def _doubt(self, touched):
        """Have the numbers of touched (product, warehouse) ids sent even if they are what Octopus
        was told last; for the worker."""
        if not touched:
            return
        product_ids, warehouse_ids = map(list, zip(*touched, strict=True))
        self.env.cr.execute(
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
        self.env.invalidate_all()

    @api.model
    def _mark_levels(self, level_ids):
        """Mark these levels to be sent; for the worker."""
        if not level_ids:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_stock_pending (level_id) SELECT unnest(%s)
                       ON CONFLICT DO NOTHING""",
                list(level_ids),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _create_missing(self, condition):
        """Make the levels of variants in Octopus at mapped locations that do not exist yet, and
        return their ids; what is not kept in stock gets none.

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
                self.env["product.template"]._octopus_kit_ids(),
                condition,
            )
        )
        if len(created) > ANALYZE_ABOVE:
            self.env.cr.execute("ANALYZE octopus_stock_level, octopus_variant")
        self.invalidate_model()
        return [level_id for (level_id,) in created]

    # === READING AND WRITING FOR THE WORKER === #

    @api.model
    def _accounts_ready(self):
        """Return the accounts that have changed levels which could be sent now."""
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
                           WHERE level.account_id = account.id
                           ORDER BY pending.id LIMIT 1
                     ) waiting ON TRUE
                    WHERE %s AND (account.stock_resume_at IS NULL OR account.stock_resume_at <= %s)
                    ORDER BY account.id""",
                AUTOMATIC,
                fields.Datetime.now(),
            )
        )
        return self.env["octopus.account"].browse(account_id for (account_id,) in found)

    @api.model
    def _read_pending(self, account, limit):
        """Return LevelRows of the account's changed levels, the oldest changes first."""
        return self._read_rows(
            SQL(
                "FROM %s WHERE level.account_id = %s ORDER BY pending.id LIMIT %s",
                PENDING,
                account.id,
                limit,
            )
        )

    @api.model
    def _read_after(self, account, level_id, limit):
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

    @api.model
    def _read_rows(self, source):
        self.flush_model()
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

    @api.model
    def _settle(self, level_ids):
        """Record that these levels need not be sent any more."""
        self.env.cr.execute(
            SQL("DELETE FROM octopus_stock_pending WHERE level_id = ANY(%s)", level_ids)
        )
        self.env.invalidate_all()

    @api.model
    def _record_sending(self, rows):
        """Make permanent, before they are sent, that Octopus may have other numbers of these
        levels than the last that it accepted.

        Whatever happens to the answer, from then on even the number of before is sent.
        """
        level_ids = [row.id for row in rows if row.pushed is not None and not row.resend]
        if not level_ids:
            return
        self.env.cr.execute(
            SQL("UPDATE octopus_stock_level SET resend = TRUE WHERE id = ANY(%s)", level_ids)
        )
        self.env.invalidate_all()
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _record_accepted(self, numbers, run):
        """Record the numbers that Octopus accepted, by level id."""
        self._write_answers(
            list(numbers),
            list(numbers.values()),
            SQL(
                """quantity = answer.value, pushed_at = %s, run_id = %s,
                   error = NULL, resend = FALSE""",
                fields.Datetime.now(),
                run.id if run else None,
            ),
        )

    @api.model
    def _record_refused(self, errors):
        """Record what Octopus said of the levels that it refused, by level id.

        They are sent again with their next change, with Sync Stocks, or after the nightly check.
        """
        self._write_answers(list(errors), list(errors.values()), SQL("error = answer.value"))

    @api.model
    def _forget_refusals(self, level_ids):
        """Forget what Octopus said of levels that it refused but has the right number of."""
        self.env.cr.execute(
            SQL(
                """UPDATE octopus_stock_level SET error = NULL
                    WHERE id = ANY(%s) AND error IS NOT NULL""",
                list(level_ids),
            )
        )
        self.env.invalidate_all()

    @api.model
    def _write_answers(self, level_ids, values, assignments):
        if not level_ids:
            return
        self.env.cr.execute(
            SQL(
                """%s;
                   WITH answer AS (SELECT * FROM unnest(%s, %s) AS answer(level_id, value)),
                        settled AS (
                            DELETE FROM octopus_stock_pending pending USING answer
                             WHERE pending.level_id = answer.level_id
                        )
                   UPDATE octopus_stock_level level SET %s
                     FROM answer
                    WHERE level.id = answer.level_id AND level.id BETWEEN %s AND %s""",
                NO_WAIT,
                level_ids,
                values,
                assignments,
                # Says nothing new, but what is sent together mostly lies together.
                min(level_ids),
                max(level_ids),
            )
        )
        self.env.invalidate_all()
