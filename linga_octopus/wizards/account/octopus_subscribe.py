from odoo import api, fields, models
from odoo.exceptions import UserError


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
        compute="_compute_from_account",
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
    is_accepted = fields.Boolean("I agree to these terms")

    @api.depends("account_id")
    def _compute_from_account(self):
        for wizard in self:
            wizard.company_id = wizard.account_id.company_id or self.env.company
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

    # === ACTION METHODS === #

    def action_confirm(self):
        """Subscribe the store and open its settings page."""
        self.ensure_one()
        if not self.is_accepted:
            raise UserError(self.env._("Tick that you agree to the terms, then press Confirm."))
        values = {
            "name": self.name,
            "company_id": self.company_id.id,
            "pos_config_ids": self.pos_config_ids.ids,
        }
        account = self.account_id
        if account:
            account.write(values)
        else:
            account = account.create(values)
        account.action_subscribe()
        return account.action_open_settings()
