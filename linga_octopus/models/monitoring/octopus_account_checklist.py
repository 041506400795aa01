"""The set-up of an account as a checklist that knows the real state, each item with its fix."""

from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.http import db_list

# Orders are asked for every five minutes.
LATE = timedelta(minutes=15)


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    def _compute_checklist(self):
        for account in self:
            account.checklist = account.id and [
                *account._check_connection(),
                *account._check_warehouses(),
                *account._check_catalog(),
                *account._check_orders(),
                *account._check_server(),
            ]

    # === ITEMS === #

    def _check_connection(self):
        mapped = self.location_ids.filtered("warehouse_id")
        settings = {"tab": "settings", "label": self.env._("Open Settings")}
        yield self._checklist_item(
            "connection",
            self.state == "connected",
            self.env._("Connected to Octopus"),
            self.state_message
            or self.env._("Enter the Merchant Name and the Access ID, then press Save & Test."),
            settings | {"field": "merchant_name"},
        )
        yield self._checklist_item(
            "locations",
            mapped,
            self.env._("Locations have a warehouse"),
            self.env._("Choose the warehouse whose stock each Octopus location shows."),
            settings | {"field": "location_ids"},
        )
        if self._has_twin():
            yield self._checklist_item(
                "twin",
                False,
                self.env._("One store for each merchant"),
                self.env._(
                    "Another store here uses the same merchant: both would send their stock and "
                    "take every order. Unsubscribe one of the two."
                ),
                {
                    "action": "linga_octopus.octopus_account_action",
                    "label": self.env._("Manage Integrations"),
                },
                is_warning=True,
            )

    def _check_warehouses(self):
        # Not forbidden: whose channels never add locations up may want it.
        mapped = self.location_ids.filtered("warehouse_id")
        if len(mapped.warehouse_id) < len(mapped):
            yield self._checklist_item(
                "shared_warehouse",
                False,
                self.env._("Each location has a warehouse of its own"),
                self.env._(
                    "Two Octopus locations show the stock of one warehouse, so the same goods can "
                    "be sold twice. Choose another warehouse for one of them, or none."
                ),
                {
                    "tab": "settings",
                    "field": "location_ids",
                    "label": self.env._("Open Settings"),
                },
                is_warning=True,
            )

    def _check_catalog(self):
        yield self._checklist_item(
            "categories",
            self.last_categories_sync,
            self.env._("Categories sent"),
            self.env._("Press Sync Categories to send them for the first time."),
            {"method": "action_sync_categories", "label": self.env._("Sync Categories")},
        )
        yield self._checklist_item(
            "products",
            self.last_products_sync,
            self.env._("Products sent"),
            self.env._("Press Sync Products to send them for the first time."),
            {"method": "action_sync_products", "label": self.env._("Sync Products")},
        )
        yield self._checklist_item(
            "stock",
            self.last_stock_sync and self.auto_stock_sync,
            self.env._("Stock sent, changes follow by themselves"),
            self.env._("Press Sync Stocks: from then on every change is sent by itself."),
            {"method": "action_sync_stocks", "label": self.env._("Sync Stocks")},
        )
        yield self._checklist_item(
            "pos_stock",
            self.company_id.point_of_sale_update_stock_quantities == "real",
            self.env._("Tills take sold products out of stock at once"),
            self.env._(
                "The tills do it only when their session is closed, so your channels sell what is "
                "gone. Press the button: sessions opened from then on do it in real time."
            ),
            {
                "method": "action_take_stock_in_real_time",
                "label": self.env._("Take Stock in Real Time"),
            },
            is_warning=True,
        )

    def _check_orders(self):
        late = fields.Datetime.now() - LATE
        yield self._checklist_item(
            "tills",
            self.pos_config_ids,
            self.env._("Tills show the online orders"),
            self.env._("Choose the points of sale that show this store's online orders."),
            {
                "tab": "settings",
                "field": "pos_config_ids",
                "label": self.env._("Open Settings"),
            },
            is_warning=True,
        )
        yield self._checklist_item(
            "poll",
            self.last_orders_sync and self.last_orders_sync > late,
            self.env._("Orders are asked for every few minutes"),
            self.env._("No order check has ended in the last 15 minutes."),
            {"method": "action_fetch_orders", "label": self.env._("Fetch Orders")},
        )
        yield self._checklist_item(
            "webhook",
            self.webhook_seen_at,
            self.env._("Octopus calls when an order is placed"),
            self._webhook_hint(),
            {
                "tab": "settings",
                "field": "webhook_url",
                "label": self.env._("Webhook Address"),
            },
            is_warning=True,
        )

    def _webhook_hint(self):
        hint = self.env._(
            "Register the webhook address in the Octopus admin page: orders then arrive within "
            "seconds instead of minutes."
        )
        # Without a cookie, Odoo cannot tell which of several databases a call is for.
        if not self.webhook_seen_at and len(db_list(force=True, host=self._own_host())) > 1:
            hint += " " + self.env._(
                "This server has several databases: the proxy in front of it has to set the "
                "header X-Odoo-Database, or Octopus gets the answer 404."
            )
        return hint

    def _own_host(self):
        root = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return urlsplit(root).netloc

    def _has_twin(self):
        """Tell whether a store of any company uses the same merchant."""
        if not self.merchant_name:
            return False
        # Also of companies that the user does not see: both would sell the same stock.
        return bool(
            self.env["octopus.account"]
            .sudo()
            .search_count(
                [
                    ("id", "!=", self.id),
                    ("state", "!=", "unsubscribed"),
                    ("base_url", "=", self.base_url),
                    ("merchant_name", "=ilike", self.merchant_name),
                ],
                limit=1,
            )
        )

    @api.model
    def _checklist_item(self, name, is_done, title, text, fix, is_warning=False):
        """Return an item of the checklist.

        :param text: what to do when it is not done
        :param dict fix: with a label, where that is done: `method` of the account, `action`
            (XML id) or `tab` of the settings page with its `field`
        :param is_warning: the store can work without it, less well
        """
        if is_done:
            return {"name": name, "state": "done", "title": title}
        state = "warning" if is_warning else "todo"
        return {"name": name, "state": state, "title": title, "text": text, "fix": fix}

    # === ACTION METHODS === #

    def action_take_stock_in_real_time(self):
        """Have the tills of the company take sold products out of stock at once."""
        self.ensure_one()
        self.check_access("write")
        # Odoo hides this setting outside developer mode. It is one of the tills, which whoever
        # administers them may decide; sessions that are open now keep to what they began with.
        self.company_id.sudo().point_of_sale_update_stock_quantities = "real"
        return self._notification(
            "success",
            self.env._("Sessions opened from now on take sold products out of stock at once."),
        )
