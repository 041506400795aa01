import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.octopus_api import RemoteProduct
from ..mixins.notices import NoticeText
from .opening_catalog import OpeningCatalog, link_product

UNDECIDED = ("open", "error", "dismissed")


class OctopusRemoteProduct(models.Model):
    """A product that only Octopus has: made in Odoo, linked to a product there, or left, as a
    user decides."""

    _name = "octopus.remote.product"
    _description = "Product Only in Octopus"
    _inherit = ["octopus.company.guard"]
    _order = "name, id"

    # === FIELDS === #

    account_id = fields.Many2one(
        "octopus.account", "Store", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    run_id = fields.Many2one(
        "octopus.sync.run",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
        help="The run that saw the product last.",
    )
    octopus_ref = fields.Char("Octopus ID", required=True, readonly=True)
    name = fields.Char("Product in Octopus", readonly=True, help="Its title in Octopus.")
    skus = fields.Char("SKUs", readonly=True, help="Those of its variants in Octopus.")
    price = fields.Char(readonly=True, help="The lowest price of its variants.")
    variant_count = fields.Integer("Variants", readonly=True)
    has_image = fields.Boolean(
        "Image", readonly=True, help="Octopus names the web address of an image of the product."
    )
    payload = fields.Text(
        readonly=True,
        prefetch=False,
        export_string_translation=False,
        help="The product as Octopus told it.",
    )
    state = fields.Selection(
        [
            ("open", "To Decide"),
            ("waiting", "To Create"),
            ("error", "Issue"),
            ("done", "In Odoo"),
            ("dismissed", "Dismissed"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    error = NoticeText(
        "Issue",
        readonly=True,
        help="Why the product is not in Odoo, or not all of it, and what to do.",
    )
    link_tmpl_id = fields.Many2one(
        "product.template",
        "Link With",
        check_company=True,
        domain="[('available_in_pos', '=', True), ('sale_ok', '=', True)]",
        ondelete="set null",
        help="The product of Odoo that it is. Press Link afterwards.",
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product in Odoo",
        readonly=True,
        ondelete="set null",
        help="The product that was created for it, or that it was linked with.",
    )

    _ref_uniq = models.Constraint(
        "UNIQUE(account_id, octopus_ref)", "A product of Octopus is listed once for each store."
    )

    # === ACTION METHODS === #

    def action_find_products(self):
        """List the products that only Octopus has, of all stores of these companies."""
        stores = self.env["octopus.account"].search([("state", "in", ("connected", "error"))])
        stores.check_access("write")
        if not stores:
            raise UserError(self.env._("No store is connected. Connect one first."))
        answers = [store._queue_run("opening") for store in stores]
        return answers[-1]

    def action_create(self):
        """Have the worker make these products in Odoo; also those that failed before."""
        self.account_id.check_access("write")
        self.env["product.template"].check_access("create")
        undecided = self.filtered(lambda product: product.state in UNDECIDED)
        # Its fields are read-only for users, who decide with buttons.
        undecided.sudo().write({"state": "waiting", "error": False})
        answers = [account._queue_run("opening") for account in undecided.account_id]
        return answers[-1] if answers else True

    def action_link(self):
        """Link these products with those that were chosen; Sync Products then updates them."""
        self.account_id.check_access("write")
        chosen = self.filtered(lambda product: product.link_tmpl_id and product.state != "done")
        if not chosen:
            raise UserError(self.env._("Choose a product under Link With first."))
        for product in chosen.sudo():
            link_product(product)
        return True

    def action_dismiss(self):
        """Leave these products as they are: only in Octopus."""
        self.account_id.check_access("write")
        left = self.filtered(lambda product: product.state in ("open", "waiting", "error"))
        left.sudo().write({"state": "dismissed", "error": False})
        return True

    # === BUSINESS METHODS === #

    def _remote(self):
        """Return the product as Octopus told it, a RemoteProduct."""
        self.ensure_one()
        return RemoteProduct.from_json(json.loads(self.payload))

    @api.model
    def _run_start(self, run):
        """Begin a run; return the number of products to make."""
        return self.search_count(
            [("account_id", "=", run.account_id.id), ("state", "=", "waiting")]
        )

    @api.model
    def _run_batch(self, run, client):
        """List what only Octopus has, then make what users chose; return whether there is more."""
        return OpeningCatalog(run, client).do_batch()
