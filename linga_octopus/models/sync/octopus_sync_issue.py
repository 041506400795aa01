from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...const import OPEN_ISSUES
from ...orm import lock_rows
from ..mixins.notices import NoticeText
from .octopus_sync_run import RUN_MODELS

# Models whose records a run can have an issue with.
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
    """A record that a run could not send or read, and what to do about it.

    There is one open issue for each record and kind of run, until a later run has none with it.
    An order that cannot be read has no record: its issue is known by the order's number, which is
    its `record_name`.
    """

    _name = "octopus.sync.issue"
    _description = "Octopus Issue"
    _inherit = ["octopus.internal.fields"]
    _order = "last_seen_at desc, id desc"

    # === FIELDS === #

    run_id = fields.Many2one(
        "octopus.sync.run",
        "Sync Run",
        required=True,
        ondelete="cascade",
        index=True,
        help="The latest run that met the issue.",
    )
    account_id = fields.Many2one(related="run_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    kind = fields.Selection(related="run_id.kind", store=True)
    res_model = fields.Char(export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", export_string_translation=False)
    record = fields.Reference(selection="_selection_record", compute="_compute_record")
    record_name = fields.Char("Name", readonly=True)
    severity = fields.Selection(
        [("warning", "Note"), ("error", "Error")], default="error", required=True
    )
    message = NoticeText(required=True)
    last_seen_at = fields.Datetime("Last Seen", default=fields.Datetime.now, readonly=True)
    times_seen = fields.Integer(default=1, readonly=True)
    fixed_by = fields.Many2one(
        "octopus.sync.run",
        ondelete="set null",
        index="btree_not_null",
        help="The later run that had no issue with this record.",
    )
    dismissed_by = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="set null",
        help="Who decided that nothing is to be done. It comes back when its message changes.",
    )

    _open_idx = models.Index("(account_id, res_model, res_id) WHERE fixed_by IS NULL")

    @api.model
    def _selection_record(self):
        return [(name, self.env[name]._description) for name in RECORD_MODELS]

    # === COMPUTE METHODS === #

    @api.depends("res_model", "res_id")
    def _compute_record(self):
        records = {}
        for model, issues in self.grouped("res_model").items():
            if model in RECORD_MODELS:
                found = self.env[model].browse(filter(None, issues.mapped("res_id"))).exists()
                records.update(((model, record.id), record) for record in found)
        for issue in self:
            # A record and not its text, whose existence Odoo would check one by one.
            issue.record = records.get((issue.res_model, issue.res_id), False)

    # === CRUD METHODS === #

    def write(self, vals):
        """A user who dismisses an issue and the run that fixes it wait for each other."""
        if self:
            lock_rows(self)
        return super().write(vals)

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Run again the kinds of runs that met these issues.

        :raise UserError: none of their stores is connected; otherwise those are left out
        """
        self.check_access("read")
        answer, not_connected = True, None
        by_run = self.grouped(lambda issue: (issue.account_id, issue.kind))
        for (account, kind), issues in by_run.items():
            try:
                answer = account._queue_run(kind)
            except UserError as error:
                not_connected = error
                continue
            issues._extend_run(account, kind)
        if not_connected and answer is True:
            raise not_connected
        return answer

    def action_dismiss(self):
        """Leave these issues as they are: nothing is to be done. They come back when they
        change."""
        # Issues are read-only for users, who need the right to change the store.
        self.account_id.check_access("write")
        self.sudo().dismissed_by = self.env.user
        return True

    def action_octopus_retry_all(self):
        """Run again all kinds of runs that have an open issue, whatever is selected."""
        return self.search(OPEN_ISSUES).action_octopus_retry()

    def action_open_record(self):
        """Open the record that has the issue; for a stock check, the differences it found; for an
        opening catalog, its products."""
        self.ensure_one()
        if self.kind == "opening":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "linga_octopus.octopus_remote_product_action"
            )
        if self.kind == "stock_check" and self.res_model == "octopus.account":
            action = self.account_id.action_open_stock_differences()
            action["context"]["search_default_run_id"] = self.run_id.id
            return action
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _extend_run(self, account, kind):
        """Have the queued run look at what these issues are about even if it would not by itself:
        older orders, and the products of refused levels, perhaps deleted in Octopus."""
        runs = self.env["octopus.sync.run"]
        if kind == "stock":
            run = runs._queue(account, "products", at_once=False)
            of_products = self.filtered(lambda issue: issue.res_model == "product.product")
            products = self.env["product.product"].browse(of_products.mapped("res_id")).exists()
            self.env[RUN_MODELS[run.kind]]._run_retry_products(run, products)
        if kind == "orders":
            run = runs._queue(account, kind)
            numbers = set(self.filtered(lambda issue: not issue.res_id).mapped("record_name"))
            self.env[RUN_MODELS[kind]]._run_retry_numbers(run, sorted(numbers - {False, "?"}))

    def _log(self, run, record, message, severity="error"):
        """Log an issue of a run with `record`; an issue that is open already was seen once more.

        :param record: the record that could not be sent, or only in part
        :param str message: what is wrong, and what to do
        :param str severity: "warning" for a note that asks for nothing
        """
        issues = self._search_open(run, record, [run.kind])
        issues = issues.filtered(lambda issue: issue.severity == severity)
        same = issues.filtered(lambda issue: issue.message == message)
        # Another message about a record is the same issue. Errors of the store as a whole are
        # separate issues.
        is_of_store = record._name == "octopus.account" and severity == "error"
        earlier = issues.filtered(lambda issue: issue.run_id != run)
        known = (same or (self.browse() if is_of_store else earlier))[:1]
        vals = {"res_id": record.id, "record_name": record.display_name}
        self._write_or_create(run, known, record, {**vals, "message": message}, severity)

    def _log_missing(self, run, model, name, message, severity="error"):
        """Log an issue of a run with a remote record that is not in Odoo.

        :param model: empty recordset of the model that the record would have
        :param str name: the number by which users know the record
        """
        known = self._search_missing(run, model, [name]).filtered(
            lambda issue: (issue.kind, issue.severity) == (run.kind, severity)
        )
        vals = {"record_name": name, "message": message}
        self._write_or_create(run, known[:1], model, vals, severity)

    def _write_or_create(self, run, known, record, vals, severity):
        vals = {**vals, "run_id": run.id, "res_model": record._name}
        if known:
            now = fields.Datetime.now()
            if vals["message"] != known.message:
                vals["dismissed_by"] = False
            known.write({**vals, "last_seen_at": now, "times_seen": known.times_seen + 1})
        else:
            self.create({**vals, "severity": severity})

    def _search_open(self, run, records, kinds):
        """Return the open issues of `records` in the store of the run, the oldest first."""
        return self._search_of_model(
            run, records, Domain("kind", "in", kinds) & Domain("res_id", "in", records.ids)
        )

    def _search_missing(self, run, model, names):
        """Return the open issues of remote records with these names, of all kinds of runs."""
        return self._search_of_model(run, model, Domain("record_name", "in", names))

    def _search_of_model(self, run, model, domain):
        domain &= Domain("account_id", "=", run.account_id.id)
        domain &= Domain("res_model", "=", model._name) & Domain("fixed_by", "=", False)
        return self.search(domain, order="id")

    def _fix_missing(self, run, model, names):
        """Close the issues of remote records that are in Odoo now."""
        self._search_missing(run, model, names).fixed_by = run

    def _fix_except(self, run, model, domain, kinds):
        """Close the issues of earlier runs with records that no run looks at any more.

        :param model: empty recordset of the records' model
        :param Domain domain: of the records that runs look at
        """
        is_earlier = Domain("run_id", "!=", run.id) & Domain("kind", "in", kinds)
        issues = self._search_of_model(run, model, is_earlier)
        known = model.search(Domain("id", "in", issues.mapped("res_id")) & domain)
        issues.filtered(lambda issue: issue.res_id not in known._ids).fixed_by = run
