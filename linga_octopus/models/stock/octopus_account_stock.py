from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import RETRY_DELAYS
from ...lib.octopus_api.errors import OctopusAuthError, OctopusForbidden, OctopusRateLimited
from ..sync import rate_budget


class OctopusAccount(models.Model):
    """The account's rules for stock, and how its stock worker fares."""

    _inherit = "octopus.account"

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
            account.stock_waiting_count = products.search_count(account._stock_waiting_domain())

    @api.depends(
        "company_id.point_of_sale_update_stock_quantities", "pos_config_ids", "location_ids"
    )
    def _compute_stock_warning(self):
        for account in self:
            closing = account.company_id.point_of_sale_update_stock_quantities == "closing"
            account.stock_warning = closing and self.env._(
                "The tills of %(company)s take sold products out of stock only when their "
                "session is closed, so Octopus hears of these sales late. The checklist has the "
                "button that changes it.",
                company=account.company_id.name,
            )

    # === ACTION METHODS === #

    def action_push_stock_now(self):
        """Try again at once after a problem."""
        self.check_access("write")
        self._stock_clear_wait()
        self.env["octopus.stock.event"].sudo()._trigger_worker()
        return self._notification("info", self.env._("The changed stock levels are on their way."))

    def action_restore_stock(self):
        """Send back the levels that Octopus had at the dry run, and nothing from then on."""
        self.ensure_one()
        self.check_access("write")
        runs = self.env["octopus.sync.run"]
        run = runs._queue(self, "stock") if self.stock_snapshot_at else runs
        if not run:
            raise UserError(
                self.env._("There is nothing to send back: no dry run was made (Check Stock).")
            )
        if run.started_at:
            raise UserError(self.env._("Stop the stock pass that is under way first."))
        self.auto_stock_sync = False
        run.cursor = {"restore": True}
        return self._notification(
            "info", self.env._("The stock levels of before the first sync are on their way.")
        )

    def action_open_stock_waiting(self):
        """List the products whose stock waits for Sync Products."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Products Waiting for Sync Products"),
            "res_model": "product.product",
            "view_mode": "list,form",
            # Ids: the bindings that it depends on are not for everybody to search.
            "domain": [("id", "in", self._stock_waiting_products().ids)],
        }

    def action_open_stock_levels(self):
        """List what Octopus was told of every product."""
        return self._action_of_account("linga_octopus.octopus_stock_level_action")

    def action_open_stock_differences(self):
        """List the stock differences that checks have found; from the overview, those to decide."""
        action = self._action_of_account("linga_octopus.octopus_stock_difference_action")
        if self.env.context.get("octopus_to_decide"):
            action["context"] = {"search_default_open": 1}
        return action

    # === WAITING FOR SYNC PRODUCTS === #

    def _stock_waiting_products(self):
        return self.env["product.product"].search(self._stock_waiting_domain())

    def _stock_waiting_domain(self):
        """Return the domain of the products that have stock to send but are not in Octopus."""
        bound = self.env["octopus.variant"]._search(
            [("account_id", "=", self.id), ("inventory_item_ref", "!=", False)]
        )
        return [
            ("product_tmpl_id", "any", self._catalog_domain()),
            "|",
            ("is_storable", "=", True),
            ("product_tmpl_id", "in", self.env["product.template"]._octopus_kit_ids()),
            ("octopus_variant_ids", "not any", [("id", "in", bound)]),
        ]

    # === THE WORKER === #

    def _stock_clear_wait(self):
        # What the worker keeps on the account; managers only see it.
        self.sudo().write({"stock_message": False, "stock_resume_at": False, "stock_attempts": 0})

    def _stock_answered(self, client):
        """Record that Octopus answers, and leave the rest of its minute to higher lanes."""
        if self.stock_message or self.stock_attempts or self.stock_resume_at:
            self._stock_clear_wait()
        if self._stock_budget_is_low(client):
            self._stock_wait_until(
                rate_budget.renewed_at(client),
                self.env._("The calls that Octopus allows in a minute are used up."),
            )

    @api.model
    def _stock_budget_is_low(self, client):
        return rate_budget.is_low(client, "stock")

    def _stock_recover(self, error):
        """Wait before the next try, longer every time; what is to be sent stays to be sent."""
        if isinstance(error, OctopusRateLimited):
            self._stock_wait(error.retry_after or 60, self.env._("Octopus asks to go slower."))
            return
        if isinstance(error, OctopusAuthError | OctopusForbidden):
            self._set_connection_error(error)
        self._stock_back_off(self._explain_error(error))

    def _stock_fail_unexpectedly(self):
        self._stock_back_off(
            self.env._(
                "Something unexpected went wrong; the server log has the details. It is tried "
                "again by itself; report it if it stays."
            )
        )

    def _stock_back_off(self, message):
        delay = RETRY_DELAYS[min(self.stock_attempts, len(RETRY_DELAYS) - 1)]
        self.stock_attempts += 1
        self._stock_wait(delay, message)

    def _stock_wait(self, seconds, message):
        self._stock_wait_until(fields.Datetime.now() + timedelta(seconds=seconds), message)

    def _stock_wait_until(self, moment, message):
        self.write({"stock_resume_at": moment, "stock_message": message})
        self.env["octopus.stock.event"]._trigger_worker(moment)
