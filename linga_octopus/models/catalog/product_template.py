from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ...const import MANAGER
from .kits import combo_reason

# SKUs that the list of products shows; more of them are counted.
SHOWN_SKUS = 2


class ProductTemplate(models.Model):
    _inherit = "product.template"

    octopus_excluded = fields.Boolean(
        "Do Not Publish to Octopus",
        tracking=True,
        help="The product is not sent to Octopus. If Octopus has it already, it is archived there.",
    )
    octopus_draft = fields.Boolean(
        "Draft in Octopus",
        tracking=True,
        help="The product is sent as a draft: it is in Octopus, but no channel sells it yet.",
    )
    octopus_publish_from = fields.Datetime(
        "Publish From",
        tracking=True,
        index="btree_not_null",  # the stock worker looks for moments that have come
        help="Before this time no channel has the product. Then it is sent automatically if the "
        "store sends catalog changes automatically, otherwise by the next Sync Products.",
    )
    octopus_publish_until = fields.Datetime(
        "Publish Until",
        tracking=True,
        index="btree_not_null",
        help="From this time on the channels show the product as sold out. It is archived in "
        "Octopus automatically if the store sends catalog changes automatically, otherwise by the "
        "next Sync Products.",
    )
    octopus_uom_id = fields.Many2one(
        "uom.uom",
        "Sold in Octopus As",
        domain="[('id', 'in', uom_ids)]",
        tracking=True,
        help="The packaging that the channels sell as one: prices, weight and stock are those of a "
        "packaging, and its pieces leave the stock with each that is ordered. Empty: the unit of "
        "the product.",
    )
    octopus_product_ids = fields.One2many(
        "octopus.product", "product_tmpl_id", "In Octopus", groups=MANAGER
    )
    # For the list of products.
    octopus_state = fields.Selection(
        [
            ("error", "Issue"),
            ("pending", "To Send"),
            ("none", "Not in Octopus"),
            ("synced", "In Octopus"),
            ("archived", "Archived in Octopus"),
            ("excluded", "Not Published"),
            ("combo", "Not Supported"),
        ],
        "Octopus",
        compute="_compute_octopus_state",
        compute_sudo=True,
        help="Whether the product is in Octopus; with several stores, the one that needs most.",
    )
    octopus_reason = fields.Text(
        "Why", compute="_compute_octopus_state", compute_sudo=True, help="Why, and what to do."
    )
    octopus_skus = fields.Char("SKUs", compute="_compute_octopus_skus")
    # The rules for the number that Octopus gets (see `stock.rules`).
    octopus_own_buffer = fields.Boolean(
        "Override Safety Stock",
        help="Use the safety stock of this product instead of that of its category or store.",
    )
    octopus_stock_buffer = fields.Float(
        "Safety Stock",
        digits="Product Unit",
        help="So many pieces are not offered: the number for Octopus is that much lower.",
    )
    octopus_stock_cap = fields.Integer(
        "Maximum Published Quantity",
        help="The highest number that is sent to Octopus. 0: as set for the store.",
    )
    octopus_sold_out_at = fields.Integer(
        "Sold Out At",
        help="With so many pieces or fewer left to publish, the channels show it as sold out.",
    )

    _octopus_stock_buffer_positive = models.Constraint(
        "CHECK(octopus_stock_buffer >= 0)", "The safety stock cannot be less than 0."
    )
    _octopus_stock_cap_positive = models.Constraint(
        "CHECK(octopus_stock_cap >= 0)",
        "The maximum published quantity cannot be less than 0; 0 means: as set for the store.",
    )
    _octopus_sold_out_at_positive = models.Constraint(
        "CHECK(octopus_sold_out_at >= 0)",
        "The quantity at which a product is sold out cannot be less than 0.",
    )
    _octopus_period = models.Constraint(
        "CHECK(octopus_publish_until > octopus_publish_from)",
        "Publish Until must be later than Publish From.",
    )

    @api.constrains("octopus_uom_id", "uom_id")
    def _check_octopus_uom(self):
        for product in self:
            packaging = product.octopus_uom_id
            if packaging and not packaging._has_common_reference(product.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(packaging)s cannot be converted into %(unit)s. Choose another packaging "
                        "under Sold in Octopus As.",
                        packaging=packaging.name,
                        unit=product.uom_id.name,
                    )
                )

    # === COMPUTE METHODS === #

    @api.depends(
        *("type", "active", "octopus_excluded", "available_in_pos", "sale_ok", "octopus_draft"),
        *("octopus_publish_from", "octopus_publish_until"),
        *("octopus_product_ids.state", "octopus_product_ids.is_archived"),
    )
    @api.depends_context("lang", "tz", "allowed_company_ids")
    def _compute_octopus_state(self):
        for product in self:
            product.octopus_state, product.octopus_reason = product._octopus_state_and_reason()

    def _octopus_state_and_reason(self):
        env = self.env
        # Computed as superuser: the rules of the bindings do not hold here.
        bindings = self.octopus_product_ids.filtered(
            lambda binding: binding.company_id in env.companies
        )
        known = bindings.filtered("octopus_ref")
        problems = "\n".join(filter(None, bindings.mapped("problem")))
        if self.octopus_excluded:
            state = "archived" if known else "excluded"
            return state, env._("Do Not Publish to Octopus is ticked on the product.")
        if self.type == "combo":
            return "combo", combo_reason(env)
        if problems:
            return "error", problems
        if not (self.available_in_pos and self.sale_ok and self.active):
            state = "archived" if known else "none"
            return state, env._("It is not sold at the Point of Sale.")
        if unpublished := self._octopus_period_reason():
            return "archived" if known else "none", unpublished
        if not known:
            return "none", env._("Sync Products sends it.")
        if any(binding.state == "pending" for binding in bindings):
            return "pending", env._("Sync Products sends it.")
        if self.octopus_draft:
            return "synced", env._("It is a draft in Octopus: no channel sells it.")
        return "synced", False

    def _octopus_period_reason(self):
        """Return why the product is not published at this moment, or None."""
        env, now = self.env, fields.Datetime.now()
        begin, end = self.octopus_publish_from, self.octopus_publish_until
        if begin and begin > now:
            return env._("It is published from %s.", format_datetime(env, begin))
        if end and end <= now:
            return env._("It was published until %s.", format_datetime(env, end))
        return None

    def _octopus_extra_values(self):
        """Hook: return more fields of the product for Octopus; see `product.product`."""
        self.ensure_one()
        return {}

    def _compute_octopus_skus(self):
        for product in self:
            skus = [variant._octopus_sku() for variant in product.product_variant_ids]
            rest = len(skus) - SHOWN_SKUS
            shown = ", ".join(skus[:SHOWN_SKUS])
            product.octopus_skus = f"{shown} +{rest}" if rest > 0 else shown
