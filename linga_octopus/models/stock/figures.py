"""The figures of products at an Octopus location, read in few queries."""

from odoo import fields
from odoo.tools import SQL, groupby

from ...lib.stock_number import (
    StockRow,
    StoreRules,
    computed_quantities,
    highest_buffers,
    nearest_buffers,
    stock_figures,
)
from ..catalog.kits import kits_among


def numbers_to_send(env, rows):
    """Return the number to send by level id; variants that are not kept in stock are left out.

    :param rows: LevelRows
    """
    # A deleted product is sold out for good.
    numbers = {row.id: 0 for row in rows if not row.product_id}
    with_product = (row for row in rows if row.product_id)
    for location_id, group in groupby(with_product, lambda row: row.location_id):
        location = env["octopus.location"].browse(location_id)
        figures = LocationFigures(location).read_figures([row.product_id for row in group])
        numbers.update(
            (row.id, figures[row.product_id].number) for row in group if row.product_id in figures
        )
    return numbers


class LocationFigures:
    """Reads the stock of products in the warehouse of an Octopus location, and their rules.

    :param location: an `octopus.location` with a warehouse
    """

    def __init__(self, location):
        self._env = location.env
        self._account = location.account_id
        self._company = location.company_id
        self._warehouse = location.warehouse_id

    def read_figures(self, product_ids):
        """Return StockFigures by product id; products that are not kept in stock are left out."""
        account = self._account
        rules = StoreRules(account.stock_basis, account.stock_buffer, account.stock_cap)
        rows = self._read_stock(product_ids)
        buffers = self._read_category_buffers(product_ids)
        products = self._env["product.product"].browse(row.product_id for row in rows)
        # The quants of a kit do not tell its quantities, and no quants tell a forecast.
        wanted = kits = kits_among(products, self._company)
        if account.stock_basis == "forecast":
            wanted |= products.browse(row.product_id for row in rows if row.is_stored)
        computed = self._compute_quantities(wanted, kits, rows) if wanted else {}
        result = {}
        for row in rows:
            product_id = row.product_id
            figures = stock_figures(
                row,
                rules,
                category_buffer=buffers.get(product_id),
                computed=computed.get(product_id),
            )
            if figures:
                result[product_id] = figures
        return result

    def _read_stock(self, product_ids):
        """Return StockRows. The ORM takes thirty times as long, and every change of stock needs
        this."""
        self._env["stock.quant"].flush_model()
        self._env["product.product"].flush_model()
        found = self._env.execute_query(
            SQL(
                """SELECT product.id, template.is_storable AND template.type = 'consu',
                          coalesce(stock.on_hand, 0), coalesce(stock.reserved, 0),
                          coalesce(stock.expired, 0),
                          product.active AND template.active AND template.available_in_pos
                          AND template.sale_ok AND template.octopus_excluded IS NOT TRUE
                          AND coalesce(template.octopus_publish_from <= %(now)s, TRUE)
                          AND coalesce(template.octopus_publish_until > %(now)s, TRUE)
                          AND NOT product.id = ANY(%(sold_out)s),
                          template.octopus_own_buffer, template.octopus_stock_buffer,
                          template.octopus_stock_cap, template.octopus_sold_out_at,
                          coalesce(packaging.factor / nullif(unit.factor, 0), 1)::float8
                     FROM product_product product
                     JOIN product_template template ON template.id = product.product_tmpl_id
                     LEFT JOIN uom_uom packaging ON packaging.id = template.octopus_uom_id
                     LEFT JOIN uom_uom unit ON unit.id = template.uom_id
                     LEFT JOIN (
                          SELECT quant.product_id, sum(quant.quantity)::float8 AS on_hand,
                                 sum(quant.reserved_quantity)::float8 AS reserved,
                                 (%(expired)s)::float8 AS expired
                            FROM stock_quant quant
                            JOIN stock_location place ON place.id = quant.location_id
                           WHERE quant.product_id = ANY(%(ids)s)
                             AND place.usage = 'internal' AND place.parent_path LIKE %(path)s
                           GROUP BY quant.product_id
                     ) stock ON stock.product_id = product.id
                    WHERE product.id = ANY(%(ids)s)""",
                ids=list(product_ids),
                now=fields.Datetime.now(),
                sold_out=self._sold_out_ids(product_ids),
                path=f"{self._warehouse.view_location_id.parent_path}%",
                expired=self._expired_sql(),
            )
        )
        return [StockRow(*row) for row in found]

    def _expired_sql(self):
        """Return the sum of the goods of a group of quants that are past their removal date."""
        if "removal_date" not in self._env["stock.quant"]._fields:
            return SQL("0.0")
        return SQL(  # product_expiry: as in its own free quantity
            "sum(quant.quantity - quant.reserved_quantity) FILTER (WHERE quant.removal_date <= %s)",
            fields.Date.today(),
        )

    def _sold_out_ids(self, product_ids):
        """Return the ids of those of these products that the store does not offer today."""
        self._env["octopus.sold.out"].flush_model()
        found = self._env.execute_query(
            SQL(
                """SELECT product_id FROM octopus_sold_out
                    WHERE account_id = %s AND product_id = ANY(%s) AND until > %s""",
                self._account.id,
                list(product_ids),
                fields.Datetime.now(),
            )
        )
        return [product_id for (product_id,) in found]

    def _compute_quantities(self, products, kits, rows):
        """Return the Quantities, by product id, of products whose quants do not tell them."""
        # There is no stock of a kit itself that could expire.
        expired = {row.product_id: row.expired for row in rows} | dict.fromkeys(kits._ids, 0.0)
        found = (
            products.with_company(self._company)
            .with_context(warehouse_id=self._warehouse.id)
            ._compute_quantities_dict(None, None, None)
        )
        return {
            product_id: computed_quantities(
                found[product_id]["qty_available"],
                found[product_id]["free_qty"],
                found[product_id]["virtual_available"],
                expired=expired[product_id],
                basis=self._account.stock_basis,
            )
            for product_id in products._ids
        }

    def _read_category_buffers(self, product_ids):
        """Return the buffer, by product id, of products in categories with one. Only the kind of
        categories counts that the account sends."""
        is_pos = self._account.category_source == "pos"
        categories = self._env["pos.category" if is_pos else "product.category"]
        buffers = category_buffers(categories)
        if not buffers:
            return {}
        memberships = self._env.execute_query(
            SQL(
                """SELECT product.id, member.category_id
                     FROM product_product product
                     JOIN (%s) member(template_id, category_id)
                       ON member.template_id = product.product_tmpl_id
                    WHERE product.id = ANY(%s) AND member.category_id = ANY(%s)""",
                categories._octopus_members_query,
                list(product_ids),
                list(buffers),
            )
        )
        return highest_buffers(memberships, buffers)


def category_buffers(categories):
    """Return the safety stock by category id: its own, otherwise that of the nearest parent with
    one. Categories without any are left out.

    :param categories: the model of the categories; its environment decides which are found
    """
    own = categories.search([("octopus_own_buffer", "=", True)])
    if not own:
        return {}
    below = categories.search([("id", "child_of", own.ids)])
    return nearest_buffers(
        {category.id: category.parent_id.id for category in below},
        {category.id: category.octopus_stock_buffer for category in own},
    )
