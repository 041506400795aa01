from datetime import timedelta

from odoo import api, fields, models

from ...lib.moments import day_of, shop_zone, start_of_day
from ...orm import insert_query
from .worker import wake_stock_worker


class OctopusSoldOut(models.Model):
    """A product that a store does not offer on its channels until tomorrow: 0 is published.

    A cashier marks it while packing. The stock in Odoo does not change, and the number of the
    product is published again when the next day of the shop begins.
    """

    _name = "octopus.sold.out"
    _description = "Sold Out Today"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="cascade",
        index=True,
    )
    until = fields.Datetime("Sold Out Until", required=True, readonly=True)

    _product_uniq = models.UniqueIndex(
        "(account_id, product_id)", "This product is sold out today already."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _sold_out_products(self, account, products):
        """Return those of these products that a store does not offer today."""
        now = fields.Datetime.now()
        return self.search(
            [
                ("account_id", "=", account.id),
                ("product_id", "in", products.ids),
                ("until", ">", now),
            ]
        ).product_id

    @api.model
    def _set_sold_out(self, account, products, is_sold_out):
        """Publish 0 for products until the next day of the shop begins, or take that back.

        :param account: the store
        """
        self.search([("account_id", "=", account.id), ("product_id", "in", products.ids)]).unlink()
        if is_sold_out and products:
            zone = shop_zone(account)
            until = start_of_day(day_of(fields.Datetime.now(), zone) + timedelta(days=1), zone)
            common = {
                "account_id": account.id,
                "company_id": account.company_id.id,
                "until": until,
            }
            # Another Point of Sale may mark the same product at the same moment.
            self.env.cr.execute(
                insert_query(
                    self,
                    [{**common, "product_id": product.id} for product in products],
                    or_nothing=True,
                )
            )
            self.invalidate_model()
            wake_stock_worker(self.env, until)
        self.env["octopus.stock.event"]._enqueue_products(products)
