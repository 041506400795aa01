from odoo import Command, fields, models
from odoo.exceptions import UserError

from .octopus_order_worker import DEDUCT_CRON


class OctopusOrder(models.Model):
    """Taking an order's goods from the stock: one done delivery an order."""

    _inherit = "octopus.order"

    def _deduct(self):
        """Take what is not deducted yet from the stock, below zero when it must.

        :raise UserError: the goods of one of these orders cannot be moved
        """
        for company, orders in self.grouped("company_id").items():
            orders = orders.with_company(company).with_context(tracking_disable=True)
            orders._link_partners()
            orders._deliver()
            orders._flag_oversold()
            orders._set_deducted()
            orders._apply_refunds()

    def _deliver(self):
        """Make the deliveries, and make sure that they are done."""
        lines = self.line_ids.filtered(lambda line: line._is_to_deliver())
        pickings = self.env["stock.picking"].create(
            [
                order._prepare_delivery(order_lines)
                for order, order_lines in lines.grouped("order_id").items()
            ]
        )
        pickings._octopus_finish()
        lines.is_deducted = True

    def _prepare_delivery(self, lines):
        picking_type = self._delivery_warehouse()._octopus_order_type()
        source = picking_type.default_location_src_id
        destination = picking_type.default_location_dest_id
        return {
            "octopus_order_id": self.id,
            "picking_type_id": picking_type.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "origin": self.display_name,
            "move_ids": [
                Command.create(
                    {
                        "octopus_order_line_id": line.id,
                        "product_id": line.product_id.id,
                        "product_uom": line.product_id.uom_id.id,
                        "product_uom_qty": line.quantity,
                        # A kit becomes its components first; they are given their quantity then.
                        "quantity": 0 if line._is_kit() else line.quantity,
                        "picked": True,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "picking_type_id": picking_type.id,
                        "company_id": self.company_id.id,
                    }
                )
                for line in lines
            ],
        }

    def _delivery_warehouse(self):
        """Return the warehouse that the goods leave; it may have been mapped after the order.

        :raise UserError: there is none
        """
        if not self.warehouse_id:
            self.warehouse_id = self._find_warehouse(self.account_id, self.location_id)
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

    def _flag_oversold(self):
        """Mark the orders that took more of a product than there was."""
        moves = self.picking_ids.move_ids.filtered(lambda move: move.product_id.is_storable)
        below_zero = {
            (location.id, product.id)
            for location, product in self.env["stock.quant"]._read_group(
                [
                    ("product_id", "in", moves.product_id.ids),
                    ("location_id", "in", moves.location_id.ids),
                ],
                ["location_id", "product_id"],
                having=[("quantity:sum", "<", 0)],
            )
        }
        oversold = moves.filtered(
            lambda move: (move.location_id.id, move.product_id.id) in below_zero
        )
        oversold.picking_id.octopus_order_id.is_oversold = True

    # === AFTER MAPPING === #

    def _lines_mapped(self):
        """Have the lines deducted whose product is known now; `self` is sudoed."""
        self._lock()
        for order in self:
            order.needs_mapping = any(order.line_ids.mapped("needs_mapping"))
            if order.stock_state == "partial" and order.status != "cancelled":
                order.stock_state = "waiting"
        self._wake_worker(DEDUCT_CRON)
