from odoo import fields, models


class OctopusChannel(models.Model):
    """A web shop or marketplace whose orders come through Octopus to a store."""

    _name = "octopus.channel"
    _description = "Octopus Channel"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "account_id, name, id"

    account_id = fields.Many2one("octopus.account", "Store", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    source = fields.Char(
        "In Octopus", required=True, readonly=True, help="What Octopus calls the channel."
    )
    name = fields.Char(required=True, help="What people call the channel.")

    _source_uniq = models.Constraint(
        "UNIQUE(account_id, source)", "The store has this channel already."
    )
