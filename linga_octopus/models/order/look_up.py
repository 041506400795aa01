"""What Odoo has already of an order that comes in."""

from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ...lib.order_goods import Places
from ...lib.order_mapping import Candidate, product_values
from ..catalog.product_product import PADDED

# Any product, by its codes. Each part uses an index: a shop may have a million products.
PRODUCTS_BY_CODE = r"""
    WITH found (kind, key, product_id, uom_id) AS (
        SELECT 'sku', default_code, id, NULL::integer FROM product_product
         WHERE default_code IN %(skus)s
         UNION ALL
        SELECT 'padded_sku', %(sku)s, id, NULL FROM product_product
         WHERE %(sku)s IN %(skus)s
         UNION ALL
        SELECT 'barcode', barcode, id, NULL FROM product_product
         WHERE barcode IN %(barcodes)s
         UNION ALL
        SELECT 'padded_barcode', %(barcode)s, id, NULL FROM product_product
         WHERE %(barcode)s IN %(barcodes)s
         UNION ALL
        SELECT 'barcode', barcode, product_id, uom_id FROM product_uom
         WHERE barcode IN %(barcodes)s
         UNION ALL
        SELECT 'bound_sku', sku, product_id, uom_id FROM octopus_variant
         WHERE account_id = %(account)s AND sku IN %(skus)s
         UNION ALL
        SELECT 'former_sku', former.sku, product_id, uom_id
          FROM octopus_variant, unnest(string_to_array(former_skus, E'\n')) former (sku)
         WHERE string_to_array(former_skus, E'\n') && %(sku_list)s::text[]
           AND former_skus IS NOT NULL AND account_id = %(account)s
    )
    SELECT kind, key, product.id, active, sale_ok, nullif(found.uom_id, product.uom_id)
      -- PostgreSQL expects many padded codes: without the limit, and one by one, it would read all
      -- products, or compile the query. No order names as many.
      FROM (SELECT * FROM found LIMIT 4000) AS found, LATERAL (
        SELECT p.id, p.active, t.sale_ok, t.uom_id
          FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE p.id = found.product_id
           AND (t.company_id IS NULL OR t.company_id = %(company)s)
        OFFSET 0
      ) AS product
     ORDER BY product.id
"""


@dataclass(frozen=True)
class Known:
    """What Odoo has already of an order that comes in: records, empty when there is none.

    ``location``: the one that Octopus names, else ``default``, that of the account; ``warehouse``:
    the one that fills the orders of this location; ``channel``: of a new order; ``pays_tax``:
    whether this channel pays the tax itself, None when nobody has decided; ``takes_goods``: whether
    the order takes goods from the stock; ``is_shipped_by_channel``: whether its channel ships all
    goods; ``candidates``: for the product of each line of a new order; ``keyed``: {(kind, key):
    [(id, detail)]} of everything that has a key; ``rate``: units of the order's currency for one of
    the company's, on the order's day; ``company_digits``: decimals of the company's currency;
    ``layouts``: (code, name, layout of addresses) of the countries that the order names
    """

    order: Any
    location: Any
    default: Any
    warehouse: Any
    currency: Any
    channel: Any
    pays_tax: bool | None
    takes_goods: bool
    is_shipped_by_channel: bool
    candidates: list
    keyed: dict
    rate: float
    company_digits: int
    layouts: list

    @property
    def places(self):
        """Return the `Places` that the order may name."""
        by_ref = {ref: location for ref, (location, _) in self._of_kind("location").items()}
        return Places(by_ref, self.location.id, self.default.id)

    @property
    def filled_locations(self):
        """Return Octopus's ids of the named locations that a warehouse fills."""
        return {ref for ref, (_id, warehouse) in self._of_kind("location").items() if warehouse}

    @property
    def services(self):
        """Return {name: does it ship from elsewhere} of the channel."""
        return {
            name: bool(elsewhere) for name, (_id, elsewhere) in self._of_kind("service").items()
        }

    @property
    def no_goods(self):
        """Return the titles, as `title_key`, that users have said to be no goods."""
        return set(self._of_kind("title"))

    def _of_kind(self, wanted):
        return {key: values[0] for (kind, key), values in self.keyed.items() if kind == wanted}


class OrderLookUp:
    """Finds an order of an account that comes in, its location, its currency, its channel, and the
    products that its lines are about.

    :param account: record of `octopus.account`
    :param orders: the model `octopus.order`, in the environment of the intake
    """

    def __init__(self, account, orders):
        self.account = account
        self.orders = orders
        self.env = orders.env
        self.products = ProductLookUp(account, self.env)

    def of_order(self, remote):
        """Return what is Known of an order, by one query: this is the hot path."""
        self._flush()
        found, keyed = {}, {}
        for kind, key, value, detail in self.env.execute_query(self._known_query(remote)):
            if key is None:
                found[kind] = value, detail
            else:
                keyed.setdefault((kind, key), []).append((value, detail))
        nothing = ((), None)
        order_id, _detail = found.get("order", nothing)
        default = found.get("default", nothing)
        location_id, warehouse_id = keyed.get(("location", remote.location_ref), [default])[0]
        currency_id, digits = found.get("currency", nothing)
        currency = self.env["res.currency"].browse(currency_id)
        if currency:
            currency._update_cache({"decimal_places": int(digits)}, validate=False)
        company_digits, rate = found.get("rate", (None, None))
        locations = self.env["octopus.location"]
        channel, settings = self._channel(remote, found, is_new=not order_id)
        return Known(
            order=self.orders.browse(order_id),
            location=locations.browse(location_id),
            default=locations.browse(default[0]),
            warehouse=self._warehouse(warehouse_id or default[1]),
            currency=currency,
            channel=channel,
            pays_tax=settings["tax"],
            is_shipped_by_channel=bool(settings["ships"]),
            takes_goods=not settings["ships"] and bool(settings["tests"] or not remote.test),
            # An update does not change the products of the lines.
            candidates=[] if order_id else self.products.candidates(remote.lines, keyed),
            keyed=keyed,
            rate=rate or 1.0,
            company_digits=company_digits,
            layouts=[key.split("\t") for kind, key in keyed if kind == "country"],
        )

    def _warehouse(self, warehouse_id):
        """Return the warehouse of the location that was found, else the first of the company."""
        warehouses = self.env["stock.warehouse"]
        if warehouse_id:
            return warehouses.browse(int(warehouse_id))
        return warehouses.search([("company_id", "=", self.account.company_id.id)], limit=1)

    def _known_query(self, remote):
        """Return the query for rows `(kind, key, id, detail)`; those of countries have no id."""
        return SQL(
            """SELECT 'order', NULL::text, id, NULL::float FROM octopus_order
                WHERE account_id = %(account)s AND aggregator_order_no = %(ref)s
                UNION ALL
               SELECT 'location', octopus_ref, id, warehouse_id FROM octopus_location
                WHERE account_id = %(account)s AND octopus_ref IN %(locations)s AND active
                UNION ALL
               SELECT 'default', NULL, id, warehouse_id FROM octopus_location
                WHERE account_id = %(account)s AND is_default AND active
                UNION ALL
               SELECT 'currency', NULL, id, decimal_places FROM res_currency
                WHERE name = %(currency)s
                UNION ALL
               SELECT kind, key, id, setting FROM (%(channel)s) AS channel
                UNION ALL
               SELECT 'country', key, NULL, NULL FROM (%(countries)s) AS country (key)
                UNION ALL
               SELECT 'rate', NULL, own.decimal_places, %(rate)s / %(own_rate)s
                 FROM res_company company JOIN res_currency own ON own.id = company.currency_id
                 LEFT JOIN res_currency given ON given.name = %(currency)s
                WHERE company.id = %(company)s
                UNION ALL
               SELECT kind, key, product_id, detail FROM (%(bindings)s) AS binding""",
            account=self.account.id,
            ref=remote.ref,
            locations=_sql_values(remote.location_refs),
            currency=remote.currency,
            countries=_countries_query(remote),
            channel=self._channel_query(remote.source),
            bindings=self.products.bindings_query(remote.lines),
            company=self.account.company_id.id,
            rate=_rate("given", remote),
            own_rate=_rate("own", remote),
        )

    def _channel_query(self, source):
        """Return the query for `(kind, key, id, setting)` of what was decided on a channel."""
        return SQL(
            """WITH channel AS (
                    SELECT id, deduct_test_orders AS tests, ships_goods AS ships,
                           CASE WHEN is_tax_payer THEN TRUE WHEN pays_tax = 'no' THEN FALSE END tax
                      FROM octopus_channel
                     WHERE account_id = %(account)s AND source = %(source)s)
               SELECT 'tax' AS kind, NULL AS key, id, tax::integer AS setting FROM channel
                UNION ALL
               SELECT 'tests', NULL, id, tests::integer FROM channel
                UNION ALL
               SELECT 'ships', NULL, id, ships::integer FROM channel
                UNION ALL
               SELECT 'service', service.name, service.id, service.is_elsewhere::integer
                 FROM octopus_channel_service service JOIN channel ON channel.id = channel_id
                UNION ALL
               SELECT 'title', title.key, title.id, NULL
                 FROM octopus_channel_title title JOIN channel ON channel.id = channel_id""",
            account=self.account.id,
            source=source,
        )

    def _channel(self, remote, found, *, is_new):
        """Return the channel of an order, and its settings: whether it pays the *tax* itself, takes
        goods for *tests*, *ships* the goods; None where nobody has decided.

        :param found: the rows of `_channel_query` that have no key, {kind: (id, setting)}; none
            when the account does not know the channel yet
        :param is_new: whether the order is new: its channel is added
        """
        channels = self.env["octopus.channel"]
        settings = dict.fromkeys(("tax", "tests", "ships"))
        if "tax" in found:
            channel = channels.browse(found["tax"][0])
            return channel, {kind: found[kind][1] for kind in settings}
        if not is_new or not remote.source:
            return channels, settings
        channel = channels._add(self.account, remote.source)
        return channel, {
            "tax": channel.is_tax_payer or None,
            "tests": False,
            "ships": channel.ships_goods,
        }

    def _flush(self):
        """Write what the query looks for, before it."""
        self.orders.flush_model(["account_id", "aggregator_order_no"])
        for model in ("location", "channel", "channel.service", "channel.title"):
            self.env[f"octopus.{model}"].flush_model()
        self.env["res.currency.rate"].flush_model()
        self.env["res.country"].flush_model(["address_format", "code", "name"])
        self.products.flush()


class ProductLookUp:
    """Finds the products that the lines of an account's orders are about.

    A product is found by Octopus's variant id, by what a user chose before, by the SKU that Octopus
    has, by the SKU and the barcode that Odoo has, also by that of a packaging, then by a former
    SKU. Products that Octopus has from Odoo cost no query of their own: `bindings_query` is a part
    of the one that asks for everything else of an order.

    :param account: record of `octopus.account`
    :param env: the environment of the intake
    """

    def __init__(self, account, env):
        self.account = account
        self.env = env

    def flush(self):
        """Write what products are found by, before any of the queries."""
        self.env["octopus.variant"].flush_model(
            ["account_id", "octopus_ref", "product_id", "sku", "former_skus", "uom_id"]
        )
        self.env["octopus.product.alias"].flush_model()
        self.env["product.product"].flush_model(
            ["active", "barcode", "default_code", "product_tmpl_id"]
        )
        self.env["product.template"].flush_model(["company_id", "sale_ok", "uom_id"])
        self.env["product.uom"].flush_model()

    def products_of(self, lines):
        """Return the values of each line that say which product it is about.

        :param lines: the `OrderLine` objects
        """
        self.flush()
        bound = {}
        for kind, key, *ids in self.env.execute_query(self.bindings_query(lines)):
            bound.setdefault((kind, key), []).append(ids)
        return list(map(product_values, self.candidates(lines, bound)))

    def bindings_query(self, lines):
        """Return the query for `(kind, key, product id, detail)` of what is known in Octopus; the
        detail is the packaging that Octopus sells, or the alias.

        :param lines: the `OrderLine` objects
        """
        return SQL(
            """
            SELECT 'variant' AS kind, octopus_ref AS key, product_id, uom_id AS detail
              FROM octopus_variant
             WHERE account_id = %(account)s AND octopus_ref IN %(variants)s
               AND product_id IS NOT NULL
             UNION ALL
            SELECT 'bound_sku', v.sku, v.product_id, v.uom_id
              FROM octopus_variant v JOIN product_product p ON p.id = v.product_id AND p.active
             WHERE v.account_id = %(account)s AND v.sku IN %(skus)s
             UNION ALL
            SELECT 'alias_' || kind, key, product_id, id FROM octopus_product_alias
             WHERE account_id = %(account)s AND ((kind = 'variant' AND key IN %(variants)s)
                OR (kind = 'sku' AND key IN %(skus)s)
                OR (kind = 'barcode' AND key IN %(barcodes)s))
            """,
            account=self.account.id,
            variants=_sql_values(line.variant_ref for line in lines),
            skus=_sql_values(line.sku for line in lines),
            barcodes=_sql_values(line.barcode for line in lines),
        )

    def candidates(self, lines, bound=None):
        """Return a list of each line's Candidates.

        :param lines: the `OrderLine` objects
        :param dict bound: {(kind, key): [(id, detail)]}, among them the rows of `bindings_query`
        """
        found = [_bound(line, bound or {}) for line in lines]
        unknown = [
            line
            for line, known in zip(lines, found, strict=True)
            if not known and (line.sku or line.barcode)
        ]
        if not unknown:
            return found
        rows = {}
        for kind, key, *values in self.env.execute_query(self._products_query(unknown)):
            rows.setdefault((kind, key), []).append(Candidate(kind, *values))
        return [
            known or list(_unbound(line, rows)) for line, known in zip(lines, found, strict=True)
        ]

    def cased(self, skus):
        """Return {SKU in lower case: product ids} of the active products whose SKU differs from one
        of these in the letter case only. Each part of the query uses an index."""
        query = SQL(
            """SELECT lower(default_code), array_agg(id ORDER BY id) FROM product_product
                WHERE active AND (default_code IN %(upper)s
                   OR (default_code <> upper(default_code) AND lower(default_code) IN %(lower)s))
                GROUP BY 1""",
            upper=_sql_values(sku.upper() for sku in skus),
            lower=_sql_values(sku.lower() for sku in skus),
        )
        return dict(self.env.execute_query(query)) if skus else {}

    def _products_query(self, lines):
        """Return the query for `(kind, key, product id, is active, is sold, packaging)`."""
        skus = _sql_values(line.sku for line in lines)
        barcodes = _sql_values(
            code
            for line in lines
            for code in (line.barcode, line.sku, *line.barcode_forms, *line.sku_forms)
        )
        return SQL(
            PRODUCTS_BY_CODE,
            account=self.account.id,
            company=self.account.company_id.id,
            skus=skus,
            sku_list=[each for each in skus if each],
            barcodes=barcodes,
            sku=SQL(PADDED, column=SQL("default_code")),
            barcode=SQL(PADDED, column=SQL("barcode")),
        )


def _countries_query(remote):
    """Return the query for code, name and layout of the countries of an order's addresses, as one
    text each."""
    addresses = list(filter(None, (remote.billing_address, remote.shipping_address)))
    return SQL(
        """SELECT concat_ws(E'\t', code, name->>'en_US', address_format) FROM res_country
            WHERE address_format <> ''
              AND (code IN %s OR lower(name->>'en_US') IN %s)""",
        _sql_values(each.country_code.upper() for each in addresses),
        # By the name only where the code says nothing: it has no index.
        _sql_values(each.country.lower() for each in addresses if len(each.country_code) != 2),
    )


def _rate(alias, remote):
    """Return the rate of a currency on the day of an order, as core finds it."""
    currency = SQL.identifier(alias, "id")
    day = next((each.astimezone(remote.zone).date() for each in remote.placed_moments), None)
    rates = SQL(
        """SELECT rate FROM res_currency_rate
            WHERE currency_id = %s
              AND (company_id IS NULL
                   OR company_id = split_part(company.parent_path, '/', 1)::int)""",
        currency,
    )
    return SQL(
        """CASE WHEN given.id IS NULL OR given.id = own.id THEN 1 ELSE COALESCE(
                (%s AND name <= COALESCE(%s, CURRENT_DATE) ORDER BY company_id, name DESC LIMIT 1),
                (%s ORDER BY company_id, name LIMIT 1), 1.0) END::float""",
        rates,
        day,
        rates,
    )


def _sql_values(texts):
    """Return texts for SQL's IN, which takes no empty list; NULL is never in one."""
    return tuple({None, *(text or None for text in texts)})


def _bound(line, bound):
    """Return the Candidate that a line is known by in Octopus, as a list; empty when there is none,
    or when two products have its SKU there."""
    for key in (
        ("variant", line.variant_ref),
        ("alias_variant", line.variant_ref),
        ("alias_sku", line.sku),
        ("alias_barcode", line.barcode),
        ("bound_sku", line.sku),
    ):
        products = bound.get(key)
        if products and (len(products) == 1 or key[0] != "bound_sku"):
            product_id, detail = products[0]
            name = "alias_id" if key[0].startswith("alias") else "uom_id"
            return [Candidate(key[0], product_id, **{name: detail and int(detail)})]
    return []


def _unbound(line, rows):
    """Yield the Candidates among the rows of `_products_query` that a line names."""
    for kind in ("bound_sku", "sku", "padded_sku", "former_sku"):
        yield from rows.get((kind, line.sku), ())
    for kind in ("barcode", "padded_barcode"):
        yield from rows.get((kind, line.barcode), ())
        yield from _as("sku_barcode", rows.get((kind, line.sku), ()))
        for form in line.barcode_forms:
            yield from _as("barcode_form", rows.get((kind, form), ()))
        for form in line.sku_forms:
            yield from _as("sku_form", rows.get((kind, form), ()))


def _as(kind, candidates):
    return (candidate._replace(kind=kind) for candidate in candidates)
