"""What people press on an online order, in the back office and on the till."""

from odoo import api, fields, models
from odoo.tools import format_amount

from ...orm import format_quantity


class OctopusOrder(models.Model):
    _inherit = "octopus.order"

    # The kanban view shows all three columns, also those without an order.
    status = fields.Selection(group_expand=True)
    delivery_count = fields.Integer("Deliveries", compute="_compute_picking_counts")
    return_count = fields.Integer("Returns", compute="_compute_picking_counts")

    has_suggestion = fields.Boolean(
        compute="_compute_has_suggestion", export_string_translation=False
    )

    has_properties = fields.Boolean(
        compute="_compute_has_properties", export_string_translation=False
    )

    @api.depends("line_ids.properties")
    def _compute_has_properties(self):
        for order in self:
            order.has_properties = any(order.line_ids.mapped("properties"))

    @api.depends("line_ids.suggested_product_id")
    def _compute_has_suggestion(self):
        for order in self:
            order.has_suggestion = bool(order.line_ids.suggested_product_id)

    @api.depends("picking_ids.return_id")
    def _compute_picking_counts(self):
        for order in self:
            order.return_count = len(order.picking_ids.filtered("return_id"))
            order.delivery_count = len(order.picking_ids) - order.return_count

    # === ACTION METHODS === #

    def action_complete(self):
        """Close the orders that are still to be acted on."""
        self.filtered(lambda order: order.status == "take_action").status = "completed"
        return True

    def action_reopen(self):
        """Take completed orders up again."""
        self.filtered(lambda order: order.status == "completed").status = "take_action"
        return True

    def action_cancel(self):
        """Cancel the orders and give back what they took off the stock."""
        self.filtered(lambda order: order.status != "cancelled").status = "cancelled"
        return True

    def action_ask_cancel(self):
        """Cancel after a dialog that says what goes back on the stock."""
        return {
            "type": "ir.actions.client",
            "tag": "linga_octopus.cancel_orders",
            "params": {"order_ids": self.ids, "question": self.get_cancel_question()},
        }

    def action_view_deliveries(self):
        """Open what went out for the order."""
        return self._view_pickings([("return_id", "=", False)])

    def action_view_returns(self):
        """Open what came back of the order."""
        return self._view_pickings([("return_id", "!=", False)])

    def _view_pickings(self, domain):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("stock.action_picking_tree_all")
        action["domain"] = [("octopus_order_id", "=", self.id), *domain]
        action["context"] = {"create": False}
        return action

    def action_open_partner(self):
        """Open the contact of the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    # === BUSINESS METHODS === #

    def get_cancel_question(self):
        """Return what to ask before these orders are cancelled, in plain lines of text."""
        goods = self._goods_to_give_back()
        if len(self) == 1:
            head = self.env._(
                "Cancel %(order)s of %(customer)s (%(total)s)?",
                order=self.display_name,
                customer=self.customer_name or self.env._("an unknown customer"),
                total=format_amount(self.env, self.check_total, self.currency_id),
            )
        else:
            head = self.env._("Cancel %(count)s online orders?", count=len(self))
        if goods:
            stock = self.env._("These goods go back on the stock:")
            parts = [head, "\n".join([stock, *goods])]
        else:
            parts = [head, self.env._("The stock does not change: nothing was taken off it.")]
        parts.append(self.env._("A cancelled order stays cancelled: this cannot be undone."))
        return "\n\n".join(parts)

    def _goods_to_give_back(self):
        """Return a line of text per product whose stock a cancellation restores."""
        quantities = {}
        for line in self.line_ids.filtered("is_deducted"):
            product = line.product_id
            quantities[product] = quantities.get(product, 0.0) + line._pieces_out()
        return [
            self.env._(
                "%(quantity)s × %(product)s",
                quantity=format_quantity(self.env, quantity),
                product=product.display_name,
            )
            for product, quantity in quantities.items()
            if quantity > 0
        ]
