"""Products as items for Octopus, or the reason why Octopus would not take them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import LazyTranslate, float_repr, html_escape, is_html_empty, plaintext2html

from ...const import MAX_SKU
from ...lib.octopus_api.const import MAX_OPTIONS, MAX_TITLE
from ...lib.octopus_api.items import DatedPrice, ProductItem, VariantItem
from ...lib.product_details import gathered, property_text, split_names
from ...lib.product_sums import converted_weight, first_repeated
from ..mixins.notices import Sentence
from .kits import kits_among
from .prices import PriceBook, packaging_factor
from .product_product import code_domain

_lt = LazyTranslate(__name__)

NO_NAME = Sentence("product_without_name", _lt("The product has no name. Give it one."))
NAME_TOO_LONG = Sentence(
    "name_too_long", _lt("The name has %(length)s characters; Octopus takes %(max)s. Shorten it.")
)
TOO_MANY_OPTIONS = Sentence(
    "too_many_options",
    _lt(
        "The product has %(count)s attributes that make variants (%(names)s); Octopus "
        "takes %(max)s. Set some of them to “Never” create variants, or split the product."
    ),
)
NOTHING_TO_SELL = Sentence(
    "no_variant", _lt("The product has no variant to sell. Configure its attributes.")
)
VALUE_WITHOUT_NAME = Sentence(
    "value_without_name", _lt("A value of an attribute has no name. Give it one.")
)
SAME_VALUES = Sentence(
    "same_values", _lt("Two variants have the same values (%(values)s). Rename one of the values.")
)
OF_VARIANT = Sentence("of_variant", "%(name)s: %(problem)s")
SKU_TOO_LONG = Sentence(
    "sku_too_long",
    _lt("The SKU has %(length)s characters; use at most %(max)s in the internal reference."),
)
SHARED_SKU = Sentence(
    "shared_sku",
    _lt("Several products have the SKU %(sku)s. Give each its own internal reference."),
)
NO_PRICE = Sentence(
    "no_price", _lt("The price is zero. Set a sales price, or tick Do Not Publish to Octopus.")
)

# Read at once for all products of a batch.
TEMPLATE_FIELDS = [
    "name",
    "company_id",
    "uom_id",
    "list_price",
    "public_description",
    "description_sale",
    "categ_id",
    "is_storable",
    "product_tag_ids",
    "taxes_id",
    "attribute_line_ids",
    "product_variant_ids",
    "seller_ids",
    "octopus_draft",
    "octopus_uom_id",
]
VARIANT_FIELDS = [
    "default_code",
    "barcode",
    "weight",
    "standard_price",
    "product_template_attribute_value_ids",
]


# The fields of a product with its description, the first one that has a text counts. That of
# eCommerce exists only where it is installed.
DESCRIPTIONS = {
    "shop": ("description_ecommerce", "public_description"),
    "pos": ("public_description",),
    "sales": (),
}


@dataclass
class Prepared:
    """The item to send of a product, or the problems that keep it from being sent."""

    item: ProductItem | None = None
    problems: list[str] = field(default_factory=list)


class ProductPayload:
    """Prepares the items of some products, reading all that it needs in few queries.

    :param scope: the CatalogScope of the store
    :param templates: the products, of one batch
    :param sale_ids: the ids of the variants that have a sale price in Octopus
    :param dict told: the details that Octopus was told last, by variant id
    """

    def __init__(self, scope, templates, sale_ids=(), told=None):
        self.env = env = scope.env
        self._scope = scope
        self._account = account = scope.account
        self._templates = templates.with_env(env)
        self._templates.fetch(TEMPLATE_FIELDS)
        variants = self._templates.product_variant_ids
        variants.fetch(VARIANT_FIELDS)
        self._details = ProductDetails(scope, self._templates).of_products()
        self._skus, self._extras, self._shared_skus = self._read_variants(variants)
        self._own_unit = "lb" if scope.weighs_in_pounds() else "kg"
        wanted = account.weight_unit
        self._weight_unit = self._own_unit if wanted == "odoo" else wanted
        self._prices = PriceBook(scope, variants).of_products()
        self._sale_ids = set(sale_ids)
        self._told = told or {}
        self._weight_digits = env["decimal.precision"].precision_get("Stock Weight")
        self._policy = account.oversell_policy
        others = variants.filtered(lambda variant: not variant.product_tmpl_id.is_storable)
        self._kit_ids = set(kits_among(others, account.company_id)._ids)

    def prepare(self):
        """Return ``{template id: Prepared}``."""
        return {template.id: self._prepare(template) for template in self._templates}

    def _prepare(self, template):
        lines = template.attribute_line_ids
        options = self._option_lines(lines) if lines else lines
        variants = template.product_variant_ids
        items = tuple(self._variant(template, variant, options) for variant in variants)
        title = (template.name or "").strip()
        problems = [
            *self._product_problems(title, options, items),
            *self._variant_problems(variants, items),
        ]
        if problems:
            return Prepared(problems=problems)
        item = ProductItem(
            ref=str(template.id),
            title=title,
            body_html=self._body(template, lines - options if lines else lines),
            vendor=self._details[template.id].vendor,
            product_type=template.categ_id.complete_name or "",
            tags=self._details[template.id].tags,
            options=self._options(options) if options else (),
            variants=items,
            is_draft=template.octopus_draft,
            extra=template._octopus_extra_values(),
        )
        return Prepared(item)

    # === THE PRODUCT === #

    def _option_lines(self, lines):
        """Return the attribute lines that make variants. Where Octopus takes fewer, those with
        only one value are written into the description instead."""
        lines = lines.filtered(lambda line: line.attribute_id.create_variant != "no_variant")
        if len(lines) > MAX_OPTIONS:
            lines = lines.filtered(lambda line: len(_values(line)) > 1)
        return lines

    def _options(self, lines):
        return tuple(
            (line.attribute_id.name.strip(), tuple(value.name.strip() for value in _values(line)))
            for line in lines
        )

    def _body(self, template, described):
        """Return the description, with the attributes that are no options in Octopus."""
        body = self._details[template.id].description
        if described:
            rows = "".join(
                f"<li>{html_escape(line.attribute_id.name)}: "
                f"{html_escape(', '.join(_values(line).mapped('name')))}</li>"
                for line in described
            )
            body += f"<ul>{rows}</ul>"
        return body

    # === A VARIANT === #

    def _variant(self, template, variant, options):
        prices = self._prices[variant.id]
        sale = prices.sale
        if not sale and variant.id in self._sale_ids:
            # How a sale is taken back is undocumented. At the regular price it has no effect,
            # however Octopus reads the blank dates.
            sale = DatedPrice(prices.regular)
        return VariantItem(
            ref=str(variant.id),
            sku=self._skus[variant.id],
            price=prices.regular,
            cost_price=prices.cost,
            barcode=self._barcode(template, variant),
            is_taxed=prices.is_taxed,
            weight=self._weight(template, variant),
            weight_unit=self._weight_unit,
            is_counted=self._is_counted(template, variant),
            oversell_policy=self._policy,
            choices=self._choices(variant, options) if options else (),
            sale=sale,
            details=self._variant_details(template, variant, prices),
            extra=self._extras[variant.id],
        )

    def _variant_details(self, template, variant, prices):
        """Return the other prices and the custom attributes of a variant.

        What was sent once is not just left out: it would stay as it is. How a price is taken back
        is undocumented; the one that holds has no effect beside itself.
        """
        told = self._told.get(variant.id) or {}
        details = {}
        others = dict.fromkeys(told.get("prices", ()), prices.present) | prices.others
        if others:
            details["prices"] = others
        attributes = self._details[template.id].attributes
        if attributes is not None or "attributes" in told:
            details["attributes"] = attributes[variant.id] if attributes else {}
        return details

    def _weight(self, template, variant):
        weight = max(variant.weight, 0.0) * packaging_factor(template)
        if self._weight_unit == self._own_unit:
            return float_repr(weight, self._weight_digits)
        return converted_weight(weight, self._own_unit, self._weight_unit)

    def _barcode(self, template, variant):
        """Return the barcode of what is sold: a packaging has its own, or none."""
        if packaging := template.octopus_uom_id:
            barcodes = variant.product_uom_ids.filtered(lambda each: each.uom_id == packaging)
            return barcodes[:1].barcode or ""
        return variant.barcode or ""

    def _is_counted(self, template, variant):
        return template.is_storable or variant.id in self._kit_ids

    def _choices(self, variant, options):
        chosen = {
            value.attribute_line_id: value.name.strip()
            for value in variant.product_template_attribute_value_ids
        }
        return tuple(chosen.get(line) for line in options[:MAX_OPTIONS])

    # === PROBLEMS === #

    def _product_problems(self, title, options, items):
        if not title:
            yield NO_NAME(self.env)
        if len(title) > MAX_TITLE:
            yield NAME_TOO_LONG(self.env, length=len(title), max=MAX_TITLE)
        if len(options) > MAX_OPTIONS:
            names = ", ".join(options.attribute_id.mapped("name"))
            yield TOO_MANY_OPTIONS(self.env, count=len(options), names=names, max=MAX_OPTIONS)
        if not items:
            yield NOTHING_TO_SELL(self.env)
        if options and not all(name.strip() for name in _values(options).mapped("name")):
            yield VALUE_WITHOUT_NAME(self.env)
        elif options and (repeated := first_repeated(item.choices for item in items)):
            yield SAME_VALUES(self.env, values=", ".join(filter(None, repeated)))

    def _variant_problems(self, variants, items):
        for variant, item in zip(variants, items, strict=True):
            for problem in self._problems_of_variant(item):
                if len(variants) == 1:
                    yield problem
                else:
                    name = variant.product_template_attribute_value_ids._get_combination_name()
                    name = name or variant.display_name
                    yield OF_VARIANT(self.env, name=name, problem=problem)

    def _problems_of_variant(self, item):
        sku = item.sku
        if len(sku) > MAX_SKU:
            yield SKU_TOO_LONG(self.env, length=len(sku), max=MAX_SKU)
        if sku in self._shared_skus:
            yield SHARED_SKU(self.env, sku=sku)
        if float(item.price) <= 0:
            yield NO_PRICE(self.env)

    def _read_variants(self, variants):
        """Return the SKUs and the fields of other addons, each by variant id, and the SKUs that
        other products for Octopus have too."""
        by_id = {variant.id: variant._octopus_sku() for variant in variants}
        extras = {variant.id: variant._octopus_extra_values() for variant in variants}
        skus = set(by_id.values())
        doubled = {sku for sku, count in Counter(by_id.values()).items() if count > 1}
        others = self.env["product.product"].search_fetch(
            Domain("id", "not in", list(by_id)) & code_domain(skus),
            ["default_code", "barcode", "product_tmpl_id"],
        )
        eligible = self.env["product.template"].search(
            Domain("id", "in", others.product_tmpl_id.ids) & self._scope.product_domain()
        )
        taken = {
            variant._octopus_sku() for variant in others if variant.product_tmpl_id in eligible
        }
        return by_id, extras, doubled | (skus & taken)


# === TEXTS AND CUSTOM ATTRIBUTES === #


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
        self._has_attributes = bool(self._attributes or self._tags or account.detail_properties)
        self._description_fields = [
            name for name in DESCRIPTIONS[account.description_source] if name in templates._fields
        ]
        self._vendor_source = account.vendor_source
        self._vendor_companies = (False, account.company_id.id)
        self._tag_source = account.tag_source
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
        for name in self._description_fields:
            html = template[name]
            if html and not is_html_empty(html):
                return str(html)
        return str(plaintext2html(template.description_sale)) if template.description_sale else ""

    def _vendor(self, template):
        """Return the brand of a product, or its first vendor, of this company or of all."""
        if self._vendor_source == "brand":
            return self._values_of(template, self._brand)
        for seller in template.seller_ids:
            if seller.company_id.id in self._vendor_companies:
                return seller.partner_id.name or ""
        return ""

    def _tag_names(self, template):
        if self._tag_source == "none":
            return ""
        return ", ".join(
            tag.name.replace(",", " ").strip()
            for tag in template.product_tag_ids
            if self._tag_source == "all" or tag.visible_to_customers
        )

    # === CUSTOM ATTRIBUTES === #

    def _attributes_of(self, template):
        if not self._has_attributes:
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


def _values(lines):
    """Return the values of attribute lines, without those that only archived variants have."""
    return lines.product_template_value_ids._only_active()
