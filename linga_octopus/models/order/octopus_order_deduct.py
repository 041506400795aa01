from odoo import fields, models
from odoo.exceptions import UserError

from .octopus_order_worker import DEDUCT_CRON


class OctopusOrder(models.Model):
    """Taking an order's goods from the stock: one done delivery an order."""

    _inherit = "octopus.order"

    def _move_goods(self):
        """Take what is not deducted yet from the stock, below zero when it must, and give back
        what the channel has cancelled or refunded.

        :raise UserError: the goods of one of these orders cannot be moved
        """
        for company, orders in self.grouped("company_id").items():
            orders = orders.with_company(company).with_context(tracking_disable=True)
            cancelled = orders.filtered(lambda order: order.status == "cancelled")
            cancelled._restore()
            going_on = orders - cancelled
            going_on.filtered(lambda order: order.stock_state == "waiting")._deduct()
            going_on._apply_refunds()
            going_on.filtered("is_return_due").is_return_due = False

    def _deduct(self):
        """Take the goods of these orders from the stock."""
        self._link_partners()
        self._flag_oversold(self._deliver())
        self._set_deducted()

    def _deliver(self):
        """Make the deliveries, make sure that they are done, and return their moves."""
        delivered = self.env["stock.move"]
        lines = self.line_ids.filtered(lambda line: line._is_to_deliver())
        for group in lines._delivery_groups():
            orders = group.order_id
            pickings = self.env["stock.picking"].create(
                [order._prepare_delivery() for order in orders]
            )
            picking_of = dict(zip(orders, pickings, strict=True))
            # Not as part of the transfers: core would write each transfer's moves once more.
            self.env["stock.move"].create(
                [line._prepare_move(picking_of[line.order_id]) for line in group]
            )
            pickings._octopus_finish()
            delivered |= pickings.move_ids
        lines.is_deducted = True
        return delivered

    def _prepare_delivery(self):
        picking_type = self._delivery_warehouse()._octopus_order_type()
        return {
            "octopus_order_id": self.id,
            "picking_type_id": picking_type.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": picking_type.default_location_src_id.id,
            "location_dest_id": picking_type.default_location_dest_id.id,
            "origin": self.display_name,
        }

    def _delivery_warehouse(self):
        """Return the warehouse that the goods leave; it may have been mapped after the order.

        :raise UserError: there is none
        """
        if not self.warehouse_id:
            self.warehouse_id = (
                self.location_id.warehouse_id
                or self.account_id.location_ids.filtered("is_default").warehouse_id
                or self.warehouse_id.search([("company_id", "=", self.company_id.id)], limit=1)
            )
        if not self.warehouse_id:
            raise UserError(
                self.env._(
                    "No warehouse fills the orders of %(store)s. Choose one for its default "
                    "Octopus location.",
                    store=self.account_id.name,
                )
            )
        return self.warehouse_id

    def _set_deducted(self):
        now = fields.Datetime.now()
        for order in self:
            if order.needs_mapping:
                state = "partial"
            elif any(order.line_ids.mapped("is_deducted")):
                state = "deducted"
            else:
                state = "none"
            order.write({"stock_state": state, "stock_message": False, "deducted_at": now})

    def _flag_oversold(self, moves):
        """Mark the orders that took more of a product than there was: the latest first, until what
        is below zero is used up.

        :param moves: what has just been taken; what others took before or since is theirs
        """
        moves = moves.filtered(lambda move: move.product_id.is_storable)
        missing = {
            (location, product): -quantity
            for location, product, quantity in self.env["stock.quant"]._read_group(
                [
                    ("product_id", "in", moves.product_id.ids),
                    ("location_id", "in", moves.location_id.ids),
                ],
                ["location_id", "product_id"],
                ["quantity:sum"],
                having=[("quantity:sum", "<", 0)],
            )
        }
        for move in moves.sorted(lambda move: move.picking_id.octopus_order_id.id, reverse=True):
            unit, key = move.product_id.uom_id, (move.location_id, move.product_id)
            if unit.compare(missing.get(key, 0), 0) > 0:
                move.picking_id.octopus_order_id.is_oversold = True
                missing[key] -= move.product_uom._compute_quantity(move.quantity, unit)

    # === AFTER MAPPING === #

    def _lines_mapped(self):
        """Have the lines deducted whose product is known now; `self` is sudoed."""
        self._lock()
        for order in self:
            order.needs_mapping = any(order.line_ids.mapped("needs_mapping"))
            if order.status != "cancelled" and order._has_more_to_deduct():
                order.stock_state = "waiting"
        self._wake_worker(DEDUCT_CRON)

    def _has_more_to_deduct(self):
        """Tell whether the worker, who has been here, left something that is known now: a line
        without a product, or one that was taken for a service."""
        if self.stock_state in ("deducted", "none"):
            # Not of an order from before the store: its goods were never to be taken.
            return bool(self.deducted_at) and any(line._is_to_deliver() for line in self.line_ids)
        return self.stock_state == "partial"
