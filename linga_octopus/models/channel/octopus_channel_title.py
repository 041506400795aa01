from odoo import api, fields, models

from ...lib.order_goods import title_key


class OctopusChannelTitle(models.Model):
    """What a channel calls something that is no goods, saved when a user says so of a line."""

    _name = "octopus.channel.title"
    _description = "Octopus Line without Goods"
    _order = "channel_id, title"
    _rec_name = "title"

    channel_id = fields.Many2one("octopus.channel", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="channel_id.company_id", store=True)
    title = fields.Char(required=True, readonly=True)
    key = fields.Char(compute="_compute_key", store=True, export_string_translation=False)

    _key_uniq = models.Constraint(
        "UNIQUE(channel_id, key)", "This title is known to be no goods already."
    )

    @api.depends("title")
    def _compute_key(self):
        for entry in self:
            entry.key = title_key(entry.title)
