from odoo import models
from odoo.exceptions import UserError

# Bindings of the store; all others are removed with one of them.
BINDINGS = ("octopus.product", "octopus.category")
# Fields that the numbers sent to Octopus depend on.
STOCK_RULES = {
    "active",
    "auto_stock_sync",
    "category_source",
    "stock_basis",
    "stock_buffer",
    "stock_cap",
}


class OctopusAccount(models.Model):
    """The methods of a store that reach into other rooms.

    The fields are declared in `account/octopus_account.py`.
    """

    _inherit = "octopus.account"

    # === COMPUTE METHODS === #

    def _compute_orders_to_act_count(self):
        counts = dict(
            self.env["octopus.order"]._read_group(
                [("account_id", "in", self.ids), ("status", "=", "take_action")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.orders_to_act_count = counts.get(account, 0)

    def _compute_sync_status(self):
        """Describe the latest run of each kind, in two grouped queries for all accounts."""
        latest = self.env["octopus.sync.run"]._read_group(
            [("account_id", "in", self.ids)], ["account_id", "kind"], ["id:max"]
        )
        runs = self.env["octopus.sync.run"].browse([run_id for *_key, run_id in latest])
        issues = self.env["octopus.sync.issue"]._read_group(
            [("account_id", "in", self.ids), ("fixed_by", "=", False), ("severity", "=", "error")],
            ["account_id", "kind"],
            ["__count"],
        )
        counts = {(account.id, kind): count for account, kind, count in issues}
        states = dict(runs._fields["state"]._description_selection(self.env))
        kinds = dict(runs._fields["kind"]._description_selection(self.env))
        by_account = runs.grouped("account_id")
        for account in self:
            account.sync_status = {
                run.kind: {
                    **run._describe_for_settings(),
                    "kind_label": kinds[run.kind],
                    "state_label": states[run.state],
                    "problems": counts.get((account.id, run.kind), 0),
                }
                for run in by_account.get(account, runs.browse())
            }
            account.open_issue_count = sum(
                count for (account_id, _kind), count in counts.items() if account_id == account.id
            )

    # === ACTION METHODS === #

    def action_open_settings(self):
        """Open the settings page of this integration."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Octopus Settings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_subscribe(self):
        """Open the terms and the last questions before the store is subscribed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "linga_octopus.octopus_subscribe_action"
        )
        return action | {"context": {"default_account_id": self.id}}

    def action_open_issues(self):
        """List the open issues, of one kind of run when the context names it."""
        action = self._action_of_account("linga_octopus.octopus_sync_issue_action")
        action["context"] = {"search_default_open": 1, "search_default_errors": 1}
        if kind := self.env.context.get("octopus_run_kind"):
            action["domain"].append(("kind", "=", kind))
        return action

    def action_open_orders(self):
        """List the online orders of this account."""
        return self._action_of_account("linga_octopus.octopus_order_action")

    def action_open_runs(self):
        """List the sync runs of this account."""
        return self._action_of_account("linga_octopus.octopus_sync_run_action")

    # === BUSINESS METHODS === #

    def _queue_run(self, kind):
        """Queue a run of `kind` and wake its worker; an unfinished run is not doubled."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("connected", "error"):
            raise UserError(
                self.env._("Connect the store first: enter the credentials, then Save & Test.")
            )
        run = self.env["octopus.sync.run"]._queue(self, kind)
        label = dict(run._fields["kind"]._description_selection(self.env))[kind]
        return self._notification("info", self.env._("%(kind)s: the sync has started.", kind=label))

    def _action_of_account(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action

    def _reset_catalog(self):
        """Remove the bindings of a store whose merchant is another now, which is another shop.

        If it is the same shop after all, the next run finds its products again by their SKUs. The
        stock of the new shop is not sent before its first sync.
        """
        # Only workers may write bindings.
        account_sudo = self.sudo()
        # First of all: the worker must not go on with the bindings of the other shop.
        account_sudo.run_ids._stop_open()
        for model in BINDINGS:
            account_sudo.env[model].search([("account_id", "=", self.id)]).unlink()
        account_sudo.write(
            {
                "is_catalog_matched": False,
                "catalog_signature": False,
                "last_categories_sync": False,
                "last_products_sync": False,
                "auto_stock_sync": False,
                "last_stock_sync": False,
                "stock_snapshot_at": False,
            }
        )

    def _enqueue_stock_of_rules(self, vals):
        """Have the stock of all locations sent again when one of its rules was written."""
        # A stock run sends all levels itself. Users may set the context too.
        is_run = self.env.su and self.env.context.get("octopus_run")
        if not (STOCK_RULES.isdisjoint(vals) or is_run):
            sending = self.filtered("auto_stock_sync").sudo()
            self.env["octopus.stock.event"].sudo()._record_locations(sending.location_ids)
