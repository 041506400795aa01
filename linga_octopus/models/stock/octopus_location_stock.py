from math import floor
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...orm import clear_caches

# Binary fractions: 0.1 + 0.2 is 0.30000000000000004, and 3 kg less 2.9 must not become 0.
DIGITS = 6


class StockFigures(NamedTuple):
    """What makes up the number that Octopus is told of a product at a location."""

    on_hand: float
    reserved: float
    expired: float  # past the removal date and not reserved
    available: float  # according to the account's basis
    buffer: float
    cap: int  # 0: none
    sold: bool

    @property
    def number(self):
        """The number to send: whole units, never below zero."""
        if not self.sold:
            return 0
        number = max(0, floor(round(self.available - self.buffer, DIGITS)))
        return min(number, self.cap) if self.cap else number


class OctopusLocation(models.Model):
    """How many of a product Octopus is told to be at a location."""

    _inherit = "octopus.location"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        locations._after_mapping()
        return locations

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "warehouse_id"}.isdisjoint(vals):
            self._after_mapping()
        return result

    def unlink(self):
        result = super().unlink()
        clear_caches(self.env)
        return result

    def _after_mapping(self):
        clear_caches(self.env)
        sending = self.filtered(lambda location: location.account_id.auto_stock_sync)
        self.env["octopus.stock.event"].sudo()._record_locations(sending)

    @api.model
    @ormcache()
    def _mapped_warehouse_ids(self):
        """Return the warehouses whose changes of stock are recorded: those that a connected
        store maps.

        Whether the store has its stock sent automatically is the worker's question: a sale that
        began before the first sync and ends after it must not be lost.
        """
        return frozenset(self._mapped().warehouse_id._ids)

    @api.model
    @ormcache()
    def _forecast_warehouse_ids(self):
        """Return those warehouses where what is planned counts already."""
        mapped = self._mapped().filtered(lambda loc: loc.account_id.stock_basis == "forecast")
        return frozenset(mapped.warehouse_id._ids)

    @api.model
    def _mapped(self):
        # Asked for every change of stock, by whoever changes it.
        return self.sudo().search(
            [
                ("active", "=", True),
                ("warehouse_id", "!=", False),
                ("account_id.active", "=", True),
                ("account_id.state", "in", ("connected", "error")),
            ]
        )

    # === NUMBERS === #

    def _stock_figures(self, product_ids):
        """Return StockFigures by product id; products that are not kept in stock are left out."""
        self.ensure_one()
        account = self.account_id
        less_reserved = account.stock_basis == "free"
        account_buffer, account_cap = account.stock_buffer, account.stock_cap
        rows = self._read_stock(product_ids)
        computed = self._computed_quantities(rows)
        buffers = self._category_buffers(rows)
        result = {}
        for row in rows:
            product_id, stored, on_hand, reserved, expired = row[:5]
            sold, own_buffer, buffer, cap = row[5:]
            if product_id in computed:
                on_hand, reserved, expired, available = computed[product_id]
            elif not stored:
                continue
            else:
                available = on_hand
                if less_reserved:
                    available -= reserved + expired
            if not own_buffer:
                buffer = buffers.get(product_id, account_buffer)
            result[product_id] = StockFigures(
                on_hand, reserved, expired, available, buffer or 0.0, cap or account_cap, sold
            )
        return result

    def _read_stock(self, product_ids):
        """Return what the database knows of products: quantities here, and how they are sold.

        The ORM takes thirty times as long for it, and this is asked for every change of stock.
        """
        quants = self.env["stock.quant"]
        quants.flush_model()
        self.env["product.product"].flush_model()
        expired = SQL("0.0")
        if "removal_date" in quants._fields:  # product_expiry: as in its own free quantity
            expired = SQL(
                "sum(quant.quantity - quant.reserved_quantity)"
                " FILTER (WHERE quant.removal_date <= %s)",
                fields.Date.today(),
            )
        return self.env.execute_query(
            SQL(
                """SELECT product.id, template.is_storable AND template.type = 'consu',
                          coalesce(stock.on_hand, 0), coalesce(stock.reserved, 0),
                          coalesce(stock.expired, 0),
                          %(sold)s,
                          template.octopus_own_buffer, template.octopus_stock_buffer,
                          template.octopus_stock_cap
                     FROM product_product product
                     JOIN product_template template ON template.id = product.product_tmpl_id
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
                path=f"{self.warehouse_id.view_location_id.parent_path}%",
                expired=expired,
                sold=self._sold_condition(),
            )
        )

    @api.model
    def _sold_condition(self):
        """Return the SQL that says whether a product is offered: if not, Octopus is told 0."""
        return SQL(
            """product.active AND template.active AND template.available_in_pos
               AND template.sale_ok AND template.octopus_excluded IS NOT TRUE"""
        )

    def _computed_quantities(self, rows):
        """Return (on hand, reserved, expired, by the account's basis) of products that a sum does
        not tell: all of them for a forecast, and kits, which are as many as their components make.
        """
        products = self.env["product.product"].browse(row[0] for row in rows)
        basis = self.account_id.stock_basis
        kits = products._octopus_kits(self.company_id)
        if basis == "forecast":
            wanted = products.browse(row[0] for row in rows if row[1]) | kits
        else:
            wanted = kits
        if not wanted:
            return {}
        # There is no stock of a kit itself that could expire.
        expired = {row[0]: row[4] for row in rows} | dict.fromkeys(kits._ids, 0.0)
        key = {"free": "free_qty", "on_hand": "qty_available", "forecast": "virtual_available"}
        found = (
            wanted.with_company(self.company_id)
            .with_context(warehouse_id=self.warehouse_id.id)
            ._compute_quantities_dict(None, None, None)
        )
        result = {}
        for product in wanted:
            values, gone = found[product.id], expired[product.id]
            reserved = values["qty_available"] - values["free_qty"] - gone
            result[product.id] = values["qty_available"], reserved, gone, values[key[basis]]
        return result

    def _category_buffers(self, rows):
        """Return the buffer of products that have one from a category of the kind that the
        account sends.

        Of several categories the most careful one counts.
        """
        is_pos = self.account_id.category_source == "pos"
        categories = self.env["pos.category" if is_pos else "product.category"]
        buffers = categories._octopus_buffers()
        if not buffers:
            return {}
        found = self.env.execute_query(
            SQL(
                """SELECT product.id, member.category_id
                     FROM product_product product
                     JOIN (%s) member(template_id, category_id)
                       ON member.template_id = product.product_tmpl_id
                    WHERE product.id = ANY(%s) AND member.category_id = ANY(%s)""",
                categories._octopus_members(),
                [row[0] for row in rows],
                list(buffers),
            )
        )
        result = {}
        for product_id, category_id in found:
            result[product_id] = max(buffers[category_id], result.get(product_id, 0.0))
        return result
