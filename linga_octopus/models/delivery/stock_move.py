from itertools import chain

from odoo import Command, fields, models

from ...orm import format_quantity


class StockMove(models.Model):
    _inherit = "stock.move"

    # Copied on purpose: the components of a kit are copies of the kit's move.
    octopus_order_line_id = fields.Many2one(
        "octopus.order.line", "Online Order Line", readonly=True, index="btree_not_null"
    )

    def _octopus_ended(self):
        """Override: when returns of online orders are done or abandoned, have the rest restocked.

        Most other moves are no returns, and cost nothing here.
        """
        result = super()._octopus_ended()
        self.picking_id._octopus_done_by_hand()
        returns = self.browse(move.id for move in self if move.origin_returned_move_id)
        if returns:
            # The user who moves goods may not see online orders.
            orders_sudo = returns.sudo().origin_returned_move_id.octopus_order_line_id.order_id
            orders_sudo._returns_ended()
        return result

    def action_explode(self):
        """Override of `mrp`, where it is installed: core looks for the recipe of one move after
        the other. Moves of online orders that are no kits are told by one look at all of them."""
        plain = self.filtered(
            lambda move: (
                move.octopus_order_line_id
                and not move.product_id.with_company(move.company_id).is_kits
            )
        )
        return plain | super(StockMove, self - plain).action_explode()

    def _octopus_document(self):
        """Return what this move is a part of: a transfer, or a manufacturing order."""
        self.ensure_one()
        if self.picking_id or "raw_material_production_id" not in self._fields:
            return self.picking_id
        return self.raw_material_production_id

    def _octopus_log_taken(self, move, quantity):
        """Say on the document of this move that an online order took goods reserved for it.

        :param move: the move that took them
        :param float quantity: in the unit of this move
        """
        if document := self._octopus_document():
            document.message_post(
                body=self.env._(
                    "%(order)s took %(quantity)s × %(product)s reserved here: an online order is "
                    "sold already.",
                    order=move.picking_id.origin,
                    quantity=format_quantity(self.env, quantity),
                    product=self.product_id.display_name,
                )
            )

    def _octopus_done_returns(self):
        """Return the done moves that brought goods of these moves back, whoever made them."""
        return self.returned_move_ids.filtered(lambda move: move.state == "done")

    def _octopus_returned(self):
        """Return the quantity of this done move that has been returned, in its own unit."""
        self.ensure_one()
        return sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom)
            for move in self._octopus_done_returns()
        )

    def _octopus_coming_back(self):
        """Return the quantity of this done move in unfinished returns, in its own unit."""
        self.ensure_one()
        return sum(
            move.product_uom._compute_quantity(move.product_uom_qty, self.product_uom)
            for move in self.returned_move_ids
            if move.state not in ("done", "cancel")
        )

    def _octopus_returnable(self):
        """Return the quantity of this done move that has not been returned, or was returned and
        went out again, in its own unit."""
        self.ensure_one()
        back = sum(
            move.product_uom._compute_quantity(move._octopus_returnable(), self.product_uom)
            for move in self._octopus_done_returns()
        )
        return max(self.quantity - back, 0)

    def _octopus_return(self, quantities, *, warehouse=None):
        """Return goods of these done moves to where they were, one done transfer a delivery.

        :param dict quantities: the quantity by move, in the unit of the move
        :param warehouse: the one where the goods came back, when it is another one
        """
        pickings = self.env["stock.picking"]
        for delivery, moves in self.grouped("picking_id").items():
            moves = moves.filtered(lambda move: not move.product_uom.is_zero(quantities[move]))
            if moves:
                pickings |= pickings.create(
                    delivery._octopus_prepare_return(moves, quantities, warehouse)
                )
        pickings._octopus_finish()

    def _octopus_prepare_return(self, quantity, warehouse=None):
        """Return the values of a move that brings `quantity` of this one back, to the stock of
        another warehouse if one is given."""
        self.ensure_one()
        place = warehouse.lot_stock_id if warehouse else self.env["stock.location"]
        return {
            "octopus_order_line_id": self.octopus_order_line_id.id,
            "origin_returned_move_id": self.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_uom.id,
            "product_uom_qty": quantity,
            "picked": True,
            "location_id": self.location_dest_id.id,
            "location_dest_id": (place or self.location_id).id,
            "company_id": self.company_id.id,
            "warehouse_id": (warehouse or self.warehouse_id).id,
            "to_refund": True,
            "move_line_ids": [
                Command.create(vals | ({"location_dest_id": place.id} if place else {}))
                for vals in self._octopus_prepare_return_lines(quantity)
            ],
        }

    def _octopus_prepare_return_lines(self, quantity):
        """Return the values of the lines: each lot and owner goes to where it was taken from."""
        vals_list = []
        for line, left in self._octopus_left().items():
            unit = line.product_uom_id
            wanted = self.product_uom._compute_quantity(quantity, unit)
            taken = min(left, wanted)
            if unit.is_zero(taken):
                continue
            quantity -= unit._compute_quantity(taken, self.product_uom)
            vals_list.append(
                {
                    "product_id": line.product_id.id,
                    "product_uom_id": unit.id,
                    "quantity": taken,
                    "picked": True,
                    "lot_id": line.lot_id.id,
                    "owner_id": line.owner_id.id,
                    "package_id": line.result_package_id.id,
                    "result_package_id": line.package_id.id,
                    "location_id": line.location_dest_id.id,
                    "location_dest_id": line.location_id.id,
                    "company_id": line.company_id.id,
                }
            )
        return vals_list

    def _octopus_left(self):
        """Return {line: quantity} of this done move that has not come back, or came back and went
        out again, in the unit of the line."""
        left = {line: line.quantity for line in self.move_line_ids}
        returns = [move._octopus_left().items() for move in self._octopus_done_returns()]
        for back, quantity in chain.from_iterable(returns):
            for line in self.move_line_ids._octopus_origins(back):
                wanted = back.product_uom_id._compute_quantity(
                    quantity, line.product_uom_id, round=False
                )
                taken = min(left[line], wanted)
                left[line] -= taken
                quantity -= line.product_uom_id._compute_quantity(
                    taken, back.product_uom_id, round=False
                )
        return left
