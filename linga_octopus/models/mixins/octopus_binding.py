from odoo import fields, models


class OctopusBinding(models.AbstractModel):
    """This record of ours is that record of Octopus, for one account.

    A binding is written by the workers only. `octopus_ref` is Octopus's id, always text: the
    reference shows integers in some places and strings such as `ord_1010` in others.
    """

    _name = "octopus.binding"
    _description = "Octopus Binding"

    account_id = fields.Many2one("octopus.account", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    octopus_ref = fields.Char("Octopus ID", copy=False)
    payload_hash = fields.Char(copy=False, export_string_translation=False)
    state = fields.Selection(
        [("pending", "To Send"), ("synced", "Synced"), ("error", "Problem")],
        "Octopus State",
        default="pending",
        required=True,
    )
    error = fields.Text("Problem", copy=False)
    synced_at = fields.Datetime("Last Sync", copy=False)
    attempted_at = fields.Datetime(
        copy=False,
        help="Set before a create is sent and cleared when its answer is recorded: a binding "
        "with this time and no Octopus ID is looked up in Octopus before it is sent again.",
    )
