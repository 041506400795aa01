from . import Actor

# What these moves say of where they come from.
ORIGIN = "For a customer of the counter"


class Reserver(Actor):
    """Puts goods aside, and sometimes lets them go again."""

    per_day = 8

    def act(self, dice):
        step = dice.choice((self._reserve, self._release))
        self.do(lambda env: step(env, dice))

    def _reserve(self, env, dice):
        skus = sorted(good.sku for good in self.shop.profile.goods if not good.parts)
        move = env["stock.move"].create(
            {
                "product_id": self.shop.product_ids[dice.choice(skus)],
                "product_uom_qty": dice.randint(1, 4),
                "location_id": self.shop.stock_location_id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
                "origin": ORIGIN,
            }
        )
        move._action_confirm()
        move._action_assign()

    def _release(self, env, dice):
        aside = [("origin", "=", ORIGIN), ("state", "not in", ("done", "cancel"))]
        if moves := env["stock.move"].search(aside, order="id"):
            dice.choice(moves)._action_cancel()
