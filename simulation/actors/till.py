from . import Actor


class Till(Actor):
    """Sells over the counter: goods leave at once, whether an online order wants them or not."""

    per_day = 60

    def act(self, dice):
        goods = [g.sku for g in self.shop.profile.goods if not g.parts and g.tracking == "none"]
        skus = dice.sample(sorted(goods), dice.randint(1, 3))
        self.do(lambda env: self.sell(env, [self.shop.product_ids[sku] for sku in skus], dice))

    def sell(self, env, product_ids, dice):
        moves = env["stock.move"].create(
            [
                {
                    "product_id": product_id,
                    "product_uom_qty": dice.randint(1, 2),
                    "location_id": self.shop.stock_location_id,
                    "location_dest_id": env.ref("stock.stock_location_customers").id,
                }
                for product_id in product_ids
            ]
        )
        moves._action_confirm()
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        moves._action_done()
