from . import Actor


class Counter(Actor):
    """Counts what is on the shelf, and corrects Odoo."""

    per_day = 4

    def act(self, dice):
        goods = [g.sku for g in self.shop.profile.goods if not g.parts and g.tracking == "none"]
        sku, difference = dice.choice(sorted(goods)), dice.randint(-3, 3)
        self.do(lambda env: self.count(env, self.shop.product_ids[sku], difference))

    def count(self, env, product_id, difference):
        quant = env["stock.quant"].search(
            [
                ("product_id", "=", product_id),
                ("location_id", "=", self.shop.stock_location_id),
            ],
            limit=1,
        )
        if quant:
            quant = quant.with_context(inventory_mode=True)
            quant.inventory_quantity = max(quant.quantity + difference, 0)
            quant.action_apply_inventory()
