from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A Point of Sale that has not said within this time that it has printed is dead: another one may.
CLAIM_LAPSES = timedelta(minutes=2)
# Orders that a Point of Sale claims at a time: it must print them before its claim lapses.
MAX_CLAIMS = 5


class OctopusOrderPrint(models.Model):
    """The packing slip of an order: which Point of Sale prints it or printed it last, and when.

    New orders are printed automatically by one Point of Sale, which claims them first.
    """

    _name = "octopus.order.print"
    _description = "Printed Packing Slip"
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order", "Online Order", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    config_id = fields.Many2one(
        "pos.config", "Point of Sale", required=True, readonly=True, ondelete="cascade"
    )
    printed_at = fields.Datetime("Printed", readonly=True)
    claimed_at = fields.Datetime(
        "Printing Since",
        readonly=True,
        help="When this Point of Sale took the order to print it automatically.",
    )
    failed_at = fields.Datetime(
        "Not Printed", readonly=True, help="When the printer failed; empty once it is printed."
    )

    _order_uniq = models.UniqueIndex("(order_id)", "An order has one packing slip.")

    # === BUSINESS METHODS === #

    @api.model
    def _set_printed(self, config, orders):
        """Save that a Point of Sale has printed the slips of these orders, once more perhaps."""
        for order in orders:
            vals = {
                "config_id": config.id,
                "printed_at": fields.Datetime.now(),
                "claimed_at": False,
                "failed_at": False,
            }
            slip = self.search([("order_id", "=", order.id)])
            if slip:
                slip.write(vals)
            else:
                self.create({**vals, "order_id": order.id, "company_id": order.company_id.id})

    @api.model
    def _to_claim(self, orders, domain):
        """Return those of the orders of a domain that nobody has printed or is printing now, the
        earliest first; `orders` is the model."""
        lapsed = fields.Datetime.now() - CLAIM_LAPSES
        settled = Domain("printed_at", "!=", False) | Domain("claimed_at", ">", lapsed)
        taken = self._search(settled).subselect("order_id")
        return orders.search(domain & Domain("id", "not in", taken), order="id", limit=MAX_CLAIMS)

    @api.model
    def _claim(self, config, orders):
        """Claim orders for a Point of Sale that is about to print them; return those it got.

        Of two that claim at once one collides: Odoo repeats its request, and it gets nothing.
        """
        if not orders:
            return orders
        now = fields.Datetime.now()
        rows = [
            SQL("(%s, %s, %s, %s)", order.id, order.company_id.id, config.id, now)
            for order in orders
        ]
        query = SQL(
            """INSERT INTO octopus_order_print AS slip (order_id, company_id, config_id, claimed_at)
               VALUES %s
                   ON CONFLICT (order_id) DO UPDATE
                  SET config_id = excluded.config_id, claimed_at = excluded.claimed_at
                WHERE slip.printed_at IS NULL
                  AND (slip.claimed_at IS NULL OR slip.claimed_at <= %s)
            RETURNING order_id""",
            SQL(", ").join(rows),
            now - CLAIM_LAPSES,
        )
        self.flush_model()
        # A collision is repeated, and no error for the log.
        self.env.cr.execute(query, log_exceptions=False)
        self.invalidate_model(flush=False)
        return orders.browse(order_id for (order_id,) in self.env.cr.fetchall())

    @api.model
    def _give_up(self, config, orders):
        """Save that the printer of a Point of Sale failed: another one may print these orders."""
        mine = [("order_id", "in", orders.ids), ("config_id", "=", config.id)]
        slips = self.search([*mine, ("printed_at", "=", False)])
        slips.write({"claimed_at": False, "failed_at": fields.Datetime.now()})
        return slips.order_id
