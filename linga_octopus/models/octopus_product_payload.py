"""Products as Octopus wants them, or the reason why it would not take them."""

from collections import Counter
from dataclasses import dataclass, field

from odoo.tools import SQL, float_repr, html_escape, is_html_empty, plaintext2html

from ..const import MAX_OPTIONS, MAX_SKU, MAX_TITLE
from .octopus_prices import PriceBook

DEFAULT_OPTION = "Default Title"
NO_OPTIONS = [{"name": "Title", "position": 1, "values": [DEFAULT_OPTION]}]


@dataclass
class Prepared:
    """What is to be sent of a product; with problems, nothing is."""

    item: dict | None = None
    problems: list[str] = field(default_factory=list)


class ProductPayload:
    """Prepares the bulk items of some products, reading what they need in few queries.

    :param account: the store that they are for
    :param templates: the products, of one batch
    :param sale_ids: the ids of the variants that Octopus has a sale price of
    """

    def __init__(self, account, templates, sale_ids=()):
        env = account._catalogue_env()
        self.env = env
        self._account = account
        self._templates = templates.with_env(env)
        self._variants = self._templates.product_variant_ids
        self._prices = PriceBook(account, self._variants)
        self._sale_ids = set(sale_ids)
        self._skus = {variant.id: variant._octopus_sku() for variant in self._variants}
        self._shared_skus = self._find_shared_skus()
        self._weight_unit = "lb" if env["product.template"]._octopus_weighs_in_pounds() else "kg"
        self._weight_digits = env["decimal.precision"].precision_get("Stock Weight")

    def prepare(self):
        """Return ``{template id: Prepared}``."""
        return {template.id: self._prepare(template) for template in self._templates}

    def _prepare(self, template):
        lines = self._option_lines(template)
        problems = [*self._product_problems(template, lines), *self._variant_problems(template)]
        if problems:
            return Prepared(problems=problems)
        variants = [self._variant(variant, lines) for variant in template.product_variant_ids]
        if problem := self._choice_problem(variants):
            return Prepared(problems=[problem])
        item = {
            "SV_Temp_ProductId": str(template.id),
            "title": template.name.strip(),
            "body_html": self._body(template, lines),
            "vendor": template.seller_ids[:1].partner_id.name or "",
            "product_type": template.categ_id.complete_name or "",
            "status": "active",
            "tags": ", ".join(
                tag.name.replace(",", " ").strip() for tag in template.product_tag_ids
            ),
            "options": self._options(lines) or NO_OPTIONS,
            "variants": variants,
        }
        return Prepared(item)

    # === THE PRODUCT === #

    def _option_lines(self, template):
        """Return the attribute lines that make variants; where Octopus takes fewer, those with
        one value only are left to the description."""
        lines = template.attribute_line_ids.filtered(
            lambda line: line.attribute_id.create_variant != "no_variant"
        )
        if len(lines) > MAX_OPTIONS:
            lines = lines.filtered(lambda line: len(line.product_template_value_ids) > 1)
        return lines

    def _options(self, lines):
        return [
            {
                "name": line.attribute_id.name.strip(),
                "position": position,
                "values": [value.name.strip() for value in line.product_template_value_ids],
            }
            for position, line in enumerate(lines, 1)
        ]

    def _body(self, template, lines):
        """Return the description, with the attributes that are no options of Octopus."""
        body = ""
        if not is_html_empty(template.public_description):
            body = str(template.public_description)
        elif template.description_sale:
            body = str(plaintext2html(template.description_sale))
        described = template.attribute_line_ids - lines
        if described:
            rows = "".join(
                f"<li>{html_escape(line.attribute_id.name)}: "
                f"{html_escape(', '.join(line.product_template_value_ids.mapped('name')))}</li>"
                for line in described
            )
            body += f"<ul>{rows}</ul>"
        return body

    # === A VARIANT === #

    def _variant(self, variant, lines):
        weight = max(variant.weight, 0.0)
        return {
            "SV_Temp_variantId": str(variant.id),
            "sku": self._skus[variant.id],
            "price": self._prices.regular_text(variant),
            "cost_price": self._prices.cost_text(variant),
            "barcode": variant.barcode or "",
            "taxable": bool(variant.taxes_id._filter_taxes_by_company(self._account.company_id)),
            "weight": float_repr(weight, self._weight_digits),
            "weight_unit": self._weight_unit,
            "inventory_management": "octopus" if variant.is_storable else None,
            "inventory_policy": self._account.oversell_policy,
            **self._sale(variant),
            **self._choices(variant, lines),
        }

    def _sale(self, variant):
        if sale := self._prices.sale(variant):
            return {
                "sales_price": sale.price,
                "SaleStartDate": _moment(sale.start),
                "SaleEndDate": _moment(sale.end),
            }
        if variant.id in self._sale_ids:
            # How a sale is taken back is undocumented. At the regular price it has no effect,
            # however the blank dates are read.
            return {
                "sales_price": self._prices.regular_text(variant),
                "SaleStartDate": "",
                "SaleEndDate": "",
            }
        return {}

    def _choices(self, variant, lines):
        chosen = {
            value.attribute_line_id: value.name.strip()
            for value in variant.product_template_attribute_value_ids
        }
        choices = [chosen.get(line) for line in lines] or [DEFAULT_OPTION]
        choices += [None] * (MAX_OPTIONS - len(choices))
        return {f"option{number}": choice for number, choice in enumerate(choices, 1)}

    # === PROBLEMS === #

    def _product_problems(self, template, lines):
        title = (template.name or "").strip()
        if not title:
            yield self.env._("The product has no name. Give it one.")
        if len(title) > MAX_TITLE:
            yield self.env._(
                "The name has %(length)s characters; Octopus takes %(max)s. Shorten it.",
                length=len(title),
                max=MAX_TITLE,
            )
        if len(lines) > MAX_OPTIONS:
            yield self.env._(
                "The product has %(count)s attributes that make variants (%(names)s); Octopus "
                "takes %(max)s. Set some of them to “Never” create variants, or split the product.",
                count=len(lines),
                names=", ".join(lines.attribute_id.mapped("name")),
                max=MAX_OPTIONS,
            )
        if not template.product_variant_ids:
            yield self.env._("The product has no variant to sell. Configure its attributes.")

    def _variant_problems(self, template):
        variants = template.product_variant_ids
        for variant in variants:
            for problem in self._problems_of_variant(variant):
                if len(variants) == 1:
                    yield problem
                else:
                    name = variant.product_template_attribute_value_ids._get_combination_name()
                    yield f"{name or variant.display_name}: {problem}"

    def _problems_of_variant(self, variant):
        sku = self._skus[variant.id]
        if len(sku) > MAX_SKU:
            yield self.env._(
                "The SKU has %(length)s characters; use at most %(max)s in the internal reference.",
                length=len(sku),
                max=MAX_SKU,
            )
        if sku in self._shared_skus:
            yield self.env._(
                "Several products have the SKU %(sku)s. Give each its own internal reference.",
                sku=sku,
            )
        if self._prices.regular(variant) <= 0:
            yield self.env._(
                "The price is zero. Set a sales price, or mark the product Not on Octopus."
            )

    def _choice_problem(self, variants):
        chosen = Counter(
            (variant["option1"], variant["option2"], variant["option3"]) for variant in variants
        )
        doubled = [choice for choice, count in chosen.items() if count > 1]
        if not doubled:
            return None
        return self.env._(
            "Two variants have the same values (%(values)s). Rename one of the values.",
            values=", ".join(filter(None, doubled[0])),
        )

    def _find_shared_skus(self):
        """Return those of our SKUs that other products for Octopus have as well."""
        skus = list(set(self._skus.values()))
        env = self.env
        eligible = env["product.template"]._search(self._account._catalogue_domain())
        env.flush_all()
        rows = env.execute_query(
            SQL(
                """SELECT sku FROM (
                       SELECT p.product_tmpl_id, btrim(p.default_code) AS sku FROM product_product p
                        WHERE p.active AND p.default_code = ANY(%(skus)s)
                       UNION ALL
                       SELECT p.product_tmpl_id, btrim(p.barcode) FROM product_product p
                        WHERE p.active AND p.barcode = ANY(%(skus)s)
                          AND btrim(coalesce(p.default_code, '')) = ''
                   ) v WHERE v.product_tmpl_id IN %(eligible)s
                   GROUP BY sku HAVING count(*) > 1""",
                skus=skus,
                eligible=eligible.subselect(),
            )
        )
        return {sku for [sku] in rows}


def _moment(value):
    """Return a moment as Octopus spells it; blank when there is none."""
    return value.strftime("%Y-%m-%dT%H:%M:%S+00:00") if value else ""
