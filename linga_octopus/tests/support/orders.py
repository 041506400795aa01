"""What the tests of online orders share."""

import itertools
import json

from odoo.tools import SQL

from .common import StoreMixin

numbers = itertools.count(1)


class OrdersMixin(StoreMixin):
    """Products with stock, orders as Octopus sends them, and the workers at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["octopus.order"]
        cls.stock_location = cls.warehouse.lot_stock_id
        # The first delivery of the warehouse would create it, in each test anew.
        cls.warehouse._octopus_order_type()
        cls.chair = cls.make_goods("CHAIR", stock=10)
        cls.table = cls.make_goods("TABLE", stock=5)

    @classmethod
    def make_goods(cls, sku, *, stock=0, **values):
        """Return a variant with this SKU and so much on the shelf."""
        product = cls.make_product(sku.title(), default_code=sku, **values).product_variant_id
        if stock:
            cls.env["stock.quant"]._update_available_quantity(product, cls.stock_location, stock)
        return product

    def payload(self, lines, **fields):
        """Return an order as Octopus sends it.

        :param dict lines: the quantity by SKU
        """
        number = next(numbers)
        items = [
            {
                "id": number * 100 + position,
                "sku": sku,
                "title": sku.title(),
                "quantity": quantity,
                "price": "10.00",
            }
            for position, (sku, quantity) in enumerate(lines.items())
        ]
        total = sum(10 * quantity for quantity in lines.values())
        return {
            "id": 5_000_000 + number,
            "source": "SHOPIFY",
            "order_number": str(number),
            "created_at": "2026-11-20T10:00:00-05:00",
            "octopus_created_at": "2026-11-20T15:00:05-00:00",
            "octopus_updated_at": "2026-11-20T15:00:05-00:00",
            "customer": {"id": 77, "first_name": "Ada", "last_name": "Lovelace"},
            "currency": self.account.company_id.currency_id.name,
            "total_price": f"{total}.0000",
            "financial_status": "paid",
            "line_items": items,
            **fields,
        }

    def ingest(self, payload, **options):
        return self.orders._ingest(self.account, payload, **options)

    def deduct(self):
        """Let the worker deduct what is waiting."""
        self.env.flush_all()
        with self.transaction() as env:
            env["octopus.order"]._cron_deduct()
        self.env.invalidate_all()

    def order(self, lines, **fields):
        """Return an order that is ingested and deducted."""
        order = self.ingest(self.payload(lines, **fields))
        self.deduct()
        return order

    def on_hand(self, product, location=None):
        """Return the quantity of a product, over all its quants."""
        domain = [
            ("product_id", "=", product.id),
            ("location_id", "child_of", (location or self.stock_location).id),
        ]
        return sum(self.env["stock.quant"].search(domain).mapped("quantity"))

    def version_of(self, order):
        """Return where PostgreSQL keeps the latest version of the order's row."""
        self.env.flush_all()
        query = SQL("SELECT ctid FROM octopus_order WHERE id = %s", order.id)
        return self.env.execute_query(query)

    def changed(self, payload, **fields):
        """Return the payload as Octopus sends it after a later change."""
        later = json.loads(json.dumps(payload))
        later["octopus_updated_at"] = fields.pop("at", "2026-11-21T08:00:00-00:00")
        return later | fields
