from math import ceil

from odoo import api, fields, models

from ...const import BULK_LIMIT, CALLS_PER_BATCH, LANE_RESERVE, RATE_LIMIT
from ...models.catalog.batch import ProductBatch


class OctopusCatalogPreview(models.TransientModel):
    """What the Sync buttons would send just now, and what is in the way of it."""

    _name = "octopus.catalog.preview"
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
    product_skip = fields.Integer(
        "Left Out", readonly=True, help="Combos, and products with a problem: see below."
    )
    product_excluded = fields.Integer("Marked Not on Octopus", readonly=True)
    picture_change = fields.Integer("Pictures", readonly=True)
    calls = fields.Integer("Calls to Octopus", readonly=True)
    minutes = fields.Integer(
        readonly=True,
        help="At the number of calls a minute that Octopus allows your store, of which some are "
        "kept for orders and stock.",
    )
    line_ids = fields.One2many("octopus.catalog.preview.line", "check_id", "Problems")

    @api.model
    def _check(self, account):
        """Return a new check of an account; nothing is sent."""
        account._catalog_currency()
        check = self.create({"account_id": account.id})
        left_out = {"product.template": []}
        category_calls = check._check_categories(left_out)
        product_calls = check._check_products(left_out)
        product_calls += check._count_link_calls(left_out)
        image_calls = check._check_pictures(left_out["product.template"])
        check._estimate(
            {"categories": category_calls, "products": product_calls, "images": image_calls}
        )
        return check

    def _check_categories(self, left_out):
        account = self.account_id
        bindings = self.env["octopus.category"].sudo()
        categories = account._catalog_categories()
        unsent = bindings._unsent(account, categories)
        left_out[categories._name] = []
        for category in unsent:
            if problem := bindings._title_problem(category._octopus_title()):
                self._add_line(category, problem)
                left_out[categories._name].append(category.id)
        fine = unsent.filtered(lambda category: category.id not in left_out[categories._name])
        bound = bindings._by_category(account, fine)
        gone = bindings._gone(account, categories)
        self.category_change = sum(bool(binding.octopus_ref) for binding in bound.values())
        self.category_create = len(fine) - self.category_change
        self.category_remove = len(gone)
        removed = gone.filtered(lambda binding: binding.octopus_ref and not binding.is_adopted)
        new_calls = ceil(self.category_create / BULK_LIMIT)
        # Before they are made, all that Octopus has are read.
        new_calls += new_calls * self._count_pages("octopus.category")
        return new_calls + self.category_change + len(removed)

    def _check_products(self, left_out):
        """Compare the products that a pass would look at, a batch in memory at a time."""
        account = self.account_id
        bindings = self.env["octopus.product"].sudo()
        full = account._catalog_signature() != account.catalog_signature
        matched = not account.is_catalog_matched
        calls = self._count_pages("octopus.product") if matched else 0
        after, looked_at = 0, 0
        counts = {"create": 0, "change": 0, "unchanged": 0}
        while picked := bindings._next_candidates(
            account, after=after, full=full, limit=BULK_LIMIT
        ):
            batch = ProductBatch(bindings, account, dict(picked))
            batch.compare()
            unsure = len(batch.unsure(looked_at_all=matched))
            if unsure > CALLS_PER_BATCH:
                matched, unsure = True, self._count_pages("octopus.product")
            calls += unsure + batch.count_calls()
            for template_id, problem in batch.failed.items():
                self._add_line(batch.templates.browse(template_id), problem)
            left_out["product.template"] += batch.failed
            for name, count in batch.counts().items():
                counts[name] += count
            after = picked[-1][0]
            looked_at += len(picked)
            self.env.flush_all()
            self.env.invalidate_all()
        self._count_products(counts, looked_at, left_out["product.template"])
        return calls + ceil(self.product_archive / BULK_LIMIT)

    def _count_products(self, counts, looked_at, failed):
        account = self.account_id
        templates = self.env["product.template"]
        combos = templates.search(account._catalog_combo_domain())
        for combo in combos:
            self._add_line(combo, self.env["octopus.product"]._combo_reason(), "warning")
        eligible = templates.search_count(account._catalog_domain())
        self.product_create = counts["create"]
        self.product_change = counts["change"]
        self.product_unchanged = counts["unchanged"] + eligible - looked_at
        self.product_skip = len(failed) + len(combos)
        self.product_excluded = templates.search_count(account._catalog_excluded_domain())
        self.product_archive = self.env["octopus.product"].sudo()._count_retired(account)

    def _check_pictures(self, left_out):
        images = self.env["octopus.image"].sudo()
        changed, replaced = images._count_coming(self.account_id, left_out)
        for record in images._coming_drawings(self.account_id, left_out):
            self._add_line(record.with_env(self.env), images._explain_unusable("unknown"))
        gone = images.search(images._gone_domain(self.account_id))
        self.picture_change = changed + len(gone)
        return changed + replaced + len(gone.filtered("octopus_ref"))

    # === EFFORT === #

    def _count_link_calls(self, left_out):
        """Return how many calls put products into categories, and take them out."""
        collects = self.env["octopus.collect"].sudo()
        missing = collects._count_missing(self.account_id, left_out)
        return ceil(missing / BULK_LIMIT) + collects._count_outdated(self.account_id)

    def _count_pages(self, model):
        """Return how many calls it takes to read all that Octopus has, as far as we know."""
        known = [("account_id", "=", self.account_id.id), ("octopus_ref", "!=", False)]
        return self.env[model].sudo().search_count(known) // BULK_LIMIT + 1

    def _estimate(self, calls):
        """Say how many calls the passes make, and how long they take.

        :param dict calls: how many, by kind of pass
        """
        known_limit = self.env["octopus.sync.run"].search(
            [("account_id", "=", self.account_id.id), ("rate_limit", ">", 0)], limit=1
        )
        limit = known_limit.rate_limit or RATE_LIMIT
        self.calls = sum(calls.values())
        self.minutes = ceil(
            sum(count / max(limit - LANE_RESERVE[kind], 1) for kind, count in calls.items())
        )

    def _add_line(self, record, message, severity="error"):
        self.env["octopus.catalog.preview.line"].create(
            {
                "check_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "name": record.display_name,
                "message": message,
                "severity": severity,
            }
        )


class OctopusCatalogPreviewLine(models.TransientModel):
    """A record that could not be sent, or not wholly."""

    _name = "octopus.catalog.preview.line"
    _description = "Octopus Problem Before Sending"
    _order = "severity, id"

    check_id = fields.Many2one("octopus.catalog.preview", required=True, ondelete="cascade")
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
