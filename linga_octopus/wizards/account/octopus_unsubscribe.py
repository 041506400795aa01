from odoo import fields, models

# The page behind the dialog reads the store again.
CLOSE = {"type": "ir.actions.act_window_close"}


class OctopusUnsubscribe(models.TransientModel):
    """The question before a store is unsubscribed: what happens to the stock in its channels."""

    _name = "octopus.unsubscribe"
    _description = "Unsubscribe a Store from Octopus"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    is_connected = fields.Boolean(compute="_compute_is_connected", export_string_translation=False)
    stock_policy = fields.Selection(
        [
            ("zero", "Set the stock of all products in Octopus to 0 first"),
            ("keep", "Leave the stock as it was published last"),
        ],
        "Stock in the Channels",
        required=True,
        default="keep",
        help="Channels go on selling what they were told last, and these orders do not reach Odoo.",
    )

    def _compute_is_connected(self):
        for wizard in self:
            account = wizard.account_id
            wizard.is_connected = account.state == "connected" and bool(account.stock_published_at)

    # === ACTION METHODS === #

    def action_confirm(self):
        """Unsubscribe the store, after its stock in Octopus was set to 0 if that is wanted."""
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if self.stock_policy == "zero" and self.is_connected:
            account._queue_stock_zero()
            answer = account._notification(
                "info",
                self.env._(
                    "The stock in Octopus is being set to 0; the store is unsubscribed after that."
                ),
            )
            answer["params"]["next"] = CLOSE
            return answer
        account.action_unsubscribe()
        return CLOSE
