"""The texts and custom attributes of products, from where the store takes them."""

from typing import NamedTuple

from odoo.tools import is_html_empty, plaintext2html

from ...lib.product_details import gathered, property_text, split_names

# The fields of a product with its description, the first one that has a text counts. That of
# eCommerce exists only where it is installed.
DESCRIPTIONS = {
    "shop": ("description_ecommerce", "public_description"),
    "pos": ("public_description",),
    "sales": (),
}


class Details(NamedTuple):
    """What Octopus is told of a product besides names and numbers."""

    description: str  # HTML
    vendor: str
    tags: str  # separated by commas
    attributes: dict | None  # {name: value} by variant id; None where the store sends none


class ProductDetails:
    """Reads the texts and custom attributes of some products, in few queries.

    :param scope: the CatalogScope of the store
    :param templates: the products, of one batch, in the environment of the scope
    """

    def __init__(self, scope, templates):
        self._env = env = scope.env
        self._account = account = scope.account
        self._templates = templates
        self._attributes = account.detail_attribute_ids.with_env(env)
        self._tags = account.detail_tag_ids.with_env(env)
        self._brand = account.brand_attribute_id.with_env(env)
        self._properties = self._read_properties() if account.detail_properties else {}
        self._yes = env._("Yes")

    def of_products(self):
        """Return ``{template id: Details}``."""
        return {template.id: self._details_of(template) for template in self._templates}

    def _details_of(self, template):
        return Details(
            self._description(template),
            self._vendor(template),
            self._tag_names(template),
            self._attributes_of(template),
        )

    def _read_properties(self):
        """Return ``{template id: [(name, value)]}`` of the chosen properties."""
        names = {name.casefold(): name for name in split_names(self._account.detail_properties)}
        words = {"yes": self._env._("Yes"), "no": self._env._("No")}
        return {
            row["id"]: [
                (names[label], property_text(entry, **words))
                for entry in row["product_properties"] or ()
                if (label := (entry.get("string") or "").strip().casefold()) in names
            ]
            for row in self._templates.read(["product_properties"])
        }

    # === TEXTS === #

    def _description(self, template):
        for name in DESCRIPTIONS[self._account.description_source]:
            html = name in template._fields and template[name]
            if html and not is_html_empty(html):
                return str(html)
        return str(plaintext2html(template.description_sale)) if template.description_sale else ""

    def _vendor(self, template):
        """Return the brand of a product, or its first vendor, of this company or of all."""
        if self._account.vendor_source == "brand":
            return self._values_of(template, self._brand)
        sellers = template.seller_ids.filtered(
            lambda seller: seller.company_id.id in (False, self._account.company_id.id)
        )
        return sellers[:1].partner_id.name or ""

    def _tag_names(self, template):
        tags = template.product_tag_ids
        if self._account.tag_source == "visible":
            tags = tags.filtered("visible_to_customers")
        elif self._account.tag_source == "none":
            tags = tags.browse()
        return ", ".join(tag.name.replace(",", " ").strip() for tag in tags)

    # === CUSTOM ATTRIBUTES === #

    def _attributes_of(self, template):
        if not (self._attributes or self._tags or self._account.detail_properties):
            return None
        variants = template.product_variant_ids
        return {variant.id: self._attributes_of_variant(template, variant) for variant in variants}

    def _attributes_of_variant(self, template, variant):
        tags = self._tags and variant.all_product_tag_ids
        return gathered(
            [
                *(
                    (attribute.name, self._values_of(template, attribute, variant))
                    for attribute in self._attributes
                ),
                *self._properties.get(template.id, ()),
                *((tag.name, self._yes) for tag in self._tags if tag in tags),
            ]
        )

    def _values_of(self, template, attribute, variant=None):
        """Return the values that a product, or one of its variants, has of an attribute."""
        own = variant and variant.product_template_attribute_value_ids
        values = own and own.filtered(lambda value: value.attribute_id == attribute)
        if not values:
            lines = template.attribute_line_ids
            lines = lines.filtered(lambda line: line.attribute_id == attribute)
            values = lines.product_template_value_ids._only_active()
        return ", ".join(value.name.strip() for value in values if value.name)
