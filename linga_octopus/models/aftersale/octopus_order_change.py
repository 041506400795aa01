from odoo import api, fields, models

from .changes import apply_changes, changes_text, keep_changes
from .elsewhere import elsewhere_text


class OctopusOrderChange(models.AbstractModel):
    """What the channel has changed in an order whose goods have left already.

    A person applies it or keeps the order as it is. The goods are never moved by the update.
    """

    _name = "octopus.order.change"
    _description = "Change of an Online Order"

    change_state = fields.Selection(
        [("open", "To Review"), ("applied", "Applied"), ("kept", "Kept")],
        "Changed by the Channel",
        readonly=True,
        copy=False,
        help="To Review: the channel changed the order after its goods were deducted.\n"
        "Applied: the changes are followed, the goods too.\n"
        "Kept: the order stays as it was, until the channel changes it again.",
    )
    # {"lines": [...], "texts": [...]}: see `changes.py`.
    channel_changes = fields.Json(readonly=True, copy=False, export_string_translation=False)
    has_changed_lines = fields.Boolean(
        compute="_compute_changes_text", export_string_translation=False
    )
    changes_text = fields.Text(
        "Changes",
        compute="_compute_changes_text",
        help="What the channel changed after the order was placed: before and after.",
    )

    is_elsewhere_open = fields.Boolean(
        "Sent from Elsewhere",
        readonly=True,
        copy=False,
        help="The channel sent goods from elsewhere after they were deducted here.",
    )
    elsewhere_text = fields.Char(
        "Goods Sent from Elsewhere",
        compute="_compute_elsewhere_text",
        help="Give Back returns them to stock, Keep leaves them deducted.",
    )

    _elsewhere_idx = models.Index("(account_id) WHERE is_elsewhere_open IS TRUE")
    _changed_idx = models.Index("(account_id) WHERE change_state = 'open'")
    _alive_idx = models.Index("(account_id) WHERE is_alive_again IS TRUE")

    # === COMPUTE METHODS === #

    @api.depends("channel_changes")
    @api.depends_context("lang")
    def _compute_changes_text(self):
        for order in self:
            order.has_changed_lines = bool((order.channel_changes or {}).get("lines"))
            order.changes_text = changes_text(order)

    @api.depends("line_ids.late_elsewhere", "line_ids.quantity_given_back")
    @api.depends_context("lang")
    def _compute_elsewhere_text(self):
        for order in self:
            order.elsewhere_text = elsewhere_text(order)

    # === ACTION METHODS === #

    def action_apply_changes(self):
        """Follow what the channel changed: the worker moves the goods."""
        self.check_access("write")
        # The lines and the stock are the worker's; every user of online orders may decide.
        apply_changes(self.sudo())
        return True

    def action_keep_changes(self):
        """Leave the order as it is, until the channel changes it again."""
        self.check_access("write")
        keep_changes(self.sudo())
        return True
