from . import Invariant


class Warehouses(Invariant):
    """Goods leave the warehouse that fills the location of their order."""

    def check(self, env):
        env.cr.execute(
            """
            SELECT DISTINCT orders.aggregator_order_no, source.warehouse_id
              FROM stock_move move
              JOIN stock_picking picking ON picking.id = move.picking_id
              JOIN octopus_order orders ON orders.id = picking.octopus_order_id
              JOIN stock_location source ON source.id = move.location_id
             WHERE move.state = 'done' AND source.usage = 'internal'
            """
        )
        for ref, warehouse_id in env.cr.fetchall():
            placed = self.shop.orders.get(ref)
            if placed and not placed.is_odd:
                wanted = self.shop.warehouse_ids.get(placed.location, self.shop.warehouse_id)
                self.require(
                    warehouse_id == wanted, f"{placed}: from warehouse {warehouse_id}, not {wanted}"
                )
