from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    octopus_stores = fields.Char(
        compute="_compute_octopus_stores",
        # Not every administrator of Odoo is a manager of Octopus.
        groups="linga_octopus.group_octopus_manager",
    )

    pos_octopus_late_minutes = fields.Integer(
        related="pos_config_id.octopus_late_minutes", readonly=False
    )
    pos_octopus_auto_print = fields.Boolean(
        related="pos_config_id.octopus_auto_print", readonly=False
    )
    pos_octopus_cancel_pin = fields.Boolean(
        related="pos_config_id.octopus_cancel_pin", readonly=False
    )

    def _compute_octopus_stores(self):
        """List the subscribed stores of the company with their states; empty without any."""
        accounts = self.env["octopus.account"].search(
            [("state", "!=", "unsubscribed"), ("company_id", "=", self.env.company.id)]
        )
        labels = dict(accounts._fields["state"]._description_selection(self.env))
        for settings in self:
            settings.octopus_stores = ", ".join(
                f"{account.name} ({labels[account.state]})" for account in accounts
            )
