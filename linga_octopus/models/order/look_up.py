"""What Odoo has already of an order that comes in."""

from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ...lib.order_goods import Places


@dataclass(frozen=True)
class Known:
    """What Odoo has already of an order that comes in: records, empty when there is none.

    ``location``: the one that Octopus names, else ``default``, that of the account; ``warehouse``:
    the one that fills the orders of this location; ``channel``: of a new order; ``pays_tax``:
    whether this channel pays the tax itself, None when nobody has decided; ``takes_goods``: whether
    the order takes goods from the stock; ``is_shipped_by_channel``: whether its channel ships all
    goods; ``products``: the id of the product of each line of a new order, None where there is
    none; ``keyed``: {(kind, key): (id, detail)} of everything that has a key; ``rate``: units of
    the order's currency for one of the company's, on the order's day; ``company_digits``: decimals
    of the company's currency
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
    products: list
    keyed: dict
    rate: float
    company_digits: int

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
        return {key: value for (kind, key), value in self.keyed.items() if kind == wanted}


class OrderLookUp:
    """Finds an order of an account that comes in, its location, its currency, its channel, and the
    products that its lines are about.

    A product is found by Octopus's variant id, by what a user chose before, by SKU, then by
    barcode. Products that Octopus has from Odoo cost no query of their own: `_bindings_query` is a
    part of the one that asks for everything else.

    :param account: record of `octopus.account`
    :param orders: the model `octopus.order`, in the environment of the intake
    """

    def __init__(self, account, orders):
        self.account = account
        self.orders = orders
        self.env = orders.env

    def of_order(self, remote):
        """Return what is Known of an order, by one query: this is the hot path."""
        self._flush()
        found, keyed = {}, {}
        for kind, key, value, detail in self.env.execute_query(self._known_query(remote)):
            if key is None:
                found[kind] = value, detail
            else:
                keyed.setdefault((kind, key), (value, detail))
        nothing = ((), None)
        order_id, _detail = found.get("order", nothing)
        default = found.get("default", nothing)
        location_id, warehouse_id = keyed.get(("location", remote.location_ref), default)
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.browse(int(warehouse_id or default[1] or 0) or ())
        if not warehouse:
            company = self.account.company_id
            warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
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
            warehouse=warehouse,
            currency=currency,
            channel=channel,
            pays_tax=settings["tax"],
            is_shipped_by_channel=bool(settings["ships"]),
            takes_goods=not settings["ships"] and bool(settings["tests"] or not remote.test),
            # An update does not change the products of the lines.
            products=[] if order_id else self._match(remote.lines, keyed),
            keyed=keyed,
            rate=rate or 1.0,
            company_digits=company_digits,
        )

    def _known_query(self, remote):
        """Return the query for rows `(kind, key, id, detail)`; those of products have a key."""
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
               SELECT 'rate', NULL, own.decimal_places, %(rate)s / %(own_rate)s
                 FROM res_company company JOIN res_currency own ON own.id = company.currency_id
                 LEFT JOIN res_currency given ON given.name = %(currency)s
                WHERE company.id = %(company)s
                UNION ALL
               SELECT kind, key, product_id, NULL FROM (%(bindings)s) AS binding""",
            account=self.account.id,
            ref=remote.ref,
            locations=_sql_values(remote.location_refs),
            currency=remote.currency,
            channel=self._channel_query(remote.source),
            bindings=self._bindings_query(remote.lines),
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

    # === PRODUCTS === #

    def products_of(self, lines):
        """Return the id of the product of each line, None where there is none.

        :param lines: `OrderLine` objects, or others with their references
        """
        self._flush()
        rows = self.env.execute_query(self._bindings_query(lines))
        bound = {}
        for kind, key, product_id in rows:
            bound.setdefault((kind, key), (product_id, None))
        return self._match(lines, bound)

    def _flush(self):
        """Write what the queries look for, before any of them."""
        self.orders.flush_model(["account_id", "aggregator_order_no"])
        for model in ("location", "channel", "channel.service", "channel.title"):
            self.env[f"octopus.{model}"].flush_model()
        self.env["res.currency.rate"].flush_model()
        self.env["octopus.variant"].flush_model(["account_id", "octopus_ref", "product_id", "sku"])
        self.env["octopus.product.alias"].flush_model()
        self.env["product.product"].flush_model(
            ["active", "barcode", "default_code", "product_tmpl_id"]
        )
        self.env["product.template"].flush_model(["company_id"])

    def _bindings_query(self, lines):
        """Return the query for `(kind, key, product id)` of what is known in Octopus.

        :param lines: the `OrderLine` objects
        """
        return SQL(
            """
            SELECT 'variant' AS kind, octopus_ref AS key, product_id FROM octopus_variant
             WHERE account_id = %(account)s AND octopus_ref IN %(variants)s
               AND product_id IS NOT NULL
             UNION ALL
            SELECT 'sku', sku, product_id FROM octopus_variant
             WHERE account_id = %(account)s AND sku IN %(skus)s AND product_id IS NOT NULL
             UNION ALL
            SELECT 'alias_' || kind, key, product_id FROM octopus_product_alias
             WHERE account_id = %(account)s AND ((kind = 'variant' AND key IN %(variants)s)
                OR (kind = 'sku' AND key IN %(skus)s)
                OR (kind = 'barcode' AND key IN %(barcodes)s))
            """,
            account=self.account.id,
            variants=_sql_values(line.variant_ref for line in lines),
            skus=_sql_values(line.sku for line in lines),
            barcodes=_sql_values(line.barcode for line in lines),
        )

    def _match(self, lines, bound):
        """Return the id of each line's product, None where there is none.

        :param lines: the `OrderLine` objects
        :param dict bound: {(kind, key): (id, detail)}, among them the rows of `_bindings_query`
        """
        found = {key: value for key, (value, _detail) in bound.items()}
        unknown = [
            line
            for line in lines
            if (line.variant_ref or line.sku or line.barcode) and not _best_match(line, found)
        ]
        if unknown:
            for kind, key, product_id in self.env.execute_query(self._products_query(unknown)):
                found.setdefault((kind, key), product_id)
        return [_best_match(line, found) for line in lines]

    def _products_query(self, lines):
        """Return the query for `(kind, key, product id)` of any product, active ones first."""
        return SQL(
            """
           (SELECT 'sku', p.default_code, p.id
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.default_code IN %(skus)s
               AND (t.company_id IS NULL OR t.company_id = %(company)s)
             ORDER BY p.active DESC, p.id)
             UNION ALL
           (SELECT 'barcode', p.barcode, p.id
              FROM product_product p
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.barcode IN %(barcodes)s
               AND (t.company_id IS NULL OR t.company_id = %(company)s)
             ORDER BY p.active DESC, p.id)
            """,
            company=self.account.company_id.id,
            skus=_sql_values(line.sku for line in lines),
            barcodes=_sql_values(code for line in lines for code in (line.barcode, line.sku)),
        )


def _rate(alias, remote):
    """Return the rate of a currency on the day of an order, as core finds it."""
    currency = SQL.identifier(alias, "id")
    day = remote.created_at or remote.octopus_created_at or remote.updated_at
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
        day and day.date(),
        rates,
    )


def _sql_values(texts):
    """Return texts for SQL's IN, which takes no empty list; NULL is never in one."""
    return tuple({None, *(text or None for text in texts)})


def _best_match(line, found):
    """Return the product id found for a line, or None."""
    return next((found[key] for key in _keys_of(line) if key in found), None)


def _keys_of(line):
    """Yield what a line's product may be known by, the surest first."""
    yield "variant", line.variant_ref
    yield "alias_variant", line.variant_ref
    yield "alias_sku", line.sku
    yield "alias_barcode", line.barcode
    yield "sku", line.sku
    yield "barcode", line.barcode
    # Shops without barcodes of their own often put them in the SKU.
    yield "barcode", line.sku
