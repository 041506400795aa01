from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...orm import format_quantity, rounded

# A shorter name would be a guess, and a longer description is one anyhow.
MIN_NAME = 3
MAX_WORDS = 8
# Of the lines of an order; whoever maps these sees the next.
MAX_SUGGESTIONS = 20
# More than anybody can engrave.
MAX_PROPERTIES = 50
MAX_PROPERTIES_TEXT = 2_000


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
    properties = fields.Text(
        "Options",
        readonly=True,
        help="What the customer chose or had written on the goods, such as an engraving.",
    )
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
    def _prepare_from_octopus(self, account, remote, currency, bound):
        """Return the values of a new order's lines; see `_match_products` for `bound`."""
        products = self._match_products(account, remote.lines, bound)
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
                "properties": _properties_text(line.properties),
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

    # --- methods of packing slips and the Point of Sale --- #

    def _format_quantity(self):
        """Return the quantity as text."""
        return format_quantity(self.env, self.quantity)


def _properties_text(properties):
    """Return what the customer chose as lines `name: value`; what is no text is left out."""
    lines = []
    for entry in properties[:MAX_PROPERTIES]:
        texts = (entry.get("name"), entry.get("value")) if isinstance(entry, dict) else (entry,)
        texts = (str(text).strip() for text in texts if isinstance(text, str | int | Decimal))
        lines.append(": ".join(filter(None, texts)))
    return "\n".join(filter(None, lines))[:MAX_PROPERTIES_TEXT] or False
