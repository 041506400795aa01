from odoo import api, fields, models

from ...orm import UnconstrainedMany2one, delete_batch

# After so many days nobody asks any more why a channel sold something.
KEEP_DAYS = 30


class OctopusStockUpdate(models.Model):
    """A number that Octopus accepted in place of another one: the log of a level.

    The stock worker inserts rows with its answers (`LevelStore.save_accepted`), and nobody changes
    them. Only the account has a foreign key, as every row would otherwise be paid for four times.
    """

    _name = "octopus.stock.update"
    _description = "Octopus Stock Update"
    _order = "id desc"
    _log_access = False
    _rec_name = "product_id"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    company_id = UnconstrainedMany2one("res.company", required=True, readonly=True)
    product_id = UnconstrainedMany2one("product.product", readonly=True, index=True)
    location_id = UnconstrainedMany2one("octopus.location", "Octopus Location", readonly=True)
    previous = fields.Integer("Before", readonly=True, help="The number that Octopus had before.")
    quantity = fields.Integer("Published", readonly=True, help="The number that Octopus accepted.")
    pushed_at = fields.Datetime("Published At", readonly=True)
    run_id = UnconstrainedMany2one(
        "octopus.sync.run",
        "Sync Run",
        readonly=True,
        help="Empty when the number was sent automatically.",
    )
    sent_by = fields.Char(
        compute="_compute_sent_by", help="The sync run that sent the number, if it was one."
    )

    @api.depends("run_id")
    def _compute_sent_by(self):
        """Name the sender: a list shows no placeholder in an empty cell.

        Old sync runs are removed before the log is.
        """
        for update in self:
            run = update.run_id.exists()
            update.sent_by = run.display_name or self.env._("Automatically")

    @api.autovacuum
    def _gc_old_updates(self):
        """Remove the log of long ago."""
        return delete_batch(self, [("pushed_at", "<", f"-{KEEP_DAYS}d")])
