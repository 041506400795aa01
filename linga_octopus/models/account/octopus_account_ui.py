"""What the settings page and the tills need of an account beyond its own fields."""

from odoo import fields, models


class OctopusAccount(models.Model):
    _inherit = "octopus.account"

    sync_status = fields.Json(
        compute="_compute_sync_status",
        help="The latest pass of each kind and its open problems, for the Actions tab.",
        export_string_translation=False,
    )
    seen_order_id = fields.Integer(
        readonly=True,
        copy=False,
        help="The latest online order when somebody last opened the list on a till: tills "
        "ring for newer ones only.",
        export_string_translation=False,
    )
    open_issue_count = fields.Integer("Open Problems", compute="_compute_sync_status")

    orders_to_act_count = fields.Integer("Orders to Act On", compute="_compute_orders_to_act_count")

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
        """Describe the latest pass of each kind, in two grouped queries for all accounts."""
        latest = self.env["octopus.sync.run"]._read_group(
            [("account_id", "in", self.ids)], ["account_id", "kind"], ["id:max"]
        )
        runs = self.env["octopus.sync.run"].browse([run_id for *_key, run_id in latest])
        issues = self.env["octopus.sync.issue"]._read_group(
            [("account_id", "in", self.ids), ("fixed_by", "=", False), ("severity", "=", "error")],
            ["account_id", "kind"],
            ["__count"],
        )
        problems = {(account.id, kind): count for account, kind, count in issues}
        states = dict(runs._fields["state"]._description_selection(self.env))
        kinds = dict(runs._fields["kind"]._description_selection(self.env))
        by_account = runs.grouped("account_id")
        for account in self:
            account.sync_status = {
                run.kind: {
                    **run._describe_for_settings(),
                    "kind_label": kinds[run.kind],
                    "state_label": states[run.state],
                    "problems": problems.get((account.id, run.kind), 0),
                }
                for run in by_account.get(account, runs.browse())
            }
            account.open_issue_count = sum(
                count for (account_id, _kind), count in problems.items() if account_id == account.id
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
        """List the open problems, of one kind of pass when the context names it."""
        action = self._action_of_account("linga_octopus.octopus_sync_issue_action")
        action["context"] = {"search_default_open": 1, "search_default_errors": 1}
        if kind := self.env.context.get("octopus_run_kind"):
            action["domain"].append(("kind", "=", kind))
        return action

    def action_open_orders(self):
        """List the online orders of this account."""
        return self._action_of_account("linga_octopus.octopus_order_action")

    def action_open_runs(self):
        """List the passes of this account."""
        return self._action_of_account("linga_octopus.octopus_sync_run_action")

    def _action_of_account(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action
