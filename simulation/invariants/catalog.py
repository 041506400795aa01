from . import Invariant


class Catalog(Invariant):
    """Each product is in Octopus once, with Odoo's price."""

    def check(self, env):
        catalog = self.octopus.sandbox.store.catalog
        for sku, product_id in sorted(self.shop.product_ids.items()):
            variants = catalog.variants_by_sku(sku)
            self.require(len(variants) <= 1, f"{sku} is in Octopus {len(variants)} times")
            product = env["product.product"].browse(product_id)
            if variants:
                there, here = float(variants[0]["price"]), round(product.lst_price, 2)
                self.require(there == here, f"{sku} costs {here}, in Octopus {there}")

    def waits(self, env):
        catalog = self.octopus.sandbox.store.catalog
        for sku in sorted(self.shop.product_ids):
            if not catalog.variants_by_sku(sku):
                yield f"{sku} is not in Octopus"
