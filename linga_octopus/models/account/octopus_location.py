from odoo import fields, models


class OctopusLocation(models.Model):
    """A place for which Octopus keeps stock, and the warehouse of Odoo that fills it.

    Nothing is sent to a location without a warehouse.
    """

    _name = "octopus.location"
    _description = "Octopus Location"
    _inherit = ["octopus.company.guard"]
    _check_company_auto = True
    _order = "account_id, is_default desc, name, id"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    octopus_ref = fields.Char("Octopus ID", required=True, readonly=True)
    name = fields.Char("Octopus Location", required=True, readonly=True)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        ondelete="restrict",
        help="Its stock is sent to the Octopus location. Empty: nothing is sent.",
    )
    is_default = fields.Boolean(
        "Default",
        help="Orders without a location take their stock from the warehouse of this one.",
    )

    is_first_sync_due = fields.Boolean(
        "Waits for Sync Stocks",
        readonly=True,
        help="It got its warehouse after the first Sync Stocks of the store: its stock is sent "
        "automatically from the next one on. Check Stock shows before what that changes.",
    )

    _ref_uniq = models.Constraint(
        "UNIQUE(account_id, octopus_ref)", "This Octopus location is already listed."
    )
    _default_uniq = models.UniqueIndex(
        "(account_id) WHERE is_default", "An account has one default location."
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: an account has one default location, and an archived one is no default."""
        if vals.get("active") is False:
            vals = {**vals, "is_default": False}
        if vals.get("is_default"):
            # One click chooses another default. The index counts archived locations too.
            others = self.account_id.with_context(active_test=False).location_ids - self
            others.filtered("is_default").is_default = False
            others.flush_recordset(["is_default"])
        return super().write(vals)
