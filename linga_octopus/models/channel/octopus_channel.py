from odoo import fields, models

from ...lib.order_goods import says_elsewhere, title_key
from ...orm import insert_missing


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
    service_ids = fields.One2many(
        "octopus.channel.service",
        "channel_id",
        "Fulfillment Services",
        help="Who ships the goods of the orders, as the channel says. Tick those that are not this "
        "store: what they ship does not touch the stock.",
    )
    title_ids = fields.One2many(
        "octopus.channel.title",
        "channel_id",
        "No Goods",
        help="Lines of orders that users have said to be no goods. Delete one to be asked again.",
    )
    deduct_test_orders = fields.Boolean(
        help="Test orders take goods from the stock like any other order. Otherwise they take none."
    )

    _source_uniq = models.Constraint(
        "UNIQUE(account_id, source)", "The store has this channel already."
    )

    # === BUSINESS METHODS === #

    def _list_services(self, names):
        """Add services that were not seen before; one whose name says so ships from elsewhere."""
        for channel in self:
            insert_missing(
                self.env["octopus.channel.service"],
                [
                    {
                        "channel_id": channel.id,
                        "company_id": channel.company_id.id,
                        "name": name,
                        "is_elsewhere": says_elsewhere(name),
                    }
                    for name in sorted(names)
                ],
            )

    def _remember_no_goods(self, title):
        """Remember that lines with this title are no goods."""
        for channel in self:
            if title_key(title) not in channel.title_ids.mapped("key"):
                channel.title_ids.create({"channel_id": channel.id, "title": title})

    def _forget_no_goods(self, title):
        """Forget that lines with this title are no goods."""
        self.title_ids.filtered(lambda entry: entry.key == title_key(title)).unlink()


def channel_of(account, source):
    """Return the channel of an account that Octopus calls `source`, which is made at its first use;
    none for an order that does not say.

    :param account: sudoed record of `octopus.account`
    """
    channels = account.env["octopus.channel"]
    if not source:
        return channels
    domain = [("account_id", "=", account.id), ("source", "=", source)]
    if not channels.search(domain):
        vals = {"account_id": account.id, "source": source, "name": source}
        insert_missing(channels, [{**vals, "company_id": account.company_id.id}])
    return channels.search(domain)
