from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...lib.octopus_api.order_parts import OrderLine
from ...lib.order_goods import GIFT_CARD, GOODS, NOT_GOODS, PARENT, SERVICE, title_key
from ...lib.order_mapping import best_candidate, says, with_variant
from ...orm import UnconstrainedMany2one, format_quantity
from ..delivery.pieces import line_pieces
from .look_up import ProductLookUp
from .restocking import outgoing
from .stock_deduction import resume_deduction

# The limits of words: a shorter name would be a guess, and more words do not help.
MIN_NAME = 3
MAX_WORDS = 8
MAX_NAMED = 100
# Suggestions at a time; after these lines are mapped, the next ones get theirs.
MAX_SUGGESTIONS = 20
# What a channel calls the product of a line: the kind of an alias and the field, the surest first.
ALIAS_FIELDS = {"variant": "octopus_variant_ref", "sku": "sku", "barcode": "barcode"}


class OctopusOrderLine(models.Model):
    """A line of an online order, and the product in Odoo that it is about."""

    _name = "octopus.order.line"
    _description = "Online Order Line"
    _order = "order_id, id"
    # Each reference to a user costs a check for every line of every order. Lines are created by
    # the workers, and the order's history says who mapped a product.
    _log_access = False

    order_id = fields.Many2one(
        "octopus.order",
        "Online Order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    # A plain column and not a related field, so that a new order is stored in one statement.
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    octopus_ref = fields.Char("Octopus Line", readonly=True)
    octopus_variant_ref = fields.Char("Octopus Variant", readonly=True)
    sku = fields.Char("SKU", readonly=True)
    barcode = fields.Char(readonly=True)
    name = fields.Char("Description", readonly=True)
    variant_name = fields.Char(
        "Variant",
        readonly=True,
        help="Which variant was ordered, such as its color and size, as the channel calls it.",
    )
    properties = fields.Text(
        "Options",
        readonly=True,
        help="What the customer chose or had written on the goods, such as an engraving.",
    )
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    is_quantity_unknown = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="The quantity that Octopus states could not be read: no goods leave for the line.",
    )
    price_unit = fields.Float(
        "Unit Price", digits="Product Price", readonly=True, help="Of one piece, before discounts."
    )
    discount = fields.Monetary(readonly=True, help="Off the whole line.")
    tax = fields.Monetary(readonly=True)
    subtotal = fields.Monetary(readonly=True, help="Quantity by price, less the discount.")
    kind = fields.Selection(
        [
            (GOODS, "Goods"),
            (SERVICE, "Service"),
            (NOT_GOODS, "No Goods"),
            (GIFT_CARD, "Gift Card"),
            (PARENT, "Bundle"),
        ],
        default=GOODS,
        required=True,
        readonly=True,
        help="Goods leave the stock. The goods of a bundle stand on lines of their own. A tip, a "
        "gift wrap, a deposit or a coupon is no goods.",
    )
    quantity_elsewhere = fields.Float(
        "Shipped from Elsewhere",
        digits="Product Unit",
        readonly=True,
        help="Pieces that a service of the channel ships: they are not in this store.",
    )
    # Pieces that left from elsewhere after they had been deducted here, as the channel says.
    late_elsewhere = fields.Float(
        digits="Product Unit", readonly=True, copy=False, export_string_translation=False
    )
    quantity_given_back = fields.Float(
        "Given Back",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Pieces that never left this store, because the channel shipped them from elsewhere.",
    )
    is_set_unclear = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="A kit or combo whose pieces may stand on the order too: a user decides.",
    )
    is_set_decided = fields.Boolean(readonly=True, copy=False, export_string_translation=False)
    # Pieces by location, of those that do not leave from the location of the order.
    places = fields.Json(readonly=True, copy=False, export_string_translation=False)
    product_id = fields.Many2one("product.product", check_company=True, index="btree_not_null")
    uom_id = fields.Many2one(
        "uom.uom",
        "Packaging",
        readonly=True,
        help="The packaging that was ordered: the one that Octopus sells, or the one of the "
        "barcode. Its pieces are deducted from stock.",
    )
    # Without a foreign key: an alias that is deleted while an order comes in is no error.
    alias_id = UnconstrainedMany2one(
        "octopus.product.alias", readonly=True, export_string_translation=False
    )
    needs_mapping = fields.Boolean(readonly=True)
    refund_line_ids = fields.One2many(
        "octopus.order.refund.line", "order_line_id", "Refunds", readonly=True
    )
    quantity_refunded = fields.Float(
        "Refunded",
        digits="Product Unit",
        compute="_compute_quantity_refunded",
        store=True,
        help="Pieces for which the channel gave the money back.",
    )
    fulfillment_line_ids = fields.One2many(
        "octopus.fulfillment.line", "order_line_id", "In Parcels", readonly=True
    )
    quantity_fulfilled = fields.Float(
        "Shipped",
        digits="Product Unit",
        compute="_compute_quantity_fulfilled",
        store=True,
        help="Pieces that have left or were handed over, without those that were refunded.",
    )
    is_deducted = fields.Boolean(
        "Deducted", readonly=True, copy=False, help="The goods were taken from the stock."
    )
    quantity_restored = fields.Float(
        "Restocked",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Pieces that are back in stock.",
    )
    move_ids = fields.One2many("stock.move", "octopus_order_line_id", "Stock Moves", readonly=True)
    suggested_product_id = fields.Many2one(
        "product.product",
        "Suggestion",
        compute="_compute_suggested_product_id",
        help="The product whose SKU differs in the letter case only, else the one whose name is "
        "nearest to the description.",
    )
    equal_product_ids = fields.Many2many(
        "product.product",
        string="Several Products",
        compute="_compute_suggested_product_id",
        help="These products have the SKU or the barcode of the line: select the right one. Give "
        "them different codes, and later orders find theirs.",
    )

    _unmapped_idx = models.Index("(order_id) WHERE needs_mapping")

    @api.depends("name", "variant_name")
    def _compute_display_name(self):
        for line in self:
            name = line.name or line.product_id.display_name or line.sku or ""
            line.display_name = with_variant(name, line.variant_name)

    @api.depends("refund_line_ids.quantity")
    def _compute_quantity_refunded(self):
        for line in self:
            line.quantity_refunded = sum(line.refund_line_ids.mapped("quantity"))

    @api.depends(
        *("fulfillment_line_ids.quantity", "fulfillment_line_ids.fulfillment_id.state"),
        *("fulfillment_line_ids.fulfillment_id.is_elsewhere", "quantity", "quantity_refunded"),
    )
    def _compute_quantity_fulfilled(self):
        for line in self:
            line.quantity_fulfilled = float(line._line_pieces().fulfilled)

    def _line_pieces(self):
        """Return the pieces of the line: ordered, refunded, and in parcels."""
        return line_pieces(self)

    @api.depends("needs_mapping", "name", "variant_name", "sku", "barcode")
    def _compute_suggested_product_id(self):
        self.suggested_product_id = self.equal_product_ids = False
        # Each may take several searches.
        unknown = self.filtered("needs_mapping")[:MAX_SUGGESTIONS]
        for account, lines in unknown.grouped(lambda line: line.order_id.account_id).items():
            look_up = ProductLookUp(account.sudo(), self.env)
            look_up.flush()
            codes = [OrderLine.of_codes(line.sku, line.barcode) for line in lines]
            cased = look_up.cased([line.sku for line in lines if line.sku])
            for line, candidates in zip(lines, look_up.candidates(codes), strict=True):
                best = best_candidate(candidates)
                products = (
                    self.env["product.product"]
                    .with_context(active_test=False)
                    .search([("id", "in", [each.product_id for each in candidates])])
                )
                if best:
                    line.suggested_product_id = products.filtered(
                        lambda product, best=best: product.id == best.product_id
                    )
                elif products:
                    line.equal_product_ids = products
                else:
                    line.suggested_product_id = line._cased(cased) or line._find_by_name()

    def _cased(self, cased):
        """Return the product whose SKU differs from the line's in the letter case only."""
        ids = cased.get((self.sku or "").lower(), ())
        return self.env["product.product"].search([("id", "in", ids)], limit=1)

    def _find_by_name(self):
        """Return the product whose name is nearest to the description, empty when none is near.

        Channels add a color or a size at the end, so the last words are left out one by one. Words
        count, not the letters inside of them: "ring" is no String.
        """
        self.ensure_one()
        products = self.env["product.product"]
        company = Domain("company_id", "in", [self.company_id.id, False])
        words = (self.name or "").split()[:MAX_WORDS]
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(" -,/|:")
            if len(name) < MIN_NAME:
                break
            text = escape_psql(name)
            begins = Domain("name", "=ilike", f"{text}%") | Domain("name", "ilike", f" {text}")
            named = products.search(company & begins, limit=MAX_NAMED).filtered(
                lambda product, name=name: says(product.name, name)
            )
            if named:
                return min(named, key=self._distance)
        return products

    def _distance(self, product):
        """Return how far a product is from the line whose words it has: (is it another variant,
        the length of its name)."""
        return not says(product.display_name, self.variant_name or ""), len(product.name)

    # === CRUD METHODS === #

    def write(self, vals):
        """Override: people choose the product of a line that needs one, and nothing else."""
        if not (self.env.su or set(vals) <= {"product_id"}):
            raise AccessError(
                self.env._(
                    "Only the product of an online order's line can be changed: everything else "
                    "comes from Octopus. An order is cancelled as a whole, never in part."
                )
            )
        if self.env.su or not vals:
            return super().write(vals)
        self._check_may_map()
        result = super().write(vals)
        self._check_company()
        # The product is written to lines and aliases that the user may not change.
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
        """Open the dialog to choose the product of the line."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Product"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_accept_suggestion(self):
        """Use the suggested product."""
        for line in self:
            if line.needs_mapping and line.suggested_product_id:
                line.product_id = line.suggested_product_id
        return True

    def action_no_goods(self):
        """Say that these lines are no goods, here and in later orders of their channel."""
        self.check_access("write")
        self._check_may_map()
        # The lines and the channel are written, which the user may not change.
        self.sudo()._set_no_goods()
        return {"type": "ir.actions.act_window_close"}

    def action_pieces_listed(self):
        """Say that the pieces of these kits or combos stand on lines of their own."""
        return self._decide_set({"kind": PARENT})

    def action_deduct_set(self):
        """Say that these kits leave besides what stands on the other lines."""
        return self._decide_set({})

    def _decide_set(self, values):
        self.check_access("write")
        # The lines and the orders are written, which the user may not change.
        unclear_sudo = self.sudo().filtered("is_set_unclear")
        unclear_sudo.write({"is_set_unclear": False, "is_set_decided": True, **values})
        resume_deduction(unclear_sudo.order_id)
        return True

    # === BUSINESS METHODS === #

    def _set_no_goods(self):
        """Remember that these lines are no goods, and settle those of all orders of their channel
        that are called the same; `self` is sudoed."""
        lines = self
        for (account, source), of_channel in self.grouped(
            lambda line: (line.order_id.account_id, line.order_id.third_party_name)
        ).items():
            titles = {line._title(): line.name or line.sku for line in of_channel if line._title()}
            for title in titles.values():
                of_channel.order_id.channel_id._remember_no_goods(title)
            waiting = self.search(
                [
                    ("order_id.account_id", "=", account.id),
                    ("order_id.third_party_name", "=", source),
                    ("needs_mapping", "=", True),
                ]
            )
            lines |= waiting.filtered(lambda line, titles=titles: line._title() in titles)
        lines.write({"kind": NOT_GOODS, "product_id": False, "needs_mapping": False})
        resume_deduction(lines.order_id)

    def _title(self):
        """Return what the channel calls the line, as titles are compared."""
        return title_key(self.name or self.sku)

    def _mapped_by_user(self):
        """Save the chosen products for later orders, and have the lines deducted that need them;
        `self` is sudoed."""
        for line in self.filtered("product_id"):
            line.kind = GOODS
            line.order_id.channel_id._forget_no_goods(line.name or line.sku)
        lines = self
        for line in self:
            kind, key = line._alias_key()
            if not key:
                continue
            line._save_alias(kind, key)
            if line.product_id:
                lines |= line._map_equal_lines(kind, key)
        for line in lines:
            line.needs_mapping = not line.product_id
        resume_deduction(lines.order_id)

    def _alias_key(self):
        """Return `(kind, key)`: what the channel calls the product of the line."""
        self.ensure_one()
        keys = ((kind, self[name]) for kind, name in ALIAS_FIELDS.items() if self[name])
        return next(keys, (False, False))

    def _save_alias(self, kind, key):
        """Save the line's product for later orders; delete the alias when it has none."""
        account, product = self.order_id.account_id, self.product_id
        alias = self.env["octopus.product.alias"].search(
            [("account_id", "=", account.id), ("kind", "=", kind), ("key", "=", key)]
        )
        self.uom_id = False  # it was that of another product
        if not product:
            alias.unlink()
        elif alias:
            alias.product_id = product
        else:
            names = {"account_id": account.id, "kind": kind, "key": key}
            alias = alias.create({**names, "product_id": product.id})
        self.alias_id = alias.exists()

    def _map_equal_lines(self, kind, key):
        """Give the product to all lines of the account that need the same one; return them."""
        lines = self.search(
            [
                ("order_id.account_id", "=", self.order_id.account_id.id),
                ("needs_mapping", "=", True),
                (ALIAS_FIELDS[kind], "=", key),
                ("id", "!=", self.id),
            ]
        )
        lines.write({"product_id": self.product_id.id, "alias_id": self.alias_id.id})
        return lines

    def _pieces_out(self):
        """Return how many pieces have not come back, whoever returned the others; the pieces of a
        kit whose component is furthest out."""
        self.ensure_one()
        # A cashier who cancels may not see transfers.
        moves = outgoing(self.sudo().move_ids).filtered("quantity").grouped("product_id")
        shares = (
            sum(move._octopus_returnable() for move in of_product)
            / sum(of_product.mapped("quantity"))
            for of_product in moves.values()
        )
        taken = self._pieces(self.quantity - self.quantity_elsewhere)
        return taken * max(shares, default=0)

    def _pieces(self, quantity):
        """Return a quantity of the line in the unit of the product: the pieces of packagings."""
        self.ensure_one()
        unit = self.product_id.uom_id
        return (
            self.uom_id._compute_quantity(quantity, unit, round=False) if self.uom_id else quantity
        )

    def _leaves_otherwise(self, values):
        """Return whether the pieces leave from other places than these values say, see
        `place_values`; of deducted ones, from other warehouses."""
        self.ensure_one()
        unit = self.product_id.uom_id or self.env.ref("uom.product_uom_unit")
        if unit.compare(self.quantity_elsewhere, float(values["quantity_elsewhere"])):
            return True
        before, after = (self._warehouses_at(places) for places in (self.places, values["places"]))
        return before != after

    def _warehouses_at(self, places):
        """Return {warehouse: pieces} of places; those of the order itself are left out."""
        locations, found = self.env["octopus.location"], {}
        for location_id, pieces in (places or {}).items():
            warehouse = locations.browse(int(location_id)).exists().warehouse_id
            if warehouse and warehouse != self.order_id.warehouse_id:
                found[warehouse] = found.get(warehouse, 0) + pieces
        return found

    def _pieces_to_pack(self):
        """Return how many pieces are to be packed here: not those that were refunded, and not those
        that are shipped from elsewhere. A bundle is packed as the lines of its goods."""
        self.ensure_one()
        if self.kind == PARENT or self.price_unit < 0:
            return 0
        return max(self.quantity - self.quantity_refunded - self._pieces_elsewhere(), 0)

    def _format_quantity(self):
        """Return the quantity as text, for packing slips and the Point of Sale: how many of them
        are to be packed here when some were refunded, or are shipped from elsewhere."""
        quantity = format_quantity(self.env, self.quantity)
        refunded = min(self.quantity_refunded, self.quantity)
        elsewhere = min(self._pieces_elsewhere(), self.quantity - refunded)
        reasons = []
        if refunded > 0:
            pieces = format_quantity(self.env, refunded)
            reasons.append(self.env._("%(pieces)s refunded", pieces=pieces))
        if elsewhere > 0:
            pieces = format_quantity(self.env, elsewhere)
            reasons.append(self.env._("%(pieces)s shipped from elsewhere", pieces=pieces))
        if reasons:
            left = self.quantity - max(refunded, 0) - max(elsewhere, 0)
            quantity = self.env._(
                "%(left)s of %(quantity)s (%(reasons)s)",
                left=format_quantity(self.env, left),
                quantity=quantity,
                reasons=", ".join(reasons),
            )
        return f"{quantity} {self.uom_id.name}" if self.uom_id else quantity

    def _pieces_elsewhere(self):
        """Return how many pieces of the line are shipped from elsewhere, as far as is known."""
        self.ensure_one()
        if self.kind == GOODS and (self.order_id.stock_issue or [""])[0] == "shipped_by_channel":
            return self.quantity
        return self.quantity_elsewhere + self.quantity_given_back
