from . import Invariant


class Levels(Invariant):
    """Octopus has Odoo's numbers."""

    def check(self, env):
        store = self.octopus.sandbox.store
        there = {
            (level["inventory_item_id"], str(level["location_id"])): level["available"]
            for level in store.stock.search()
        }
        products = env["product.product"].browse(self.shop.product_ids.values())
        buffers = {good.sku: good.buffer for good in self.shop.profile.goods}
        wrong = {}
        for ref, warehouse_id in self.shop.warehouse_ids.items():
            for product in products.with_context(warehouse_id=warehouse_id):
                kept = buffers.get(product.default_code, 0)
                number = max(int(product.free_qty - kept), 0)
                for variant in store.catalog.variants_by_sku(product.default_code):
                    known = there.get((variant["inventory_item_id"], ref))
                    if known != number:
                        wrong[product.default_code, ref] = (number, known)
        self.require(not wrong, f"{{(sku, location): (Odoo, Octopus)}} {wrong}")
