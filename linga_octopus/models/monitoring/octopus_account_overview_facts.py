"""What the first page says of a store besides its sales: what is short, how fast, what is next."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CRONS = {
    "catalog": "linga_octopus.ir_cron_octopus_catalog",
    "orders": "linga_octopus.ir_cron_octopus_order_poll",
    "stock_check": "linga_octopus.ir_cron_octopus_stock_check",
}
# So many products are read at a glance; the button leads to the rest.
SHOWN = 5


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _compute_overview_facts(self):
        """Gather the facts of all accounts, each kind in one query."""
        differences = dict(
            self.env["octopus.stock.difference"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        oversold = self._read_oversold()
        speeds = self._read_speeds()
        rates = self._read_rates()
        next_calls = self._read_next_calls()
        for account in self:
            account.difference_count = differences.get(account, 0)
            account.overview_facts = {
                "oversold": oversold.get(account.id, []),
                "speed": account._describe_duration(speeds.get(account.id)),
                "rate": rates.get(account.id),
                "syncs": account._describe_syncs(next_calls),
            }

    # === WHAT IS SHORT === #

    def _read_oversold(self):
        """Return, by account, the products below zero that open orders wait for."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT orders.account_id, line.product_id, stock.quantity,
                          count(DISTINCT orders.id)
                     FROM octopus_order orders
                     JOIN octopus_order_line line ON line.order_id = orders.id
                     JOIN stock_warehouse warehouse ON warehouse.id = orders.warehouse_id
                     JOIN stock_location shelf ON shelf.id = warehouse.lot_stock_id
                     JOIN LATERAL (
                          SELECT sum(quant.quantity) AS quantity
                            FROM stock_quant quant
                            JOIN stock_location place ON place.id = quant.location_id
                           WHERE quant.product_id = line.product_id
                             AND place.parent_path LIKE shelf.parent_path || '%%'
                          ) stock ON stock.quantity < 0
                    WHERE orders.status = 'take_action' AND orders.is_oversold
                      AND orders.account_id IN %(accounts)s
                 GROUP BY orders.account_id, line.product_id, stock.quantity
                 ORDER BY stock.quantity""",
                accounts=self._ids or (0,),
            )
        )
        # Only the names: who sees the overview need not see every product.
        products_sudo = self.env["product.product"].sudo().browse(row[1] for row in rows)
        names = {product.id: product.display_name for product in products_sudo}
        found = {}
        for account_id, product_id, quantity, orders in rows:
            found.setdefault(account_id, []).append(
                {
                    "id": product_id,
                    "name": names[product_id],
                    "quantity": float(quantity),
                    "orders": orders,
                }
            )
        return {account_id: products[:SHOWN] for account_id, products in found.items()}

    def action_open_orders_of_product(self, product_id):
        """List the open orders that wait for a product."""
        return self._open_orders(
            Domain("status", "=", "take_action") & Domain("line_ids.product_id", "=", product_id)
        )

    # === HOW FAST, HOW CLOSE === #

    def _read_speeds(self):
        """Return, by account, the median seconds from placed to closed of the last 7 days."""
        self.env["octopus.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT account_id, percentile_cont(0.5) WITHIN GROUP (
                              ORDER BY extract(epoch FROM closed_at - transaction_time))
                     FROM octopus_order
                    WHERE account_id IN %(accounts)s AND status = 'completed'
                      AND closed_at > %(since)s AND closed_at >= transaction_time
                 GROUP BY account_id""",
                accounts=self._ids or (0,),
                since=fields.Datetime.now() - timedelta(days=7),
            )
        )
        return dict(rows)

    def _describe_duration(self, seconds):
        """Return a length of time in its two largest units; False without one."""
        if seconds is None:
            return False
        minutes = max(1, round(float(seconds) / 60))
        if minutes < 60:
            return self.env._("%(minutes)s min", minutes=minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 48:
            return self.env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
        days, hours = divmod(hours, 24)
        return self.env._("%(days)s days %(hours)s h", days=days, hours=hours)

    def _read_rates(self):
        """Return, by account, the calls allowed in a minute and the fewest left in a day."""
        groups = self.env["octopus.sync.run"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("rate_limit", ">", 0),
                ("create_date", ">", fields.Datetime.now() - timedelta(days=1)),
            ],
            ["account_id"],
            ["rate_limit:max", "rate_left:min"],
        )
        return {
            account.id: {
                "limit": limit,
                "left": left,
                "percent": round(100 * left / limit),
            }
            for account, limit, left in groups
        }

    # === WHAT IS NEXT === #

    def _read_next_calls(self):
        # When the scheduled actions run is no secret.
        return {
            name: fields.Datetime.to_string(self.env.ref(xmlid).sudo().nextcall)
            for name, xmlid in CRONS.items()
        }

    def _describe_syncs(self, next_calls):
        """Return of each kind when it was done last, and when or how it is done next."""
        by_hand = self.env._("when you press Sync")
        by_itself = self.env._("with every change")
        catalog = next_calls["catalog"] if self.auto_catalog_sync else by_hand
        latest = self.sync_status or {}
        kinds = [
            ("categories", self.env._("Categories"), self.last_categories_sync, catalog),
            ("products", self.env._("Products"), self.last_products_sync, catalog),
            (
                "stock",
                self.env._("Stock"),
                self.last_stock_sync,
                by_itself if self.auto_stock_sync else by_hand,
            ),
            ("orders", self.env._("Orders"), self.last_orders_sync, next_calls["orders"]),
            (
                "stock_check",
                self.env._("Stock Check"),
                latest.get("stock_check", {}).get("ended_at"),
                next_calls["stock_check"]
                if self.auto_stock_sync
                else self.env._("when you press it"),
            ),
            (
                "order_check",
                self.env._("Daily Tie-Out"),
                latest.get("order_check", {}).get("ended_at"),
                self.env._("every night")
                if self.order_check_nightly
                else self.env._("when you ask"),
            ),
        ]
        is_connected = self.state == "connected"
        return [
            {
                "kind": kind,
                "label": label,
                "last": last and fields.Datetime.to_string(fields.Datetime.to_datetime(last)),
                "next": following if is_connected else self.env._("when connected"),
            }
            for kind, label, last, following in kinds
        ]
