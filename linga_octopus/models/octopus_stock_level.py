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
# Accounts whose changes go out by themselves.
AUTOMATIC = SQL(
    """account.active AND account.auto_stock_sync AND account.state IN ('connected', 'error')"""
)


class LevelRow(NamedTuple):
    """A level as the worker reads it."""

    id: int
    location_id: int
    location_ref: str
    product_id: int | None  # None: the variant was deleted
    item_ref: str
    pushed: int | None  # what Octopus was last told; None: nothing yet
    resend: bool

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

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True)
    variant_id = fields.Many2one("octopus.variant", required=True, ondelete="cascade", index=True)
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
    pending = fields.Boolean("To Send", readonly=True)
    resend = fields.Boolean(
        readonly=True,
        help="Octopus may have another number than the last sent: send also an unchanged one.",
        export_string_translation=False,
    )
    error = fields.Text("Problem", readonly=True)

    _level_uniq = models.Constraint(
        "UNIQUE(variant_id, location_id)", "A variant has one level at a location."
    )
    _pending_idx = models.Index("(account_id, id) WHERE pending")

    # === MARKING === #

    @api.model
    def _mark_pending(self, variants):
        """Have the levels of these `octopus.variant` records sent soon.

        For other models: it only records the wish, the stock worker does the rest.
        """
        self.env["octopus.stock.event"].sudo()._record_products(variants.product_id)

    @api.model
    def _mark(self, touched):
        """Mark the levels of touched (product, warehouse) ids; for the worker."""
        product_ids, warehouse_ids = map(list, zip(*touched, strict=True))
        self._upsert(
            SQL(
                """JOIN unnest(%s, %s) AS touched(product_id, warehouse_id)
                     ON touched.product_id = variant.product_id
                    AND touched.warehouse_id = location.warehouse_id
                  WHERE %s""",
                product_ids,
                warehouse_ids,
                AUTOMATIC,
            ),
            pending=True,
        )

    @api.model
    def _ensure(self, account):
        """Make the levels of all variants of the account at its mapped locations."""
        self._upsert(SQL("WHERE account.id = %s", account.id), pending=False)

    @api.model
    def _upsert(self, condition, *, pending):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO octopus_stock_level AS level
                       (account_id, company_id, variant_id, location_id, pending,
                        create_uid, create_date)
                   SELECT account.id, account.company_id, variant.id, location.id, %(pending)s,
                          %(uid)s, %(now)s
                     FROM octopus_account account
                     JOIN octopus_variant variant ON variant.account_id = account.id
                      AND variant.inventory_item_ref IS NOT NULL
                     JOIN octopus_location location ON location.account_id = account.id
                      AND location.active AND location.warehouse_id IS NOT NULL
                     %(condition)s
                       ON CONFLICT (variant_id, location_id) DO UPDATE SET pending = TRUE
                    WHERE EXCLUDED.pending AND NOT level.pending""",
                pending=pending,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                condition=condition,
            )
        )
        self.invalidate_model()

    # === READING AND WRITING FOR THE WORKER === #

    @api.model
    def _count_ready(self):
        """Return how many changed levels could be sent now."""
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) %s", self._ready()))
        return count

    @api.model
    def _ready(self):
        """Return the FROM and WHERE of the changed levels that could be sent now."""
        return SQL(
            """FROM %s WHERE level.pending AND %s
                AND (account.stock_resume_at IS NULL OR account.stock_resume_at <= %s)""",
            WRITABLE,
            AUTOMATIC,
            fields.Datetime.now(),
        )

    @api.model
    def _accounts_ready(self):
        """Return the accounts that have changed levels which could be sent now."""
        found = self.env.execute_query(SQL("SELECT DISTINCT level.account_id %s", self._ready()))
        return self.env["octopus.account"].browse(account_id for (account_id,) in found)

    @api.model
    def _read_rows(self, account, condition, limit):
        """Return LevelRows of the account, in the order of their ids."""
        self.flush_model()
        return [
            LevelRow(*row)
            for row in self.env.execute_query(
                SQL(
                    """SELECT level.id, level.location_id, location.octopus_ref,
                              variant.product_id, variant.inventory_item_ref,
                              CASE WHEN level.pushed_at IS NOT NULL THEN level.quantity END,
                              level.resend
                         FROM %s
                        WHERE level.account_id = %s AND %s ORDER BY level.id LIMIT %s""",
                    WRITABLE,
                    account.id,
                    condition,
                    limit,
                )
            )
        ]

    @api.model
    def _settle(self, level_ids):
        """Record that these levels need not be sent."""
        self.env.cr.execute(
            SQL("UPDATE octopus_stock_level SET pending = FALSE WHERE id = ANY(%s)", level_ids)
        )
        self.invalidate_model()

    @api.model
    def _record_accepted(self, numbers, run):
        """Record the numbers that Octopus accepted, by level id."""
        self._write_answers(
            SQL(
                """quantity = answer.value, pushed_at = %s, run_id = %s,
                   error = NULL, resend = FALSE""",
                fields.Datetime.now(),
                run.id if run else None,
            ),
            SQL("unnest(%s, %s)", list(numbers), list(numbers.values())),
        )

    @api.model
    def _record_refused(self, errors):
        """Record what Octopus said of the levels that it refused, by level id.

        They are sent again with their next change, with Sync Stocks, or after the nightly check.
        """
        self._write_answers(
            SQL("error = answer.value"),
            SQL("unnest(%s, %s)", list(errors), list(errors.values())),
        )

    @api.model
    def _write_answers(self, assignments, answers):
        self.env.cr.execute(
            SQL(
                """UPDATE octopus_stock_level level SET pending = FALSE, %s
                     FROM %s AS answer(level_id, value) WHERE level.id = answer.level_id""",
                assignments,
                answers,
            )
        )
        self.invalidate_model()
