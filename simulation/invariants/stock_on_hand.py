from collections import Counter

from . import Invariant


class StockOnHand(Invariant):
    """What is on the shelf is what was there, plus what came and went, less what orders took."""

    def begin(self):
        self._opening = self.do(self._on_hand)

    def _on_hand(self, env):
        groups = env["stock.quant"]._read_group(
            [("location_id", "child_of", self.shop.shelf_ids)],
            ["product_id"],
            ["quantity:sum"],
        )
        return {product.id: round(quantity, 3) for product, quantity in groups}

    def check(self, env):
        expected = Counter(self._opening)
        expected.update(self._other_moves(env))
        taken = self._taken_by_order(env)
        for ref, placed in self.shop.orders.items():
            pieces = Counter(taken.get(ref, {}))
            self._check_order(env, placed, pieces)
            expected.subtract(pieces)
        here = self._on_hand(env)
        wrong = {
            product_id: (here.get(product_id, 0), pieces)
            for product_id, pieces in expected.items()
            if round(here.get(product_id, 0) - pieces, 3)
        }
        self.require(not wrong, f"{{product: (here, expected)}} {wrong}")

    def _check_order(self, env, placed, pieces):
        """Compare what an order has taken with what is true of it."""
        if placed.versions:
            return  # its channel has not said its last word
        wanted = Counter(self.shop.pieces(placed.leaves))
        if placed.is_cancelled_here:
            wanted = Counter()
        differences = Counter(pieces)
        differences.subtract(wanted)
        wrong = {key: count for key, count in differences.items() if round(count, 3)}
        if wrong and placed.is_loose:
            # Handed over, and then changed: what comes back is a person's matter.
            self.require(min(pieces.values(), default=0) >= 0, f"{placed}: took {dict(pieces)}")
            return
        if wrong:
            order = env["octopus.order"].search([("aggregator_order_no", "=", placed.ref)])
            state = f"{order.status} {order.stock_state} {order.stock_message}"
            self.require(not wrong, f"{placed} ({state}): took {dict(pieces)}, not {dict(wanted)}")

    def _taken_by_order(self, env):
        """Return {ref: {product id: pieces}} of the transfers of orders, less their returns."""
        env.cr.execute(
            """
            SELECT orders.aggregator_order_no, move.product_id,
                   SUM(CASE WHEN target.usage = 'internal' THEN -move.quantity
                            ELSE move.quantity END)
              FROM stock_move move
              JOIN stock_picking picking ON picking.id = move.picking_id
              JOIN octopus_order orders ON orders.id = picking.octopus_order_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done'
             GROUP BY 1, 2
            """
        )
        taken = {}
        for ref, product_id, pieces in env.cr.fetchall():
            taken.setdefault(ref, {})[product_id] = round(float(pieces), 3)
        return taken

    def _other_moves(self, env):
        """Return {product id: pieces} that came, less those that went, without an order."""
        env.cr.execute(
            """
            SELECT move.product_id,
                   SUM(CASE WHEN target.usage = 'internal' THEN move.quantity ELSE 0 END)
                   - SUM(CASE WHEN source.usage = 'internal' THEN move.quantity ELSE 0 END)
              FROM stock_move move
              LEFT JOIN stock_picking picking ON picking.id = move.picking_id
              JOIN stock_location source ON source.id = move.location_id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.state = 'done' AND picking.octopus_order_id IS NULL
             GROUP BY 1
            """
        )
        return {product_id: round(float(pieces), 3) for product_id, pieces in env.cr.fetchall()}
