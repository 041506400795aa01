"""What the tests of stock share: products that are in Octopus, with stock to change."""

from .common import OctopusCase


class StockCase(OctopusCase):
    """A store whose products are in Octopus and whose stock is sent automatically."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.chair, cls.table = cls.make_variants("Chair", "Table")

    def setUp(self):
        super().setUp()
        self.put_in_octopus(self.chair + self.table)
        self.account.with_context(octopus_run=True).auto_stock_sync = True

    @classmethod
    def make_variants(cls, *names, **values):
        """Return a storable product variant for each name."""
        templates = (cls.make_product(name, default_code=name, **values) for name in names)
        return cls.env["product.product"].union(*(t.product_variant_id for t in templates))

    def put_in_octopus(self, products, account=None):
        """Create the products in the sandbox and bind them, as Sync Products would."""
        account = account or self.account
        with account._get_client() as client:
            result = client.bulk_products(
                [
                    {
                        "SV_Temp_ProductId": str(product.id),
                        "title": product.name,
                        "variants": [
                            {
                                "SV_Temp_variantId": str(product.id),
                                "sku": product.default_code,
                                "price": "1.00",
                                "inventory_management": "octopus",
                            }
                        ],
                    }
                    for product in products
                ]
            )
        for product in products:
            item = result.items[str(product.id)]
            ref = item.variants[str(product.id)]
            binding = self.env["octopus.product"].create(
                {
                    "account_id": account.id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "octopus_ref": item.octopus_ref,
                    "state": "synced",
                }
            )
            self.env["octopus.variant"].create(
                {
                    "account_id": account.id,
                    "octopus_product_id": binding.id,
                    "product_id": product.id,
                    "octopus_ref": ref.octopus_ref,
                    "inventory_item_ref": ref.inventory_item_ref,
                    "state": "synced",
                }
            )
        self.env.flush_all()
        self.sandbox.forget_requests()

    # === CHANGING STOCK === #

    def count(self, product, quantity, location=None):
        """Count the product: from now on there are `quantity`."""
        quant = (
            self.env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": product.id,
                    "location_id": (location or self.stock).id,
                    "inventory_quantity": quantity,
                }
            )
        )
        quant.action_apply_inventory()

    def move(self, product, quantity, source=None, target=None):
        """Return a confirmed move, by default a delivery, that has not been done yet."""
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": (source or self.stock).id,
                "location_dest_id": (target or self.customers).id,
            }
        )
        move._action_confirm()
        return move

    def deliver(self, product, quantity, source=None, target=None):
        """Do a move; by default goods leave for a customer, whether there are any or not."""
        move = self.move(product, quantity, source, target)
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    # === LOOKING === #

    def waiting(self):
        """Return {product: how many changes wait for the worker}."""
        self.env.cr.flush()
        events = self.env["octopus.stock.event"]
        return dict(events._read_group([], ["product_id"], ["__count"]))

    def forget_changes(self):
        """Take what the preparation of a test has changed out of its way."""
        self.env.cr.flush()
        self.env["octopus.stock.event"].search([]).unlink()

    def push(self):
        """Let the stock worker send what waits."""
        self.env.cr.flush()
        with self.transaction() as env:
            env["octopus.stock.level"]._cron_push()

    def remote(self, location=None):
        """Return {SKU: available} as Octopus has it at a location."""
        state = self.sandbox.state()
        skus = {
            variant["inventory_item_id"]: variant["sku"]
            for product in state["products"]
            for variant in product["variants"]
        }
        ref = (location or self.location).octopus_ref
        return {
            skus[level["inventory_item_id"]]: level["available"]
            for level in state["levels"]
            if str(level["location_id"]) == ref
        }

    def calls(self):
        """Return how many bulk calls for stock the sandbox got."""
        return self.sandbox.requests().get("POST /bulkinventory_levels/bulkset.json", 0)

    def change_in_octopus(self, product, quantity):
        """Somebody else sets a level."""
        answer = self.sandbox.api(
            "POST",
            "inventory_levels/set.json",
            json={
                "location_id": self.location.octopus_ref,
                "inventory_item_id": self.level(product).variant_id.inventory_item_ref,
                "available": quantity,
            },
        )
        self.assertTrue(answer.ok, answer.text)

    def level(self, product, location=None):
        """Return our record of what Octopus was told."""
        return self.env["octopus.stock.level"].search(
            [
                ("variant_id.product_id", "=", product.id),
                ("location_id", "=", (location or self.location).id),
            ]
        )
