from odoo import api, fields, models
from odoo.fields import Domain

from ...lib.moments import day_of, shop_zone
from ...orm import NumberChar


class OctopusOrderPlaced(models.AbstractModel):
    """An online order as its channel knows it: by which numbers, and when it was placed there."""

    _name = "octopus.order.placed"
    _description = "Online Order as the Channel Knows It"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="restrict"
    )
    channel_id = fields.Many2one(
        "octopus.channel", readonly=True, check_company=True, ondelete="restrict"
    )
    channel_color = fields.Integer(related="channel_id.color", export_string_translation=False)

    # The search looks for channels by name, and for the orders of a channel by an index.
    third_party_name = fields.Char(readonly=True)
    third_party_order_no = NumberChar(
        "Third Party Order No.",
        readonly=True,
        index="trigram",
        help="What the channel and the customer call the order.",
    )
    aggregator_order_no = NumberChar(
        "Aggregator Order No.", required=True, readonly=True, index="trigram"
    )
    other_numbers = NumberChar(
        readonly=True,
        index="trigram",
        help="Other numbers that the channel states. The search finds the order by each of them.",
    )
    transaction_time = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    transaction_day = fields.Date(
        compute="_compute_transaction_day",
        store=True,
        precompute=True,
        index=True,
        help="The day of the order where the shop is: the same for all users.",
    )
    is_placed_today = fields.Boolean(
        store=False, search="_search_is_placed_today", export_string_translation=False
    )

    # === COMPUTE METHODS === #

    @api.depends("transaction_time")
    def _compute_transaction_day(self):
        # The zone of the shop is no dependency: the days of its orders stay what they were.
        for order in self:
            zone = shop_zone(order.account_id.sudo())
            order.transaction_day = day_of(order.transaction_time, zone)

    def _search_is_placed_today(self, operator, value):
        """Return the domain of the orders of the day that it is now in their shop."""
        if operator != "in" or True not in value:
            return NotImplemented
        now = fields.Datetime.now()
        # The zone of a store is no secret.
        accounts_sudo = self.env["octopus.account"].sudo().with_context(active_test=False)
        return Domain.OR(
            Domain("account_id", "in", accounts.ids) & Domain("transaction_day", "=", day)
            for day, accounts in accounts_sudo.search([])
            .grouped(lambda account: day_of(now, shop_zone(account)))
            .items()
        )
