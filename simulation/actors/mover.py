from . import Actor


class Mover(Actor):
    """Brings goods from one warehouse to the other."""

    per_day = 5

    def act(self, dice):
        goods = [g.sku for g in self.shop.profile.goods if not g.parts and g.tracking == "none"]
        product_id = self.shop.product_ids[dice.choice(sorted(goods))]
        source, target = dice.sample(sorted(self.shop.shelf_ids), 2)
        self.do(lambda env: self._move(env, product_id, source, target, dice.randint(1, 9)))

    def _move(self, env, product_id, source, target, pieces):
        move = env["stock.move"].create(
            {
                "product_id": product_id,
                "product_uom_qty": pieces,
                "location_id": source,
                "location_dest_id": target,
            }
        )
        move._action_confirm()
        move.quantity = pieces
        move.picked = True
        move._action_done()
