from collections import Counter

from . import Actor


class Manager(Actor):
    """Decides what only a person can: changed orders, revived orders, kits beside their pieces,
    refunds of unknown goods."""

    per_day = 12

    def act(self, dice):
        self.decide()

    def decide(self):
        return self.do(self._decide, self.shop.users["manager"])

    def _decide(self, env):
        orders = env["octopus.order"].search(
            [
                "|",
                ("change_state", "=", "open"),
                "|",
                ("is_alive_again", "=", True),
                "|",
                ("line_ids.is_set_unclear", "=", True),
                ("refund_ids.is_unclear", "=", True),
            ]
        )
        for order in orders:
            self._decide_one(env, order)
        blocked = env["octopus.order"].search([("stock_state", "=", "blocked")])
        blocked.action_retry_stock()
        return bool(orders or blocked)

    def _decide_one(self, env, order):
        if order.change_state == "open":
            order.action_apply_changes()
        if order.is_alive_again:
            order.action_revive()
        # Nothing told this shop that the pieces of a kit stand on lines of their own.
        order.line_ids.action_deduct_set()
        if order.has_unclear_refund:
            self._choose(env, order)

    def _choose(self, env, order):
        """Say which goods came back, as the channel's customer service knows."""
        placed = self.shop.orders[order.aggregator_order_no]
        context = order.action_choose_refunded()["context"]
        choice = env["octopus.refund.choice"].with_context(**context).create({})
        wanted = Counter(pieces_out(order))
        wanted.subtract(placed.leaves)
        for line in choice.line_ids:
            line.quantity = max(wanted.pop(line.sku, 0), 0)
        choice.action_apply()


def pieces_out(order):
    """Return the pieces of an order that are out, by SKU."""
    pieces = Counter()
    for move in order.sudo().picking_ids.move_ids.filtered(lambda move: move.state == "done"):
        sign = -1 if move.origin_returned_move_id else 1
        pieces[move.product_id.default_code] += sign * move.quantity
    return +pieces
