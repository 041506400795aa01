from odoo import fields, models


class OctopusChannelService(models.Model):
    """A service that ships goods of a channel's orders, as the channel calls it."""

    _name = "octopus.channel.service"
    _description = "Octopus Fulfillment Service"
    _order = "channel_id, name"

    channel_id = fields.Many2one("octopus.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    name = fields.Char("Service", required=True, readonly=True)
    is_elsewhere = fields.Boolean(
        "Not This Store",
        help="The service ships from a warehouse of its own, as FBA and WFS do. Later orders take "
        "nothing from the stock for what it ships.",
    )

    _name_uniq = models.Constraint(
        "UNIQUE(channel_id, name)", "The channel has this service already."
    )
