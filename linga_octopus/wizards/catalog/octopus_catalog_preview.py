from math import ceil

from odoo import api, fields, models

from ...const import CALLS_PER_BATCH, LANE_RESERVE, RATE_LIMIT
from ...lib.octopus_api import BULK_LIMIT
from ...models.catalog import image_queries, octopus_collect, product_run
from ...models.catalog.batch import ProductBatch
from ...models.catalog.kits import combo_reason
from ...models.catalog.octopus_category import CategoryQueries, title_problem
from ...models.catalog.octopus_image import UNUSABLE_PICTURES
from ...models.catalog.scope import CatalogScope
from ...models.mixins.notices import NoticeText
from .product_changes import product_changes

# Changes that are listed one by one; the counts have them all.
MAX_SHOWN = 200


class OctopusCatalogPreview(models.TransientModel):
    """A preview of what the Sync buttons would send now, and of the issues in the way."""

    _name = "octopus.catalog.preview"
    _description = "Octopus Sync Preview"

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
        "Excluded", readonly=True, help="Combos, and products with an issue: see below."
    )
    product_excluded = fields.Integer("Marked Do Not Publish", readonly=True)
    picture_change = fields.Integer("Images", readonly=True)
    calls = fields.Integer("Calls to Octopus", readonly=True)
    minutes = fields.Integer(
        readonly=True,
        help="The time at the number of calls a minute that Octopus allows your store. Some of "
        "these calls are kept for orders and stock.",
    )
    line_ids = fields.One2many(
        "octopus.catalog.preview.line", "check_id", "Issues", domain=[("severity", "!=", "change")]
    )
    change_ids = fields.One2many(
        "octopus.catalog.preview.line",
        "check_id",
        "Changes",
        domain=[("severity", "=", "change")],
        help="What would become of each record.",
    )
    has_changes = fields.Boolean(compute="_compute_has_changes", export_string_translation=False)
    is_cut = fields.Boolean(compute="_compute_has_changes", export_string_translation=False)

    @api.depends("change_ids", "picture_change", "calls")
    def _compute_has_changes(self):
        for check in self:
            check.has_changes = bool(check.change_ids or check.picture_change or check.calls)
            check.is_cut = len(check.change_ids) >= MAX_SHOWN

    # === ACTION METHODS === #

    def action_sync_now(self):
        """Send what the preview shows: categories first, then products with their images."""
        self.ensure_one()
        answer = self.account_id.action_sync_catalog()
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer

    # === BUSINESS METHODS === #

    @api.model
    def _check(self, account):
        """Return a new preview of an account; nothing is sent."""
        # Only workers may read all bindings.
        scope = CatalogScope(account.sudo())
        scope.currency()
        check = self.create({"account_id": account.id})
        category_calls, bad_categories = check._check_categories(scope)
        product_calls, bad_products = check._check_products(scope)
        product_calls += ceil(
            octopus_collect.count_missing(scope, bad_products, bad_categories) / BULK_LIMIT
        )
        product_calls += octopus_collect.count_outdated(scope)
        image_calls = check._check_pictures(scope, bad_products)
        check._estimate(
            {"categories": category_calls, "products": product_calls, "images": image_calls}
        )
        return check

    def _check_categories(self, scope):
        """Count the categories that a run would send.

        :return: the number of calls, and the ids of the categories that are not sent
        """
        queries = CategoryQueries(scope)
        unsent = queries.unsent()
        bad = []
        for category in unsent:
            if problem := title_problem(self.env, category._octopus_title()):
                self._add_line(category, problem)
                bad.append(category.id)
        fine = unsent.filtered(lambda category: category.id not in bad)
        bound = queries.bound(fine)
        gone = queries.gone()
        self._show_categories(fine, bound, gone)
        self.category_change = sum(bool(binding.octopus_ref) for binding in bound.values())
        self.category_create = len(fine) - self.category_change
        self.category_remove = len(gone)
        removed = gone.filtered(lambda binding: binding.octopus_ref and not binding.is_adopted)
        new_calls = ceil(self.category_create / BULK_LIMIT)
        # Before any is created, all that Octopus has are read.
        new_calls += new_calls * self._count_pages("octopus.category")
        return new_calls + self.category_change + len(removed), bad

    def _show_categories(self, fine, bound, gone):
        for category in fine:
            binding, title = bound.get(category), category._octopus_title()
            if binding and binding.octopus_ref:
                old = binding.title or ""
                text = self.env._("Title: %(old)s → %(new)s", old=old, new=title)
                self._add_change(category, "change", text)
            else:
                self._add_change(category, "create", title)
        for binding in gone:
            self._add_change(binding, "remove", binding.title or "")

    def _check_products(self, scope):
        """Compare the products that a run would look at, with one batch in memory at a time.

        :return: the number of calls, and the ids of the products that are not sent
        """
        is_full = scope.signature() != scope.account.catalog_signature
        is_matched = not scope.account.is_catalog_matched
        calls = self._count_pages("octopus.product") if is_matched else 0
        after, looked_at, bad = 0, 0, []
        counts = {"create": 0, "change": 0, "unchanged": 0}
        while candidates := product_run.next_candidates(
            scope, after=after, is_full=is_full, limit=BULK_LIMIT
        ):
            batch = ProductBatch(scope, dict(candidates))
            batch.compare()
            unsure = len(batch.unsure(is_matched=is_matched))
            if unsure > CALLS_PER_BATCH:
                is_matched, unsure = True, self._count_pages("octopus.product")
            calls += unsure + batch.count_calls()
            for template_id, change, text in product_changes(batch, self.env):
                self._add_change(self.env["product.template"].browse(template_id), change, text)
            for template_id, problem in batch.failed.items():
                self._add_line(self.env["product.template"].browse(template_id), problem)
            bad += batch.failed
            for name, count in batch.counts().items():
                counts[name] += count
            after = candidates[-1][0]
            looked_at += len(candidates)
            self.env.flush_all()
            self.env.invalidate_all()
        self._count_products(scope, counts, looked_at, bad)
        return calls + ceil(self.product_archive / BULK_LIMIT), bad

    def _count_products(self, scope, counts, looked_at, failed):
        templates = self.env["product.template"]
        combos = templates.search(scope.combo_domain())
        for combo in combos:
            self._add_line(combo, combo_reason(self.env), "warning")
        self.product_create = counts["create"]
        self.product_change = counts["change"]
        self.product_unchanged = counts["unchanged"] + scope.count_eligible() - looked_at
        self.product_skip = len(failed) + len(combos)
        self.product_excluded = templates.search_count(scope.excluded_domain())
        self.product_archive = product_run.count_to_archive(scope)
        for binding in product_run.next_to_archive(scope, after=0, limit=MAX_SHOWN):
            self._add_change(binding.product_tmpl_id or binding, "archive", binding.name or "")

    def _check_pictures(self, scope, left_out):
        """Count the pictures that runs would send or delete; return the number of calls."""
        changed, replaced = image_queries.count_coming(scope, left_out)
        for record in image_queries.coming_drawings(scope, left_out):
            self._add_line(record.with_env(self.env), UNUSABLE_PICTURES["unknown"](self.env))
        gone = image_queries.next_gone(scope, limit=None)
        self.picture_change = changed + len(gone)
        return changed + replaced + len(gone.filtered("octopus_ref"))

    # === EFFORT === #

    def _count_pages(self, model):
        """Return how many calls it takes to read all that Octopus has, by the known bindings."""
        known = [("account_id", "=", self.account_id.id), ("octopus_ref", "!=", False)]
        return self.env[model].sudo().search_count(known) // BULK_LIMIT + 1

    def _estimate(self, calls):
        """Set how many calls the runs make, and how long they take.

        :param dict calls: numbers of calls by kind of run
        """
        known_limit = self.env["octopus.sync.run"].search(
            [("account_id", "=", self.account_id.id), ("rate_limit", ">", 0)], limit=1
        )
        limit = known_limit.rate_limit or RATE_LIMIT
        self.calls = sum(calls.values())
        self.minutes = ceil(
            sum(count / max(limit - LANE_RESERVE[kind], 1) for kind, count in calls.items())
        )

    def _add_change(self, record, change, text):
        """Show what would become of a record; the first MAX_SHOWN only."""
        if len(self.change_ids) < MAX_SHOWN:
            self._add_line(record, text, "change", change)

    def _add_line(self, record, message, severity="error", change=False):
        self.env["octopus.catalog.preview.line"].create(
            {
                "change": change,
                "check_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "name": record.display_name,
                "message": message,
                "severity": severity,
            }
        )


class OctopusCatalogPreviewLine(models.TransientModel):
    """A record that could not be sent, or only in part."""

    _name = "octopus.catalog.preview.line"
    _description = "Octopus Sync Preview Issue"
    _order = "severity, id"

    check_id = fields.Many2one("octopus.catalog.preview", required=True, ondelete="cascade")
    res_model = fields.Char(export_string_translation=False)
    res_id = fields.Many2oneReference(model_field="res_model", export_string_translation=False)
    name = fields.Char("Record", readonly=True)
    message = NoticeText("Issue", readonly=True)
    severity = fields.Selection(
        [("error", "Issue"), ("warning", "Note"), ("change", "Change")], readonly=True
    )
    change = fields.Selection(
        [
            ("create", "New"),
            ("change", "Changed"),
            ("archive", "To Archive"),
            ("remove", "To Remove"),
        ],
        readonly=True,
    )

    def action_open_record(self):
        """Open the record that has the issue."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
