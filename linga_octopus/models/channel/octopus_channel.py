from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

from ...lib.channels import channel_color, channel_name, leaves_elsewhere, pays_tax_itself
from ...lib.order_goods import says_elsewhere, title_key
from ...orm import insert_missing, insert_query


class OctopusChannel(models.Model):
    """A web shop or marketplace whose orders come through Octopus to a store."""

    _name = "octopus.channel"
    _description = "Octopus Channel"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "name, id"

    # === FIELDS === #

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    source = fields.Char(
        "In Octopus", required=True, readonly=True, help="What Octopus calls the channel."
    )
    name = fields.Char(required=True, help="What people call the channel.")
    color = fields.Integer(help="The color of the channel in lists and at the Point of Sale.")
    active = fields.Boolean(default=True)
    pays_tax = fields.Selection(
        [("auto", "Automatic"), ("yes", "Yes"), ("no", "No")],
        "Pays the Tax Itself",
        default="auto",
        required=True,
        help="Whether the channel collects and pays the sales tax, so that it is not part of the "
        "check total.\n"
        "Automatic: marketplaces such as Amazon, eBay, Etsy, TikTok Shop and Walmart do.\n"
        "Each order whose check total adds up with or without the tax decides for itself. "
        "A change applies to orders from now on.",
    )
    is_tax_payer = fields.Boolean(
        compute="_compute_is_tax_payer", store=True, export_string_translation=False
    )
    ships_goods = fields.Boolean(
        help="The goods of this channel leave from the channel's own warehouse, "
        "such as Fulfillment by Amazon: its orders take no stock here.",
    )
    deduct_test_orders = fields.Boolean(
        "Test Orders Take Stock",
        help="Test orders take goods from the stock like any other order. Otherwise they take "
        "none.",
    )
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

    # === CONSTRAINTS === #

    _source_uniq = models.Constraint(
        "UNIQUE(account_id, source)", "The store has this channel already."
    )

    # === COMPUTE METHODS === #

    @api.depends("pays_tax", "source")
    def _compute_is_tax_payer(self):
        for channel in self:
            is_proposed = pays_tax_itself(channel.source or "")
            channel.is_tax_payer = channel.pays_tax == "yes" or (
                channel.pays_tax == "auto" and is_proposed
            )

    # === BUSINESS METHODS === #

    def _add(self, account, source):
        """Return the new channel of an account; `self` is sudoed.

        :param source: what Octopus calls the channel, which the account does not have yet
        :raise ConcurrencyError: another transaction added it at the same moment; start again in a
            new one
        """
        vals = {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "source": source,
            "active": True,
            "pays_tax": "auto",
            **proposed_values(source),
        }
        try:
            # A faster transaction is no error for the log.
            self.env.cr.execute(insert_query(self, [vals]), log_exceptions=False)
        except UniqueViolation as error:
            raise ConcurrencyError("channel added at the same moment") from error
        channel = self.browse(self.env.cr.fetchone())
        known = {name: vals[name] for name in ("is_tax_payer", "ships_goods")}
        channel._update_cache(known, validate=False)
        return channel

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


def proposed_values(source):
    """Return the values of a new channel that follow from what Octopus calls it."""
    return {
        "name": channel_name(source),
        "color": channel_color(source),
        "is_tax_payer": pays_tax_itself(source),
        "ships_goods": leaves_elsewhere(source),
        "deduct_test_orders": False,
    }
