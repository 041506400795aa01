"""What a cashier packs: where the goods are, how many there are, and what a scanner reads."""

from odoo.tools import float_round

from ...lib.fulfillments import BY_CHANNEL, PART
from ...lib.order_goods import GOODS
from ...orm import format_quantity


class Packing:
    """What the lines of an order need at the Point of Sale.

    :param order: record of `octopus.order`, in the environment of the cashier, who may not see
        stock, transfers and products: they are read with sudo
    """

    def __init__(self, order):
        self.env = order.env
        self._order_sudo = order.sudo()
        self._lines_sudo = self._order_sudo.line_ids
        self._stock = self._read_stock()
        self._sold_out = self.env["octopus.sold.out"]._sold_out_products(
            self._order_sudo.account_id, self._lines_sudo.product_id
        )

    def line(self, line):
        """Return what the packer of a line has to know."""
        line_sudo = line.sudo()
        product_sudo = line_sudo.product_id
        is_stored = product_sudo.is_storable and line_sudo.kind == GOODS
        shelves = self._shelves(line_sudo)
        quantity = self._stock.get(product_sudo.id, {})
        return {
            "to_pack": pieces_to_pack(line_sudo),
            "codes": _codes(line_sudo),
            "on_hand": format_quantity(self.env, sum(quantity.values())) if is_stored else "",
            "shelf": ", ".join(shelves.mapped("name")) if is_stored else "",
            "can_sell_out": bool(product_sudo) and product_sudo.is_storable,
            "is_sold_out": product_sudo in self._sold_out,
        }

    def pieces(self):
        """Return how many pieces there are to pack, as text."""
        return format_quantity(self.env, sum(map(pieces_to_pack, self._lines_sudo)))

    def _read_stock(self):
        """Return {product id: {location: quantity}} in the warehouse of the order."""
        warehouse = self._order_sudo.warehouse_id or self._order_sudo.location_id.warehouse_id
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", self._lines_sudo.product_id.ids),
                    ("location_id", "child_of", warehouse.view_location_id.ids),
                    ("location_id.usage", "=", "internal"),
                ],
                ["product_id", "location_id"],
                ["quantity:sum"],
            )
        )
        stock = {}
        for product, location, quantity in groups:
            stock.setdefault(product.id, {})[location] = quantity
        return stock

    def _shelves(self, line_sudo):
        """Return the locations from which the goods were deducted, otherwise those that have some.

        The stock location of a warehouse itself is no shelf.
        """
        moves = line_sudo.move_ids.filtered(lambda move: move.location_dest_id.usage != "internal")
        locations = moves.move_line_ids.location_id.filtered(
            lambda location: location.usage == "internal"
        )
        root = line_sudo.order_id.warehouse_id.lot_stock_id
        if not locations - root:
            stock = self._stock.get(line_sudo.product_id.id, {})
            found = [location.id for location, quantity in stock.items() if quantity > 0]
            locations = locations.browse(found)
        return locations - root


def pieces_to_pack(line):
    """Return how many pieces of a line are to be packed: not those that were refunded, nor a set of
    which nobody has decided whether it leaves, nor what is out of an order that is partly out, or
    shipped by the channel."""
    if line.kind != GOODS or line.is_set_unclear:
        return 0
    if line.order_id.fulfillment_state in (PART, BY_CHANNEL):
        return float(line._line_pieces().left_here)
    left = line.quantity - line.quantity_refunded - line.quantity_elsewhere
    return max(float_round(left, precision_digits=6), 0)


def _codes(line):
    """Return what a scanner may read on the goods of a line."""
    product = line.product_id
    codes = {line.barcode, line.sku, product.barcode, product.default_code}
    codes |= set(product.product_uom_ids.mapped("barcode"))
    return sorted(code for code in codes if code)
