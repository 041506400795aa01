from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib.octopus_api.const import MAX_ATTRIBUTES
from ...lib.product_details import split_names


class OctopusAccountCatalog(models.AbstractModel):
    """What a store sends of its products besides name, price, picture and stock: the settings."""

    _name = "octopus.account.catalog"
    _description = "Product Details of a Store"

    # === FIELDS === #

    # Prices beside the one that is charged. Those without a source are not sent.
    compare_at_source = fields.Selection(
        [("none", "Not Sent"), ("list", "Sales Price"), ("pricelist", "Pricelist")],
        "Compare-at Price",
        default="none",
        required=True,
        help="The price that the channels show struck through. It is sent only while the price of "
        "the product is lower.",
    )
    compare_at_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Compare-at Pricelist",
        check_company=True,
        help="The pricelist with the prices to be struck through.",
    )
    msrp_pricelist_id = fields.Many2one(
        "product.pricelist",
        "MSRP",
        check_company=True,
        help="The pricelist with the manufacturer's suggested retail prices. Empty: not sent.",
    )
    list_pricelist_id = fields.Many2one(
        "product.pricelist",
        "List Price",
        check_company=True,
        help="The pricelist of Octopus's List Price. Empty: not sent.",
    )
    a_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price A",
        check_company=True,
        help="The pricelist of Octopus's Price A, such as wholesale. Empty: not sent.",
    )
    b_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price B",
        check_company=True,
        help="The pricelist of Octopus's Price B. Empty: not sent.",
    )
    c_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price C",
        check_company=True,
        help="The pricelist of Octopus's Price C. Empty: not sent.",
    )

    # Texts
    description_source = fields.Selection(
        [
            ("pos", "Point of Sale, Otherwise Sales"),
            ("shop", "Online Shop, Otherwise Point of Sale or Sales"),
            ("sales", "Sales"),
        ],
        "Description From",
        default="pos",
        required=True,
        help="Which description of a product the channels show. Online Shop is the description "
        "that Odoo's eCommerce shows; without eCommerce there is none.",
    )
    vendor_source = fields.Selection(
        [("supplier", "First Vendor"), ("brand", "Brand")],
        "Vendor From",
        default="supplier",
        required=True,
        help="What the channels show as the vendor: the first vendor on the Purchase tab, or the "
        "value of the attribute that holds the brand.",
    )
    brand_attribute_id = fields.Many2one(
        "product.attribute",
        help="The attribute that holds the brand of a product.",
    )
    tag_source = fields.Selection(
        [("all", "All"), ("visible", "Visible to Customers"), ("none", "None")],
        "Tags to Send",
        default="all",
        required=True,
        help="Which tags of a product become tags in the channels.",
    )

    weight_unit = fields.Selection(
        [("odoo", "As in Odoo"), ("kg", "kg"), ("g", "g"), ("lb", "lb"), ("oz", "oz")],
        "Unit of Weight",
        default="odoo",
        required=True,
        help="The unit in which weights are sent: that of Odoo, or another one, converted.",
    )

    # Images
    send_galleries = fields.Boolean(
        "Send Extra Images",
        help="The extra images of products and variants in eCommerce go out too, in their order, "
        "each once.",
    )
    has_galleries = fields.Boolean(
        compute="_compute_has_galleries", export_string_translation=False
    )

    # Custom attributes: for filters of a web shop, and for what marketplaces ask
    detail_attribute_ids = fields.Many2many(
        "product.attribute",
        string="From Attributes",
        help="Sent with their values, whether they make variants or not.",
    )
    detail_tag_ids = fields.Many2many(
        "product.tag",
        string="From Tags",
        help="Sent with the value Yes for the products that have the tag.",
    )
    detail_properties = fields.Char(
        "From Properties",
        help="Names of product properties, separated by commas. Sent with their values.",
    )

    # === CONSTRAINTS === #

    @api.constrains("detail_attribute_ids", "detail_tag_ids", "detail_properties")
    def _check_details(self):
        for account in self:
            count = len(account.detail_attribute_ids)
            count += len(account.detail_tag_ids) + len(split_names(account.detail_properties))
            if count > MAX_ATTRIBUTES:
                raise ValidationError(
                    self.env._(
                        "Octopus takes %(max)s custom attributes; %(count)s are chosen. Remove "
                        "some of them.",
                        max=MAX_ATTRIBUTES,
                        count=count,
                    )
                )

    # === COMPUTE METHODS === #

    def _compute_has_galleries(self):
        self.has_galleries = "product.image" in self.env

    # === ACTION METHODS === #

    def action_open_catalog_details(self):
        """Open the prices and details that are sent with products."""
        self.ensure_one()
        view = self.env.ref("linga_octopus.octopus_account_view_form_catalog")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices and Details"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
