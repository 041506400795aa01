from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import BULK_LIMIT, LANE_RESERVE, RATE_LIMIT
from ..models.octopus_product_batch import ProductBatch


class OctopusCatalogueCheck(models.TransientModel):
    """What the Sync buttons would send just now, and what is in the way of it."""

    _name = "octopus.catalogue.check"
    _description = "Octopus Check Before Sending"

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    category_create = fields.Integer("New Categories", readonly=True)
    category_change = fields.Integer("Changed Categories", readonly=True)
    category_remove = fields.Integer("Removed Categories", readonly=True)
    product_create = fields.Integer("New Products", readonly=True)
    product_change = fields.Integer("Changed Products", readonly=True)
    product_archive = fields.Integer("Products to Archive", readonly=True)
    product_unchanged = fields.Integer("Unchanged Products", readonly=True)
    product_skip = fields.Integer("Products Left Out", readonly=True)
    picture_change = fields.Integer("Pictures", readonly=True)
    calls = fields.Integer("Calls to Octopus", readonly=True)
    minutes = fields.Integer(
        readonly=True,
        help="At the number of calls a minute that Octopus allows your store, of which some are "
        "kept for orders and stock.",
    )
    line_ids = fields.One2many("octopus.catalogue.check.line", "check_id", "Problems")

    @api.model
    def _check(self, account):
        """Return a new check of an account; nothing is sent."""
        account._catalogue_currency()
        check = self.create({"account_id": account.id})
        check._check_categories()
        check._check_products()
        check._check_pictures()
        check._estimate()
        return check

    def _check_categories(self):
        account = self.account_id
        bindings = self.env["octopus.category"].sudo()
        categories = account._catalogue_categories()
        unsent = bindings._unsent(account, categories)
        bound = bindings._by_category(account, unsent)
        self.category_change = sum(bool(binding.octopus_ref) for binding in bound.values())
        self.category_create = len(unsent) - self.category_change
        self.category_remove = len(bindings._gone(account, categories))
        for category in unsent:
            if problem := bindings._title_problem(category._octopus_title()):
                self._add_line(category, problem)

    def _check_products(self):
        """Compare all products, a batch in memory at a time."""
        account = self.account_id
        bindings = self.env["octopus.product"].sudo()
        after, counts = 0, {"create": 0, "change": 0, "unchanged": 0}
        while picked := bindings._next_candidates(
            account, after=after, full=True, limit=BULK_LIMIT
        ):
            batch = ProductBatch(bindings, account, dict(picked))
            batch.compare()
            for template_id, problem in batch.failed.items():
                self._add_line(batch.templates.browse(template_id), problem)
            for name, count in batch.counts().items():
                counts[name] += count
            after = picked[-1][0]
            self.env.flush_all()
            self.env.invalidate_all()
        combos = self.env["product.template"].search(account._catalogue_combo_domain())
        for combo in combos:
            self._add_line(combo, bindings._combo_reason(), "warning")
        errors = self.line_ids.filtered(lambda line: line.res_model == "product.template")
        self.product_create = counts["create"]
        self.product_change = counts["change"]
        self.product_unchanged = counts["unchanged"]
        self.product_skip = len(errors)
        self.product_archive = bindings._count_retired(account)

    def _check_pictures(self):
        images = self.env["octopus.image"].sudo()
        account = self.account_id
        new = self.env["product.template"]._search(account._catalogue_domain())
        [(unsent,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM ir_attachment a
                   LEFT JOIN octopus_product b
                          ON b.product_tmpl_id = a.res_id AND b.account_id = %s
                   WHERE a.res_model = 'product.template' AND a.res_field = 'image_1920'
                     AND a.res_id IN %s AND b.octopus_ref IS NULL""",
                account.id,
                new.subselect(),
            )
        )
        self.picture_change = unsent + images._count_changed(account)

    def _estimate(self):
        """Estimate how many calls the passes make, and how long they take."""
        categories = ceil(self.category_create / BULK_LIMIT)
        categories += self.category_change + self.category_remove
        products = ceil((self.product_create + self.product_change) / BULK_LIMIT)
        products += ceil(self.product_archive / BULK_LIMIT)
        self.calls = categories + products + self.picture_change
        self.minutes = ceil(
            categories / (RATE_LIMIT - LANE_RESERVE["categories"])
            + products / (RATE_LIMIT - LANE_RESERVE["products"])
            + self.picture_change / (RATE_LIMIT - LANE_RESERVE["images"])
        )

    def _add_line(self, record, message, severity="error"):
        self.env["octopus.catalogue.check.line"].create(
            {
                "check_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "name": record.display_name,
                "message": message,
                "severity": severity,
            }
        )


class OctopusCatalogueCheckLine(models.TransientModel):
    """A record that could not be sent, or not wholly."""

    _name = "octopus.catalogue.check.line"
    _description = "Octopus Problem Before Sending"
    _order = "severity, id"

    check_id = fields.Many2one("octopus.catalogue.check", required=True, ondelete="cascade")
    res_model = fields.Char(export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", export_string_translation=False)
    name = fields.Char("Record", readonly=True)
    message = fields.Text("Problem", readonly=True)
    severity = fields.Selection([("error", "Problem"), ("warning", "Note")], readonly=True)

    def action_open_record(self):
        """Open the record that has the problem."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
