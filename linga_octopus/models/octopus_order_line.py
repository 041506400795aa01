from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from .plain_insert import rounded

# A shorter name would be a guess, and a longer description is one anyhow.
MIN_NAME = 3
MAX_WORDS = 8
# Of the lines of an order; whoever maps these sees the next.
MAX_SUGGESTIONS = 20


class OctopusOrderLine(models.Model):
    """One line of an online order, and the product of ours that it is about."""

    _name = "octopus.order.line"
    _description = "Online Order Line"
    _order = "order_id, id"
    # Each reference is one more thing to check for every line of every order. Who created a line
    # is always the webhook; who mapped it is in the order's history.
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    # A column, not a related field: a new order is stored in as few steps as can be.
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    octopus_ref = fields.Char("Octopus Line", readonly=True)
    octopus_variant_ref = fields.Char("Octopus Variant", readonly=True)
    sku = fields.Char("SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    name = fields.Char("Description", readonly=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    price_unit = fields.Float("Unit Price", digits="Product Price", readonly=True)
    discount = fields.Monetary(readonly=True, help="Off the whole line.")
    tax = fields.Monetary(readonly=True)
    subtotal = fields.Monetary(readonly=True, help="Quantity by price, less the discount.")
    product_id = fields.Many2one("product.product", check_company=True, index="btree_not_null")
    needs_mapping = fields.Boolean(readonly=True)
    is_deducted = fields.Boolean("Deducted", readonly=True, copy=False)
    quantity_restored = fields.Float("Given Back", digits="Product Unit", readonly=True, copy=False)
    move_ids = fields.One2many("stock.move", "octopus_order_line_id", "Stock Moves", readonly=True)
    suggested_product_id = fields.Many2one(
        "product.product",
        "Suggestion",
        compute="_compute_suggested_product_id",
        help="The product whose name is nearest to the description.",
    )

    _unmapped_idx = models.Index("(order_id) WHERE needs_mapping")

    @api.depends("needs_mapping", "name")
    def _compute_suggested_product_id(self):
        suggestions = {}  # looking for them takes several searches each
        for line in self:
            wanted = (line.company_id, line.name)
            can_look = line.needs_mapping and line.name and len(suggestions) < MAX_SUGGESTIONS
            if can_look and wanted not in suggestions:
                suggestions[wanted] = line._find_by_name()
            line.suggested_product_id = line.needs_mapping and suggestions.get(wanted)

    def _find_by_name(self):
        """Return the product whose name is nearest to the description, empty when none is near.

        What channels add (a color, a size) mostly comes last: word by word it is left out.
        """
        self.ensure_one()
        products = self.env["product.product"]
        company = Domain("company_id", "in", [self.company_id.id, False])
        words = self.name.split()[:MAX_WORDS]
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(" -,/|:")
            if len(name) < MIN_NAME:
                break
            for operator in ("=ilike", "ilike"):
                named = Domain("name", operator, escape_psql(name))
                if found := products.search(company & named, limit=1):
                    return found
        return products

    # === CRUD === #

    def write(self, vals):
        """Override: people choose the product of a line that needs one, and nothing else."""
        if not (self.env.su or set(vals) <= {"product_id"}):
            raise AccessError(
                self.env._(
                    "Only the product of an online order's line can be changed: the rest is "
                    "Octopus's. An order is cancelled as a whole, never in part."
                )
            )
        if self.env.su or not vals:
            return super().write(vals)
        self._check_may_map()
        result = super().write(vals)
        self._check_company()
        # The mapping goes on to lines and aliases that the user may not change himself.
        self.sudo()._mapped_by_user()
        return result

    def _check_may_map(self):
        if any(line.is_deducted for line in self):
            raise UserError(
                self.env._(
                    "The stock of this line is deducted already. Cancel the order, or correct "
                    "the stock by hand."
                )
            )

    # === ACTION METHODS === #

    def action_choose_product(self):
        """Ask which product the line is for."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose Product"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_accept_suggestion(self):
        """Take the suggested product."""
        for line in self:
            if line.needs_mapping and line.suggested_product_id:
                line.product_id = line.suggested_product_id
        return True

    # === BUSINESS METHODS === #

    def _mapped_by_user(self):
        """Remember the products just chosen, and deduct what waited for them.

        `self` is sudoed.
        """
        aliases = self.env["octopus.product.alias"]
        lines = self
        for line in self:
            aliases._remember(line)
            if line.product_id:
                lines |= aliases._map_waiting_lines(line)
        for line in lines:
            line.needs_mapping = not line.product_id
        lines.order_id._lines_mapped()

    def _is_to_deliver(self):
        """Tell whether the line is about goods that are still to be taken from the stock.

        Services are not moved. Goods that are not counted are, as at the till: the delivery
        shows what was sold.
        """
        self.ensure_one()
        return self.product_id.type == "consu" and not self.is_deducted and self.quantity > 0

    def _prepare_move(self, picking):
        """Return the values of the move that delivers this line."""
        self.ensure_one()
        return {
            "picking_id": picking.id,
            "octopus_order_line_id": self.id,
            "product_id": self.product_id.id,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": self.quantity,
            "picked": True,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "picking_type_id": picking.picking_type_id.id,
            "partner_id": picking.partner_id.id,
            "origin": picking.origin,
            "company_id": picking.company_id.id,
        }

    def _delivery_groups(self):
        """Return these lines in groups that are delivered together.

        All at once, but for goods valued first in, first out: what one order pays for them
        depends on what the order before it took, so these go one by one.
        """
        in_turn = self.filtered(lambda line: line.product_id.cost_method == "fifo").order_id
        together = self.filtered(lambda line: line.order_id not in in_turn)
        turns = (self - together).grouped("order_id").values()
        return [group for group in (together, *turns) if group]

    @api.model
    def _prepare_from_octopus(self, account, remote, currency):
        """Return the values of a new order's lines."""
        products = self._match_products(account, remote.lines)
        units = self.env["decimal.precision"].precision_get("Product Unit")
        prices = self.env["decimal.precision"].precision_get("Product Price")
        cents = currency.decimal_places
        return [
            {
                "company_id": account.company_id.id,
                "octopus_ref": line.ref,
                "octopus_variant_ref": line.variant_ref,
                "sku": line.sku,
                "barcode": line.barcode,
                "name": line.title or line.sku,
                "quantity": rounded(line.quantity, units),
                "price_unit": rounded(line.price, prices),
                "discount": rounded(line.total_discount, cents),
                "tax": rounded(line.tax, cents),
                "subtotal": rounded(line.price * line.quantity - line.total_discount, cents),
                "product_id": product_id,
                "needs_mapping": not product_id,
            }
            for line, product_id in zip(remote.lines, products, strict=True)
        ]

    @api.model
    def _match_products(self, account, remote_lines):
        """Return the id of each line's product, or None.

        Found by Octopus's variant id, by what a user chose before, by SKU, then by barcode. This
        is the hot path: products that Octopus has from us are all found by one light query.
        """
        lines = [line for line in remote_lines if line.variant_ref or line.sku or line.barcode]
        found = {}
        for query in (self._bindings_query, self._products_query):
            lines = [line for line in lines if not _best_match(line, found)]
            if not lines:
                break
            self._flush_matched_by()
            for kind, key, product_id in self.env.execute_query(query(account, lines)):
                found.setdefault((kind, key), product_id)
        return [_best_match(line, found) for line in remote_lines]

    @api.model
    def _flush_matched_by(self):
        self.env["octopus.variant"].flush_model(["account_id", "octopus_ref", "product_id", "sku"])
        self.env["octopus.product.alias"].flush_model()
        self.env["product.product"].flush_model(
            ["active", "barcode", "default_code", "product_tmpl_id"]
        )
        self.env["product.template"].flush_model(["company_id"])

    @api.model
    def _bindings_query(self, account, lines):
        """Return the query for `(kind, key, product id)` of what is known in Octopus."""
        return SQL(
            """
            SELECT 'variant', octopus_ref, product_id FROM octopus_variant
             WHERE account_id = %(account)s AND octopus_ref IN %(variants)s
               AND product_id IS NOT NULL
             UNION ALL
            SELECT 'sku', sku, product_id FROM octopus_variant
             WHERE account_id = %(account)s AND sku IN %(skus)s AND product_id IS NOT NULL
             UNION ALL
            SELECT 'alias_' || kind, key, product_id FROM octopus_product_alias
             WHERE account_id = %(account)s AND ((kind = 'variant' AND key IN %(variants)s)
                OR (kind = 'sku' AND key IN %(skus)s))
            """,
            account=account.id,
            variants=_sql_values(line.variant_ref for line in lines),
            skus=_sql_values(line.sku for line in lines),
        )

    @api.model
    def _products_query(self, account, lines):
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
            company=account.company_id.id,
            skus=_sql_values(line.sku for line in lines),
            barcodes=_sql_values(code for line in lines for code in (line.barcode, line.sku)),
        )


def _sql_values(texts):
    """Return texts for SQL's IN, which takes no empty list; NULL is never in one."""
    return tuple({text or None for text in texts})


def _best_match(line, found):
    """Return the product id found for a line, or None."""
    return next((found[key] for key in _keys_of(line) if key in found), None)


def _keys_of(line):
    """Yield what a line's product may be known by, the surest first."""
    yield "variant", line.variant_ref
    yield "alias_variant", line.variant_ref
    yield "alias_sku", line.sku
    yield "sku", line.sku
    yield "barcode", line.barcode
    # Shops without barcodes of their own often put them in the SKU.
    yield "barcode", line.sku
