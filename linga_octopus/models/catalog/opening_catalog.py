"""Opening catalog: a shop that kept its products in Octopus until now begins with them in Odoo."""

import base64
import json
import logging
from itertools import islice

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import LazyTranslate, html2plaintext, mute_logger

from ...lib.octopus_api import BULK_LIMIT
from ...lib.octopus_api.pictures import UnfetchedPicture, fetch_picture
from ...lib.opening_prices import split_prices
from ...lib.picture import UnusablePicture, prepare_picture
from ...lib.product_sums import converted_weight
from ...orm import CONCURRENCY_ERRORS
from ..mixins.notices import UNEXPECTED, Sentence
from .product_product import code_domain
from .product_template import SHOWN_SKUS
from .remote_match import RemoteMatch
from .scope import CatalogScope

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

# Products that are made in a batch, each with a picture to fetch.
MAKE_LIMIT = 10

MIXED_PRICES = Sentence(
    "opening_mixed_prices",
    _lt(
        "Extra prices of its values cannot give the prices of all its variants. Create the "
        "product in Odoo and link it."
    ),
)
NO_OPTIONS = Sentence(
    "opening_no_options",
    _lt(
        "Octopus does not tell its variants apart by options. Create the product in Odoo and "
        "link it."
    ),
)
KNOWN_CODE = Sentence(
    "opening_known_code",
    _lt(
        "Odoo has “%(product)s” with the same SKU or barcode. Choose it under Link With, or give "
        "one of the two another SKU."
    ),
)
NOT_CREATED = Sentence(
    "opening_not_created",
    _lt("%(count)s products could not be created completely; see Opening Catalog."),
)
REFUSED = Sentence("opening_refused", _lt("Odoo cannot create it: %(reason)s"))
# By the `reason` of UnfetchedPicture and UnusablePicture: the product is there, its image is not.
NO_IMAGE = {
    reason: Sentence(f"opening_image_{reason}", text)
    for reason, text in {
        "address": _lt(
            "The product is in Odoo, its image is not: Octopus names no web address of it. Add "
            "the image in Odoo, or dismiss this."
        ),
        "private": _lt(
            "The product is in Odoo, its image is not: the address of the image leads into a "
            "private network. Add the image in Odoo, or dismiss this."
        ),
        "huge": _lt(
            "The product is in Odoo, its image is not: the file is too large. Add a smaller one in "
            "Odoo, or dismiss this."
        ),
        "failed": _lt(
            "The product is in Odoo, its image is not: its server did not answer. Press Create in "
            "Odoo to try again, or add the image yourself."
        ),
        "unusable": _lt(
            "The product is in Odoo, its image is not: the file is no picture that can be read. "
            "Add the image in Odoo, or dismiss this."
        ),
    }.items()
}


class OpeningCatalog:
    """What `octopus.sync.run` does for the kind "opening": lists what only Octopus has, then makes
    the products that users chose. What is made is thus never older than this run.

    :param run: the `octopus.sync.run`
    :param client: the open client of the store
    """

    def __init__(self, run, client):
        self._run = run
        self._client = client
        self._account = run.account_id
        self._rows = run.env["octopus.remote.product"]
        self._scope = CatalogScope(run.account_id)
        self._match = RemoteMatch(self._scope)

    def do_batch(self):
        """Do one batch; return whether there is more to do."""
        cursor = self._run.cursor or {"phase": "list", "since": None}
        if cursor["phase"] == "list":
            self._run.cursor = self._list(cursor["since"])
            return True
        return self._make()

    # === LISTING === #

    def _list(self, since):
        """List the next page of Octopus's products; return the cursor that follows."""
        page = list(islice(self._client.iter_products(since_id=since), BULK_LIMIT))
        self._match.bind_page(page)
        known = self._known_refs(page)
        only_there = [
            product for product in page if product.ref not in known and not product.is_archived
        ]
        rows = self._rows.search(
            [
                ("account_id", "=", self._account.id),
                ("octopus_ref", "in", [product.ref for product in only_there]),
            ]
        )
        by_ref = {row.octopus_ref: row for row in rows}
        for product in only_there:
            if row := by_ref.get(product.ref):
                row.write(self._values(product))
            else:
                self._rows.create(
                    {
                        **self._values(product),
                        "account_id": self._account.id,
                        "octopus_ref": product.ref,
                    }
                )
        if len(page) == BULK_LIMIT:
            return {"phase": "list", "since": page[-1].ref}
        self._forget_others()
        return {"phase": "make"}

    def _known_refs(self, page):
        """Return which of these products Odoo has, with any of their variants."""
        bound = self._match._bound_refs(
            [variant.ref for product in page for variant in product.variants]
        )
        products = self._run.env["octopus.product"].search(
            [
                ("account_id", "=", self._account.id),
                ("octopus_ref", "in", [product.ref for product in page]),
            ]
        )
        return set(products.mapped("octopus_ref")) | {
            product.ref
            for product in page
            if any(variant.ref in bound for variant in product.variants)
        }

    def _values(self, product):
        skus = [variant.sku for variant in product.variants if variant.sku]
        more = f" +{len(skus) - SHOWN_SKUS}" if len(skus) > SHOWN_SKUS else ""
        prices = split_prices([(variant.price, (variant.ref,)) for variant in product.variants])
        return {
            "run_id": self._run.id,
            "name": product.title,
            "skus": ", ".join(skus[:SHOWN_SKUS]) + more,
            "price": f"{prices[0]:.2f}" if prices else "",
            "variant_count": len(product.variants),
            "has_image": bool(product.images),
            "payload": json.dumps(product.raw, default=str),
        }

    def _forget_others(self):
        """Unlink what is no longer only in Octopus, as far as nothing was done with it."""
        self._rows.search(
            [
                ("account_id", "=", self._account.id),
                ("state", "!=", "done"),
                ("product_tmpl_id", "=", False),
                ("run_id", "!=", self._run.id),
            ]
        ).unlink()

    # === MAKING === #

    def _make(self):
        """Make the next products; return whether there are more."""
        waiting = [("account_id", "=", self._account.id), ("state", "=", "waiting")]
        for row in self._rows.search(waiting, limit=MAKE_LIMIT):
            self._run._checkpoint()
            remote = row._remote()
            picture, problem = self._fetch(remote)
            # No lock is held while the picture is fetched; a user may have decided otherwise.
            self._run._checkpoint()
            row.invalidate_recordset()
            if not row.exists() or row.state != "waiting":
                continue
            template, refusal = row.product_tmpl_id, None
            if not template:
                template, refusal = self._try_to_make(remote)
            if template and picture:
                problem = self._try_to_picture(template, remote, picture)
            problem = refusal or problem
            row.write(
                {
                    "state": "error" if problem else "done",
                    "error": problem,
                    "product_tmpl_id": template.id if template else False,
                }
            )
            self._run.done += 1
            self._run.sent += not problem
            self._run.failed += bool(problem)
        self._run._checkpoint()
        more = bool(self._rows.search_count(waiting, limit=1))
        if not more:
            self._conclude()
        return more

    def _conclude(self):
        """Report how many products have an issue; each says in the list what it is."""
        failed = [("account_id", "=", self._account.id), ("state", "=", "error")]
        if count := self._rows.search_count(failed):
            sentence = NOT_CREATED(self._run.env, count=count)
            self._run._add_issue(self._account, sentence, severity="warning")
        else:
            self._run._fix_issues(self._account)

    def _fetch(self, remote):
        """Return (content of the picture, None), or (None, why there is none)."""
        own = [image for image in remote.images if not image.variant_refs] or remote.images
        if not own:
            return None, None
        try:
            content = fetch_picture(own[0].address, trusted_url=self._client.base_url)
            return prepare_picture(content).content, None
        except UnfetchedPicture as error:
            return None, NO_IMAGE[error.reason](self._run.env)
        except UnusablePicture:
            return None, NO_IMAGE["unusable"](self._run.env)

    def _try_to_make(self, remote):
        """Return (product, None), or (None, why there is none)."""
        env = self._run.env
        if problem := self._problem(remote):
            return None, problem
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint():
                return ProductMaker(self._scope, remote).make(self._match), None
        except (UserError, IntegrityError) as error:
            reason = error.args[0] if isinstance(error, UserError) else error.diag.message_primary
            return None, REFUSED(env, reason=str(reason))
        except CONCURRENCY_ERRORS:
            raise
        # One product that fails must not keep the others from being made.
        except Exception:
            _logger.exception("Making product %s of Octopus failed", remote.ref)
            return None, UNEXPECTED(env)

    def _try_to_picture(self, template, remote, picture):
        """Give a product its picture; return why it has none, or None."""
        env = self._run.env
        try:
            with mute_logger("odoo.sql_db"), env.cr.savepoint():
                template.image_1920 = base64.b64encode(picture)
                env.flush_all()
                self._match._adopt_images([remote])
        except CONCURRENCY_ERRORS:
            raise
        # The product is there; without this, the batch would be repeated for ever.
        except Exception:
            _logger.exception("Odoo refuses the picture of product %s of Octopus", remote.ref)
            return NO_IMAGE["unusable"](env)
        return None

    def _problem(self, remote):
        codes = {code for v in remote.variants for code in (v.sku, v.barcode)} - {""}
        known = self._scope.env["product.product"].search(code_domain(list(codes)), limit=1)
        if codes and known:
            return KNOWN_CODE(self._run.env, product=known.display_name)
        choices = {variant.choices for variant in remote.variants}
        if len(choices) < len(remote.variants) or {*map(len, choices)} != {len(remote.options)}:
            return NO_OPTIONS(self._run.env)
        if split_prices([(v.price, v.choices) for v in remote.variants]) is None:
            return MIXED_PRICES(self._run.env)
        return None


class ProductMaker:
    """Makes one product in Odoo as Octopus has it, and binds it.

    :param scope: the CatalogScope of the store
    :param remote: a RemoteProduct
    """

    def __init__(self, scope, remote):
        self._scope = scope
        self._account = scope.account
        self._env = scope.env
        self._remote = remote

    def make(self, match):
        """Return the new product.

        :param match: a RemoteMatch, which binds it
        """
        base, extras = split_prices([(v.price, v.choices) for v in self._remote.variants])
        template = self._env["product.template"].create(self._values())
        template.list_price = self._odoo_price(template, base)
        self._set_extra_prices(template, extras)
        variants = self._env["product.product"]
        for remote in self._remote.variants:
            variant = self._variant_of(template, remote)
            variant.write(self._variant_values(remote))
            variants |= variant
            match._bind(variant.with_env(match.env), remote)
        (template.product_variant_ids - variants)._unlink_or_archive()
        return template

    def _values(self):
        remote = self._remote
        values = {
            "name": remote.title,
            "type": "consu",
            "is_storable": any(variant.is_counted for variant in remote.variants),
            "available_in_pos": True,
            "sale_ok": True,
            "company_id": self._account.company_id.id,
            "octopus_draft": remote.is_draft,
            "attribute_line_ids": [
                Command.create(self._line(position, name))
                for position, name in enumerate(remote.options)
            ],
        }
        if self._account.description_source == "sales":
            values["description_sale"] = html2plaintext(remote.body_html)
        else:
            values["public_description"] = remote.body_html
        return values

    # === VARIANTS === #

    def _line(self, position, name):
        """Return the values of the attribute line of an option."""
        names = dict.fromkeys(variant.choices[position] for variant in self._remote.variants)
        attributes, values = self._env["product.attribute"], self._env["product.attribute.value"]
        attribute = attributes.search(
            [("name", "=", name), ("create_variant", "!=", "no_variant")], limit=1
        ) or attributes.create({"name": name, "create_variant": self._mode()})
        known = values.search([("attribute_id", "=", attribute.id), ("name", "in", list(names))])
        known = {value.name: value for value in known}
        missing = [name for name in names if name not in known]
        made = values.create([{"attribute_id": attribute.id, "name": each} for each in missing])
        known |= dict(zip(missing, made, strict=True))
        ids = [known[name].id for name in names]
        return {"attribute_id": attribute.id, "value_ids": [Command.set(ids)]}

    def _mode(self):
        """Return how new attributes make variants: only those that Octopus has."""
        variants, count = self._remote.variants, 1
        for values in zip(*(variant.choices for variant in variants), strict=True):
            count *= len(set(values))
        return "always" if count == len(variants) else "dynamic"

    def _value_of(self, template, position, name):
        values = template.attribute_line_ids[position].product_template_value_ids
        return values.filtered(lambda value: value.name == name)[:1]

    def _variant_of(self, template, remote):
        combination = self._env["product.template.attribute.value"].union(
            *(self._value_of(template, *place) for place in enumerate(remote.choices))
        )
        return template._get_variant_for_combination(
            combination
        ) or template._create_product_variant(combination)

    def _variant_values(self, remote):
        values = {"default_code": remote.sku or False, "barcode": remote.barcode or False}
        if remote.weight > 0:
            unit = "lb" if self._scope.weighs_in_pounds() else "kg"
            values["weight"] = float(converted_weight(remote.weight, remote.weight_unit, unit))
        if remote.cost_price > 0:
            cost = self._company_amount(remote.cost_price)
            values["standard_price"] = cost
        return values

    # === PRICES === #

    def _set_extra_prices(self, template, extras):
        for (position, name), extra in extras.items():
            self._value_of(template, position, name).price_extra = self._odoo_price(template, extra)

    def _odoo_price(self, template, price):
        """Return a price of Octopus as Odoo keeps it: in its currency, with or without taxes."""
        company, wanted = self._account.company_id, self._account.shop_taxes_included
        currency = company.currency_id
        amount = self._company_amount(price)
        taxes = template.taxes_id._filter_taxes_by_company(company)
        if all(tax.price_include == wanted for tax in taxes):
            return amount
        found = taxes.with_context(force_price_include=wanted).compute_all(amount, currency, 1.0)
        return found["total_excluded" if wanted else "total_included"]

    def _company_amount(self, amount):
        currency = self._account.company_id.currency_id
        return self._scope.currency()._convert(
            float(amount), currency, self._account.company_id, round=False
        )


def link_product(row):
    """Bind a product that only Octopus has to the product of Odoo that a user chose.

    :param row: an `octopus.remote.product`, with `sudo`
    :raise UserError: says in one sentence why not, and what to do
    """
    remote, template, scope = row._remote(), row.link_tmpl_id, CatalogScope(row.account_id)
    _check_link(row, template, scope)
    pairs = _pairs(template.product_variant_ids, remote.variants)
    if not pairs:
        raise UserError(
            row.env._(
                "The variants of %(product)s are not those of “%(remote)s” in Octopus. Give them "
                "the same SKUs or barcodes first.",
                product=template.display_name,
                remote=row.name,
            )
        )
    match = RemoteMatch(scope)
    for variant, each in pairs:
        match._bind(variant.with_env(match.env), each)
    match._adopt_images([remote])
    row.write({"state": "done", "error": False, "product_tmpl_id": template.id})


def _check_link(row, template, scope):
    """Refuse a product that the store does not sell, or that is another one in Octopus."""
    env, account = row.env, row.account_id
    if not scope.env["product.template"].search_count(
        scope.product_domain() & Domain("id", "=", template.id)
    ):
        raise UserError(
            env._(
                "%(product)s is not published to Octopus by %(store)s. Choose another product, or "
                "publish it first.",
                product=template.display_name,
                store=account.name,
            )
        )
    bound = [
        ("account_id", "=", account.id),
        ("product_tmpl_id", "=", template.id),
        ("octopus_ref", "not in", (False, row.octopus_ref)),
    ]
    if env["octopus.product"].search_count(bound, limit=1):
        raise UserError(
            env._("%s is in Octopus already, as another product.", template.display_name)
        )


def _pairs(variants, remotes):
    """Return (variant, RemoteVariant) of all variants in Octopus; none if one has no
    counterpart."""
    if len(variants) == len(remotes) == 1:
        return [(variants, remotes[0])]
    by_code = {variant.barcode: variant for variant in variants if variant.barcode}
    by_code |= {variant._octopus_sku(): variant for variant in variants}
    pairs = [(by_code.get(each.sku) or by_code.get(each.barcode), each) for each in remotes]
    found = {variant for variant, _remote in pairs if variant}
    return pairs if len(found) == len(remotes) else []
