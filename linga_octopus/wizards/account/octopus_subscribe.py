from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.octopus_api import OctopusError

NO_ANSWER = -1  # orders: Octopus did not answer


class OctopusSubscribe(models.TransientModel):
    """The last page of Browse & Subscribe: the store, its points of sale, and the terms."""

    _name = "octopus.subscribe"
    _description = "Subscribe a Store to Octopus"
    _check_company_auto = True

    account_id = fields.Many2one(
        "octopus.account",
        readonly=True,
        help="The store that subscribes again; empty for a new one.",
    )
    name = fields.Char(
        "Store",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        compute="_compute_from_account",
        store=True,
        readonly=False,
        precompute=True,
    )
    pos_config_ids = fields.Many2many(
        "pos.config",
        string="Points of Sale",
        check_company=True,
        compute="_compute_pos_config_ids",
        store=True,
        readonly=False,
        help="The points of sale that show the online orders of this store.",
    )
    oversell_policy = fields.Selection(
        [
            ("deny", "Stop selling it"),
            ("continue", "Go on selling it (backorders)"),
        ],
        "Out of Stock",
        required=True,
        compute="_compute_from_account",
        store=True,
        readonly=False,
        precompute=True,
        help="What the channels do with a product whose stock reaches zero. It can be changed on "
        "the Settings tab.",
    )
    is_accepted = fields.Boolean("I agree to these terms")
    # Orders that came to Octopus while the store was not subscribed
    missed_count = fields.Integer(
        "Orders Meanwhile",
        compute="_compute_missed_count",
        help="Orders that came to Octopus while the store was not subscribed. -1: Octopus does not "
        "say.",
    )
    missed_policy = fields.Selection(
        [
            ("deduct", "Deduct their goods from the stock"),
            ("show", "Only show them: their goods were taken into account by hand"),
        ],
        "Orders of the Time Between",
        help="What to do with their goods when they are imported now.",
    )

    @api.depends("account_id")
    def _compute_from_account(self):
        for wizard in self:
            wizard.company_id = wizard.account_id.company_id or self.env.company
            wizard.oversell_policy = wizard.account_id.oversell_policy or "deny"

    @api.depends("account_id", "company_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.account_id.name or wizard.company_id.name

    @api.depends("account_id", "company_id")
    def _compute_pos_config_ids(self):
        for wizard in self:
            # A Point of Sale that shows the orders of another store stays with that one by default.
            others = self.env["octopus.account"].search([("company_id", "=", wizard.company_id.id)])
            free = self.env["pos.config"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("id", "not in", others.pos_config_ids.ids),
                ]
            )
            wizard.pos_config_ids = wizard.account_id.pos_config_ids or free

    @api.depends("account_id")
    def _compute_missed_count(self):
        """Ask Octopus how many orders came since the last one that was imported."""
        for wizard in self:
            account, count = wizard.account_id, 0
            if since := account.order_watermark:
                known = [("account_id", "=", account.id), ("received_at", ">=", since)]
                try:
                    with account._get_client() as client:
                        count = client.count_orders(created_at_min=since)
                    count = max(count - self.env["octopus.order"].search_count(known), 0)
                except (OctopusError, UserError):
                    count = NO_ANSWER
            wizard.missed_count = count

    # === ACTION METHODS === #

    def action_confirm(self):
        """Subscribe the store and open its settings page."""
        self.ensure_one()
        if self.missed_count and not self.missed_policy:
            raise UserError(
                self.env._("Choose what to do with the orders of the time between, then Confirm.")
            )
        if not self.is_accepted:
            raise UserError(self.env._("Tick that you agree to the terms, then press Confirm."))
        values = {
            "name": self.name,
            "company_id": self.company_id.id,
            "pos_config_ids": self.pos_config_ids.ids,
            "oversell_policy": self.oversell_policy,
        }
        account = self.account_id
        if account:
            if self.missed_policy == "show":
                values["orders_since"] = fields.Datetime.now()
            account.write(values)
        else:
            account = account.create(values)
        account.action_subscribe()
        return account.action_open_settings()
