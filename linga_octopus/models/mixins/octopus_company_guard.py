from odoo import models


class OctopusCompanyGuard(models.AbstractModel):
    """Records of a store that users may write, but not move into the store of another company.

    Odoo checks record rules on the values before a write, and not on those after it.
    """

    _name = "octopus.company.guard"
    _description = "Record of One Company's Store"

    def write(self, vals):
        """Override: check the access to the records as they are after the write."""
        result = super().write(vals)
        if not self.env.su and not vals.keys().isdisjoint(("account_id", "company_id")):
            self.flush_recordset()
            self.check_access("write")
        return result
