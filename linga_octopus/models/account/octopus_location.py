from odoo import fields, models


class OctopusLocation(models.Model):
    """A place that Octopus keeps stock for, and the warehouse of ours that fills it.

    A location without a warehouse is never written to.
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
        help="Stock of this warehouse is sent to the Octopus location. "
        "Leave empty to never write to it.",
    )
    is_default = fields.Boolean(
        "Default",
        help="Orders that name no location take their stock from the warehouse of this one.",
    )

    _ref_uniq = models.Constraint(
        "UNIQUE(account_id, octopus_ref)", "This Octopus location is already listed."
    )
    _default_uniq = models.UniqueIndex(
        "(account_id) WHERE is_default", "An account has one default location."
    )

    # === CRUD === #

    def write(self, vals):
        if vals.get("active") is False:
            vals = {**vals, "is_default": False}
        if vals.get("is_default"):
            # Choosing another default is one click, not two in the right order. Archived ones
            # count too: the index knows no difference.
            others = self.account_id.with_context(active_test=False).location_ids - self
            others.filtered("is_default").is_default = False
            others.flush_recordset(["is_default"])
        return super().write(vals)
