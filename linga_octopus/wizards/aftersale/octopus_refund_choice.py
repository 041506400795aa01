from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.order.restocking import leave_to_worker


class OctopusRefundChoice(models.TransientModel):
    """Asks which goods a refund is about, when the channel does not say."""

    _name = "octopus.refund.choice"
    _description = "Choose Refunded Goods"

    refund_id = fields.Many2one("octopus.order.refund", required=True, readonly=True)
    order_id = fields.Many2one(related="refund_id.order_id")
    company_id = fields.Many2one(related="refund_id.company_id", store=True)
    currency_id = fields.Many2one(related="refund_id.currency_id")
    refunded_at = fields.Datetime(
        related="refund_id.refunded_at", help="When the channel gave the money back."
    )
    amount = fields.Monetary(related="refund_id.amount")
    quantity = fields.Float(
        "Pieces", compute="_compute_quantity", digits="Product Unit", help="As the channel says."
    )
    is_restocked = fields.Boolean(
        "Back in Stock",
        compute="_compute_is_restocked",
        store=True,
        readonly=False,
        help="The goods are in the store again.",
    )
    line_ids = fields.One2many(
        "octopus.refund.choice.line",
        "choice_id",
        "Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("refund_id")
    def _compute_quantity(self):
        for choice in self:
            choice.quantity = sum(choice._unclear().mapped("quantity"))

    @api.depends("refund_id")
    def _compute_is_restocked(self):
        for choice in self:
            choice.is_restocked = any(choice._unclear().mapped("restock"))

    @api.depends("refund_id")
    def _compute_line_ids(self):
        for choice in self:
            lines = choice.refund_id.order_id.line_ids
            choice.line_ids = [
                Command.clear(),
                *(
                    Command.create({"order_line_id": line.id})
                    for line in lines.filtered(lambda line: line.quantity > line.quantity_refunded)
                ),
            ]

    def _unclear(self):
        return self.refund_id.line_ids.filtered(lambda line: not line.order_line_id)

    def action_apply(self):
        """Save what was chosen, and have what is back in the store restocked."""
        self.ensure_one()
        self.order_id.check_access("write")
        for line in self.line_ids:
            if line.order_line_id.order_id != self.order_id:
                raise AccessError(self.env._("This line is not one of the order."))
            if not 0 <= line.quantity <= line.quantity_left:
                raise UserError(
                    self.env._(
                        "Enter at most %(left)s for %(line)s.",
                        left=line.quantity_left,
                        line=line.name or line.sku,
                    )
                )
        # Refunds belong to Octopus; users say only which goods they are about.
        refund_sudo = self.refund_id.sudo()
        unclear_sudo = self._unclear().sudo()
        if not unclear_sudo:
            raise UserError(self.env._("Somebody has chosen the refunded goods: read them again."))
        chosen = self.line_ids.filtered("quantity")
        pieces = sum(chosen.mapped("quantity"))
        refund_sudo.line_ids = [
            *(Command.unlink(line.id) for line in unclear_sudo),
            *(Command.create(line._prepare(pieces, unclear_sudo)) for line in chosen),
        ]
        self._log(chosen)
        is_back = self.order_id.status == "cancelled" and not self.order_id.is_return_open
        if self.is_restocked and chosen and not is_back:
            refund_sudo.is_applied = False
            leave_to_worker(refund_sudo.order_id)
        return {"type": "ir.actions.act_window_close"}

    def _log(self, chosen):
        goods = ", ".join(
            self.env._("%(quantity)s × %(product)s", quantity=line.quantity, product=line.name)
            for line in chosen
        )
        self.order_id.sudo().message_post(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "Refund %(number)s is about: %(goods)s",
                number=self.refund_id.octopus_ref,
                goods=goods or self.env._("no goods"),
            ),
        )


class OctopusRefundChoiceLine(models.TransientModel):
    """How many pieces of a line were refunded."""

    _name = "octopus.refund.choice.line"
    _description = "Choose Refunded Goods: Line"

    choice_id = fields.Many2one("octopus.refund.choice", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="choice_id.company_id", store=True)
    currency_id = fields.Many2one(related="choice_id.currency_id")
    order_line_id = fields.Many2one("octopus.order.line", required=True, readonly=True)
    name = fields.Char(related="order_line_id.display_name", string="Product")
    sku = fields.Char(related="order_line_id.sku")
    price_unit = fields.Float(related="order_line_id.price_unit")
    quantity_left = fields.Float(
        "Not Refunded", digits="Product Unit", compute="_compute_quantity_left"
    )
    quantity = fields.Float("Refunded", digits="Product Unit")

    @api.depends("order_line_id")
    def _compute_quantity_left(self):
        for line in self:
            sold = line.order_line_id
            line.quantity_left = sold.quantity - sold.quantity_refunded

    def _prepare(self, pieces, unclear_sudo):
        """Return the values of the line of the refund, with its share of the money."""
        share = self.quantity / pieces
        return {
            "order_line_id": self.order_line_id.id,
            "octopus_line_ref": unclear_sudo[:1].octopus_line_ref,
            "quantity": self.quantity,
            "restock": self.choice_id.is_restocked,
            "location_id": unclear_sudo.location_id[:1].id,
            "amount": sum(unclear_sudo.mapped("amount")) * share,
            "amount_tax": sum(unclear_sudo.mapped("amount_tax")) * share,
        }
