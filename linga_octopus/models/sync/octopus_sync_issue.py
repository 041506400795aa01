from odoo import api, fields, models

from ...const import OPEN_ISSUES

# What a pass can have a problem with.
RECORD_MODELS = (
    "pos.category",
    "product.category",
    "product.template",
    "product.product",
    "octopus.account",
    "octopus.category",
    "octopus.location",
    "octopus.order",
    "octopus.product",
)


class OctopusSyncIssue(models.Model):
    """One record that a pass could not send, and what to do about it."""

    _name = "octopus.sync.issue"
    _description = "Octopus Problem"
    _order = "last_seen_at desc, id desc"

    run_id = fields.Many2one(
        "octopus.sync.run",
        "Pass",
        required=True,
        ondelete="cascade",
        index=True,
        help="The latest pass that met the problem.",
    )
    account_id = fields.Many2one(related="run_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    kind = fields.Selection(related="run_id.kind", store=True)
    res_model = fields.Char(export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", export_string_translation=False)
    record = fields.Reference(selection="_selection_record", compute="_compute_record")
    record_name = fields.Char("Name", readonly=True)
    severity = fields.Selection(
        [("warning", "Note"), ("error", "Problem")], default="error", required=True
    )
    message = fields.Text(required=True)
    last_seen_at = fields.Datetime("Last Seen", default=fields.Datetime.now, readonly=True)
    times_seen = fields.Integer(default=1, readonly=True)
    fixed_by = fields.Many2one(
        "octopus.sync.run",
        ondelete="set null",
        index="btree_not_null",
        help="The later pass that sent this record without a problem.",
    )

    _open_idx = models.Index("(account_id, res_model, res_id) WHERE fixed_by IS NULL")

    @api.model
    def _selection_record(self):
        return [(name, self.env[name]._description) for name in RECORD_MODELS]

    @api.depends("res_model", "res_id")
    def _compute_record(self):
        for issue in self:
            known = issue.res_id and issue.res_model in RECORD_MODELS
            record = known and self.env[issue.res_model].browse(issue.res_id).exists()
            issue.record = f"{issue.res_model},{issue.res_id}" if record else False

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Try again what these problems were met with."""
        self.check_access("read")
        answer = True
        for account, kind in self.grouped(lambda issue: (issue.account_id, issue.kind)):
            answer = account._queue_run(kind)
        return answer

    def action_octopus_retry_all(self):
        """Try again all that has an open problem, whatever is selected."""
        return self.search(OPEN_ISSUES).action_octopus_retry()

    def action_open_record(self):
        """Open the record that has the problem; of a stock check, the differences it found."""
        self.ensure_one()
        if self.kind == "stock_check" and self.res_model == "octopus.account":
            action = self.account_id.action_open_stock_differences()
            action["domain"].append(("run_id", "=", self.run_id.id))
            return action
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
