from . import Actor


class Merchandiser(Actor):
    """Changes prices, and has new goods."""

    per_day = 6

    def act(self, dice):
        self.do(lambda env: self._change(env, dice))

    def _change(self, env, dice):
        if dice.random() < 0.4:
            sku = f"NEW-{len(self.shop.product_ids)}"
            template = env["product.template"].create(
                {
                    "name": sku.title(),
                    "default_code": sku,
                    "list_price": dice.randint(1, 99),
                    "available_in_pos": True,
                    "is_storable": True,
                    "taxes_id": False,
                }
            )
            env.cr.postcommit.add(
                lambda: self.shop.product_ids.update({sku: template.product_variant_id.id})
            )
            return
        sku = dice.choice(sorted(self.shop.product_ids))
        product = env["product.product"].browse(self.shop.product_ids[sku])
        product.product_tmpl_id.list_price = dice.randint(100, 9900) / 100
