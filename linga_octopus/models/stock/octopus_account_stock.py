from odoo import api, models
from odoo.exceptions import UserError

from .stock_run import waiting_domain
from .worker import StockState, wake_stock_worker


class OctopusAccount(models.Model):
    """What a store shows of its stock, and the buttons of it."""

    _inherit = "octopus.account"

    # === COMPUTE METHODS === #

    def _compute_stock_counts(self):
        levels = self.env["octopus.stock.level"]
        for name, condition in (
            ("stock_pending_count", ("pending_ids", "!=", False)),
            ("stock_error_count", ("error", "!=", False)),
        ):
            counts = dict(
                levels._read_group(
                    [("account_id", "in", self.ids), condition], ["account_id"], ["__count"]
                )
            )
            for account in self:
                account[name] = counts.get(account, 0)

    def _compute_stock_waiting_count(self):
        products = self.env["product.product"]
        for account in self:
            account.stock_waiting_count = products.search_count(waiting_domain(account))

    @api.depends(
        "company_id.point_of_sale_update_stock_quantities", "pos_config_ids", "location_ids"
    )
    def _compute_stock_warning(self):
        for account in self:
            closing = account.company_id.point_of_sale_update_stock_quantities == "closing"
            account.stock_warning = closing and self.env._(
                "The points of sale of %(company)s take sold products out of stock only when their "
                "session is closed, so Octopus hears of these sales late. The checklist has the "
                "button that changes it.",
                company=account.company_id.name,
            )

    # === ACTION METHODS === #

    def action_test_connection(self):
        """Override: after a successful test the stock is sent at once."""
        result = super().action_test_connection()
        StockState(self).clear()
        return result

    def action_push_stock_now(self):
        """Try again at once after a problem."""
        self.check_access("write")
        StockState(self).clear()
        wake_stock_worker(self.sudo().env)
        return self._notification("info", self.env._("The changed stock levels are being sent."))

    def action_restore_stock(self):
        """Send back the levels that Octopus had at the dry run, and stop the automatic sending."""
        self.ensure_one()
        self.check_access("write")
        runs = self.env["octopus.sync.run"]
        run = runs._queue(self, "stock") if self.stock_snapshot_at else runs
        if not run:
            raise UserError(
                self.env._("There is nothing to send back: no dry run was made (Check Stock).")
            )
        if run.started_at:
            raise UserError(self.env._("Stop the stock sync that is running first."))
        self.auto_stock_sync = False
        run.cursor = {"restore": True}
        return self._notification(
            "info", self.env._("The stock levels of before the first sync are being sent back.")
        )

    def action_open_stock_waiting(self):
        """List the products whose stock waits for Sync Products."""
        self.ensure_one()
        self.check_access("read")
        waiting = self.env["product.product"].search(waiting_domain(self))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Products Waiting for Sync Products"),
            "res_model": "product.product",
            "view_mode": "list,form",
            # Ids, because not every user may search the bindings that the domain depends on.
            "domain": [("id", "in", waiting.ids)],
        }

    def action_open_stock_levels(self):
        """List the stock levels of the store."""
        return self._action_of_account("linga_octopus.octopus_stock_level_action")

    def action_open_stock_differences(self):
        """List the differences that checks have found; from the overview, those to review."""
        action = self._action_of_account("linga_octopus.octopus_stock_difference_action")
        if self.env.context.get("octopus_to_decide"):
            action["context"] = {"search_default_open": 1}
        return action
