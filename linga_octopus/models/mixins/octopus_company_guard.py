from odoo import models


class OctopusCompanyGuard(models.AbstractModel):
    """Records that people may write, but not push into the store of another company.

    Odoo asks its record rules for what a record is before it is written, not for what it becomes.
    """

    _name = "octopus.company.guard"
    _description = "Record of One Company's Store"

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and not vals.keys().isdisjoint(("account_id", "company_id")):
            self.flush_recordset()
            self.check_access("write")
        return result
