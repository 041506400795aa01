from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ...const import MANAGER
from ..order.restocking import restock_cancelled
from .changes import follow_lines, follow_texts, knows_more
from .elsewhere import decide_elsewhere, follow_elsewhere
from .refunds import store_refunds
from .returns import pieces_kept_out, restock_refunded
from .revival import flag_revival, revive


class OctopusOrder(models.Model):
    """Follows what happens to an order after it was placed. All fields stand in room `order`."""

    _name = "octopus.order"
    _inherit = ["octopus.order", "octopus.order.change", "octopus.order.books"]

    # === ACTION METHODS === #

    def action_return_goods(self):
        """Return what is still out of orders that the channel cancelled: a person has it back."""
        self.check_access("write")
        # Transfers belong to the addon; every user of online orders may cancel an order.
        open_sudo = self.sudo().filtered("is_return_open")
        restock_cancelled(open_sudo)
        for order_sudo in open_sudo:
            order_sudo.message_post(
                body=self.env._("Goods returned to stock by %(user)s", user=self.env.user.name)
            )
        return True

    def action_revive(self):
        """Take up orders that are alive again in the channel: their goods leave once more."""
        self.check_access("write")
        revive(self.sudo())
        return True

    def action_give_back(self):
        """Return goods to stock that the channel sent from elsewhere: they never left here."""
        return self._decide_elsewhere(is_given_back=True)

    def action_keep_deducted(self):
        """Leave goods deducted that the channel says it sent from elsewhere."""
        return self._decide_elsewhere(is_given_back=False)

    def _decide_elsewhere(self, *, is_given_back):
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Ask a manager of Octopus: these goods were deducted already.")
            )
        # The lines and the stock are the worker's.
        decide_elsewhere(self.sudo(), is_given_back=is_given_back)
        return True

    def action_choose_refunded(self):
        """Ask which goods a refund is about, when the channel does not say."""
        self.ensure_one()
        self.check_access("write")
        refund = self.refund_ids.filtered("is_unclear")[:1]
        if not refund:
            raise UserError(self.env._("Somebody has chosen the refunded goods: read them again."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose Refunded Goods"),
            "res_model": "octopus.refund.choice",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_refund_id": refund.id},
        }

    # === BUSINESS METHODS === #

    def _timeline_rows(self):
        """Override: what came back, money and goods."""
        refunds = [
            (
                refund.refunded_at,
                self.env._(
                    "Refunded by the channel: %(amount)s",
                    amount=format_amount(self.env, refund.amount, self.currency_id),
                ),
                "fa-undo",
            )
            for refund in self.refund_ids
        ]
        # Every user of online orders may know when the goods came back.
        returns = [
            (picking.date_done, self.env._("Goods returned to stock"), "fa-reply")
            for picking in self.sudo().picking_ids.filtered("return_id")
        ]
        return [*super()._timeline_rows(), *refunds, *returns]

    def _follow_lines(self, remote, elsewhere):
        """Override."""
        follow_lines(self, remote)
        follow_elsewhere(self, elsewhere)

    def _follow_texts(self, changes):
        """Override."""
        follow_texts(self, changes)

    def _knows_more(self, remote):
        """Override."""
        return knows_more(self, remote)

    def _follow_refunds(self, remote):
        """Override."""
        store_refunds(self, remote)

    def _follow_revival(self):
        """Override."""
        flag_revival(self)

    def _restock_refunds(self):
        """Override."""
        restock_refunded(self)

    def _pieces_kept_out(self):
        """Override."""
        return pieces_kept_out(self)
