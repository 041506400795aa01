from odoo import api, fields, models

from ...lib.octopus_api.items import KnownVariant, archive_item
from . import image_queries, product_run
from .octopus_category import CategoryQueries
from .scope import CatalogScope


class OctopusProduct(models.Model):
    """The link between a product of Odoo and the product of Octopus that stands for it."""

    _name = "octopus.product"
    _description = "Product in Octopus"
    _inherit = ["octopus.binding"]

    # === FIELDS === #

    # The binding outlives the product: the next run archives it in Octopus.
    product_tmpl_id = fields.Many2one(
        "product.template", "Product", ondelete="set null", index=True
    )
    name = fields.Char("Title", readonly=True, help="The title in Octopus.")
    variant_ids = fields.One2many("octopus.variant", "octopus_product_id", "Variants")
    image_ids = fields.One2many("octopus.image", "octopus_product_id", "Images")
    problem = fields.Text(
        "Issues",
        compute="_compute_problem",
        help="The issues of the product itself and of its images.",
    )
    is_archived = fields.Boolean(
        "Archived in Octopus", readonly=True, help="No channel sells it any more."
    )
    source_stamp = fields.Char(
        readonly=True,
        export_string_translation=False,
        help="Tells cheaply whether the product's own records were changed since the last run.",
    )

    # === CONSTRAINTS === #

    _product_uniq = models.Constraint(
        "UNIQUE(account_id, product_tmpl_id)", "A product is in Octopus once per store."
    )
    _ref_idx = models.Index("(account_id, octopus_ref)")

    # === COMPUTE METHODS === #

    @api.depends("error", "image_ids.error")
    @api.depends_context("lang")
    def _compute_problem(self):
        for binding in self:
            problems = [binding.error, *(image._named_error() for image in binding.image_ids)]
            binding.problem = "\n".join(filter(None, problems))

    # === ACTION METHODS === #

    def action_octopus_retry(self):
        """Send again what could not be sent."""
        self.check_access("read")
        self._recheck()
        for account in self.account_id:
            account._queue_run("products")
        return True

    # === BUSINESS METHODS === #

    def _recheck(self):
        """Have the next run send these products even if nothing about them changed."""
        # Only workers may write bindings.
        self.sudo().write({"source_stamp": False, "state": "pending"})

    @api.model
    def _run_retry_products(self, run, products):
        """Have `run` send these variants even if nothing about them changed."""
        bindings_sudo = self.sudo().search(
            [
                ("account_id", "=", run.account_id.id),
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
            ]
        )
        bindings_sudo._recheck()

    @api.model
    def _run_start(self, run):
        return product_run.start_run(run)

    @api.model
    def _run_batch(self, run, client):
        return product_run.ProductRun(run, client).do_batch()

    @api.model
    def _insert_missing(self, account, titles):
        """Insert the bindings that these products lack, in the order of the products.

        :param dict titles: what Octopus will call each product, or None, by product id
        """
        self._bulk_insert(
            [
                {
                    "account_id": account.id,
                    "company_id": account.company_id.id,
                    "product_tmpl_id": template_id,
                    "state": "pending",
                    "is_archived": False,
                    "name": title,
                }
                for template_id, title in titles.items()
            ],
            or_nothing=True,
        )

    def _archive_item(self):
        """Return the item that archives the product in Octopus.

        Everything in it comes from the bindings, because the product may be deleted.
        """
        return archive_item(
            str(self.id),
            octopus_ref=self.octopus_ref,
            title=self.name or self.product_tmpl_id.name,
            variants=[
                KnownVariant(
                    ref=str(variant.id),
                    octopus_ref=variant.octopus_ref,
                    sku=variant.sku or variant.product_id._octopus_sku(),
                    price=variant.price or "0",
                )
                for variant in self.variant_ids
                if variant.octopus_ref
            ],
        )

    def _save_archived(self, error):
        """Save that Octopus archived the product, or why it did not."""
        if error:
            # Without a stamp: it was sent as what it is now, left out.
            self.write({"state": "error", "error": error, "source_stamp": False})
            return
        self.write(
            {
                "state": "synced",
                "error": False,
                "is_archived": True,
                "payload_hash": False,
                "synced_at": fields.Datetime.now(),
            }
        )
        self.env["octopus.stock.event"]._enqueue_products(self.variant_ids.product_id)

    def _reset_remote(self):
        """Reset the bindings of products that were deleted in Octopus: they are created again."""
        self.variant_ids.unlink()
        for model in ("octopus.collect", "octopus.image"):
            self.env[model].search([("octopus_product_id", "in", self.ids)]).unlink()
        self.write({"octopus_ref": False, "state": "pending", "error": False})

    # === CRON METHODS === #

    @api.model
    def _cron_sync_catalog(self):
        """Queue runs for the stores that send changes automatically and have some."""
        accounts = self.env["octopus.account"].search(
            [("auto_catalog_sync", "=", True), ("state", "=", "connected")]
        )
        runs = self.env["octopus.sync.run"]
        for account in accounts:
            scope = CatalogScope(account)
            if CategoryQueries(scope).has_changes():
                runs._queue(account, "categories", at_once=False)
            if product_run.has_changes(scope):
                runs._queue(account, "products", at_once=False)
            if image_queries.has_changes(scope, with_errors=False):
                runs._queue(account, "images", at_once=False)
