from . import Actor


class Supplier(Actor):
    """Brings goods."""

    per_day = 8

    def act(self, dice):
        sku = dice.choice(sorted(good.sku for good in self.shop.profile.goods if not good.parts))
        pieces = dice.randint(5, 60)
        self.do(lambda env: self.receive(env, self.shop.product_ids[sku], pieces))

    def receive(self, env, product_id, pieces):
        move = env["stock.move"].create(
            {
                "product_id": product_id,
                "product_uom_qty": pieces,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.shop.stock_location_id,
            }
        )
        move._action_confirm()
        move.quantity = pieces
        if move.product_id.tracking == "lot":
            number = env["ir.sequence"].next_by_code("stock.lot.serial")
            move.move_line_ids.lot_name = number
        move.picked = True
        move._action_done()
