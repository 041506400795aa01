from odoo import api, fields, models

from ..stock.stock_run import fix_waiting_issue


class OctopusProduct(models.Model):
    """A product of ours and the product of Octopus that stands for it.

    The pass over the products is spread over files by what its phases do: which products to look
    at (`octopus_product_pick`), finding them in Octopus (`octopus_product_match`), sending them
    (`octopus_product_send`), archiving them there (`octopus_product_retire`).
    """

    _name = "octopus.product"
    _description = "Product in Octopus"
    _inherit = ["octopus.binding"]

    # Bindings outlive their product: Octopus must still be told that it is gone.
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="set null", index=True
    )
    name = fields.Char("Title", readonly=True, help="The title that Octopus has.")
    variant_ids = fields.One2many("octopus.variant", "octopus_product_id", "Variants")
    image_ids = fields.One2many("octopus.image", "octopus_product_id", "Pictures")
    problem = fields.Text(
        "Problems",
        compute="_compute_problem",
        help="Of the product itself, or of one of its pictures.",
    )
    is_archived = fields.Boolean(
        "Archived in Octopus", readonly=True, help="No channel sells it any more."
    )
    source_stamp = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Tells cheaply whether the product's own records were touched since the last look.",
    )

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_tmpl_id)", "A product is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")

    @api.depends("error", "image_ids.error")
    def _compute_problem(self):
        for binding in self:
            problems = [binding.error, *(image._problem() for image in binding.image_ids)]
            binding.problem = "\n".join(filter(None, problems))

    # === THE PASS === #

    @api.model
    def _run_start(self, run):
        """Choose what to look at, and return how many products that are.

        When nothing changed that many products depend on, the products whose own records were
        not touched since the last pass need no second look.
        """
        account = run.account_id
        account._catalog_currency()
        signature = account._catalog_signature()
        full = signature != account.catalog_signature
        eligible = self.env["product.template"].search_count(account._catalog_domain())
        if not full:
            run.done = eligible - self._count_candidates(account)
        run.cursor = {
            "phase": "send" if account.is_catalog_matched else "match",
            "id": 0,
            "full": full,
            "signature": signature,
        }
        self._explain_combos(run)
        return eligible + self._count_retired(account)

    @api.model
    def _run_batch(self, run, client):
        """Do one batch of the present phase, or go on to the next phase."""
        phases = {
            "match": self._match_some,
            "send": self._send_some,
            "retire": self._retire_some,
            "collect": self.env["octopus.collect"]._collect_some,
            "uncollect": self.env["octopus.collect"]._uncollect_some,
        }
        phase = run.cursor["phase"]
        if phases[phase](run, client):
            return True
        names = list(phases)
        if phase != names[-1]:
            following = names[names.index(phase) + 1]
            run.cursor = {**run.cursor, "phase": following, "id": 0}
            return True
        self._forget_left_out(run)
        run.account_id.catalog_signature = run.cursor["signature"]
        fix_waiting_issue(run)
        if self.env["octopus.image"]._has_changes(run.account_id):
            self.env["octopus.sync.run"]._queue(run.account_id, "images", at_once=False)
        return False

    @api.model
    def _explain_combos(self, run):
        """Say of each combo why it is not sent."""
        account = run.account_id
        combos = self.env["product.template"].search(account._catalog_combo_domain())
        for combo in combos:
            run._add_issue(combo, self._combo_reason(), "warning")

    @api.model
    def _combo_reason(self):
        return self.env._(
            "A combo is put together at the till, which the channels cannot do. The products that "
            "it consists of are sent one by one."
        )

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send what could not be sent, again."""
        self.check_access("read")
        # Bindings are read-only for everybody but the worker.
        self.sudo().write({"source_stamp": False, "state": "pending"})
        for account in self.account_id:
            account._queue_run("products")
        return True

    def action_open_product(self):
        """Open the product."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "product.template",
            "res_id": self.product_tmpl_id.id,
            "view_mode": "form",
        }

    # === SHARED BY THE PHASES === #

    @api.model
    def _eligible(self, account):
        """Return the query of the products that belong in Octopus."""
        return self.env["product.template"]._search(account._catalog_domain())

    @api.model
    def _ensure(self, account, template_ids):
        """Make the bindings that are missing."""
        bound = self.search_fetch(
            [("account_id", "=", account.id), ("product_tmpl_id", "in", template_ids)],
            ["product_tmpl_id"],
        )
        self._insert(account, set(template_ids) - set(bound.product_tmpl_id._ids))

    @api.model
    def _insert(self, account, template_ids):
        """Make bindings of products that have none."""
        self._bulk_insert(
            [
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "product_tmpl_id": template_id,
                    "state": "pending",
                    "is_archived": False,
                }
                for template_id in template_ids
            ]
        )
