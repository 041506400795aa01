from odoo import fields


class QuantBatch:
    """The sums of what a batch of transfers takes from and brings to each place.

    Core updates a quant for each line of each transfer. The sums have the same result for the
    orders that are delivered together, and lock and write each quant once.

    :param products: those that are summed up (see `plain_products`)
    """

    def __init__(self, products):
        self.product_ids = set(products.ids)
        self.pending = {}
        # (move of the batch, other move): what the one took that was reserved for the other
        self.taken = {}

    def fill(self, moves):
        """Give moves the quantities that they are planned for.

        Core need not look for the place of plain products: they get one line each, all created at
        once.
        """
        empty = moves.filtered(lambda move: not move.quantity)
        plain = empty.filtered(lambda move: move.product_id.id in self.product_ids)
        moves.env["stock.move.line"].create(
            [
                {
                    **move._prepare_move_line_vals(),
                    "quantity": move.product_uom_qty,
                    "picked": True,
                }
                for move in plain
            ]
        )
        for move in empty - plain:
            move.quantity = move.product_uom_qty
            move.picked = True

    def add(self, quants, product, location, quantity, in_date):
        """Add a change of a place.

        :param quants: of this place, as core gathers them
        :param float quantity: in the unit of the product
        :return: the available quantity and the date of the goods, as
            `stock.quant._update_available_quantity` returns them
        """
        key = (product, location)
        pending = self.pending.get(key, (quants, 0, None))[1]
        in_date = _in_date(quants, pending, location, in_date)
        self.pending[key] = (quants, pending + quantity, in_date)
        on_hand = sum(quants.mapped("quantity")) - sum(quants.mapped("reserved_quantity"))
        return on_hand + pending + quantity, in_date

    def note_taken(self, move, other, reserved):
        """Note what a move has taken of the goods that another one had reserved, if any.

        :param float reserved: the quantity of the other move before, in its own unit
        """
        taken = reserved - other.quantity
        if other.product_uom.compare(taken, 0) > 0:
            self.taken[move, other] = self.taken.get((move, other), 0) + taken

    def apply(self, quants):
        """Write the sums: one lock, one write, and one create of the new quants.

        :param quants: any recordset of `stock.quant`
        """
        pending, self.pending = self.pending, {}
        if not pending:
            return
        firsts = quants.union(*(found[:1] for found, _quantity, _date in pending.values()))
        # A locked quant gets a sibling, which core merges later: core does the same.
        locked = firsts.try_lock_for_update(allow_referencing=True)
        vals_list = []
        for (product, location), (found, quantity, in_date) in pending.items():
            quant = found[:1] & locked
            if quant:
                quant.write({"quantity": quant.quantity + quantity, "in_date": in_date})
            else:
                vals_list.append(
                    {
                        "product_id": product.id,
                        "location_id": location.id,
                        "quantity": quantity,
                        "in_date": in_date,
                    }
                )
        if vals_list:
            # In the environment of the gathered quants, whose cache gets the new ones.
            quants.with_env(found.env).create(vals_list)


def _in_date(quants, pending, location, in_date):
    """Return since when the goods of a place are there, as core computes it."""
    dates = [in_date] if in_date else []
    if not location.should_bypass_reservation():
        for position, quant in enumerate(quants):
            quantity = quant.quantity + (0 if position else pending)
            if quant.in_date and quant.product_uom_id.compare(quantity, 0) > 0:
                dates.append(quant.in_date)
    return min(dates) if dates else fields.Datetime.now()


def plain_products(moves):
    """Return the products whose stock is plain wherever these moves take them from: what is plain
    in one warehouse may be on a shelf of another."""
    products = moves.product_id
    for location, of_location in moves.grouped("location_id").items():
        taken = of_location.product_id
        products -= taken - _plain_at(location, taken)
    return products


def _plain_at(location, products):
    """Return those of these products of which only the quantity in `location` matters: no lots,
    packages or owners, and nothing on a shelf inside of it."""
    products = products.filtered(lambda product: product.tracking == "none")
    special = location.env["stock.quant"]._read_group(
        [
            ("product_id", "in", products.ids),
            ("location_id", "child_of", location.id),
            *["|", "|", "|", ("location_id", "!=", location.id)],
            *[("lot_id", "!=", False), ("package_id", "!=", False), ("owner_id", "!=", False)],
        ],
        ["product_id"],
    )
    return products - products.browse().union(*(product for [product] in special))
