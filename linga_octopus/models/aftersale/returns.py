"""Restocks the goods of refunds, where the channel says that they are, and those that never left,
each once."""

from ..order.restocking import outgoing, spread


def restock_refunded(orders):
    """Return the goods of refunds that restock, and those that were given back because the channel
    sent others; `orders` is sudoed.

    An order that is not deducted yet has its turn after its deduction.
    """
    for order in orders:
        pending = order.refund_ids.filtered(lambda refund: not refund.is_applied)
        is_due = pending or any(order.line_ids.mapped("quantity_given_back"))
        if is_due and order.stock_state in ("deducted", "partial"):
            unfinished = _restock_lines(order, pending.line_ids)
            # A line without a product has its turn when it is deducted.
            unfinished |= order.line_ids.filtered("needs_mapping")
            for refund in pending:
                restocked = refund.line_ids.filtered("restock").order_line_id
                refund.is_applied = not restocked & unfinished


def pieces_kept_out(order):
    """Return {line: pieces} that the channel refunded and did not put on sale again."""
    kept = {}
    for line in order.line_ids.filtered("refund_line_ids"):
        refunded = line.refund_line_ids
        restocked = refunded.filtered("restock")
        pieces = sum((refunded - restocked).mapped("quantity"))
        elsewhere = line.quantity_elsewhere + line.quantity_given_back
        here = line.quantity - elsewhere - sum(restocked.mapped("quantity"))
        kept[line] = max(min(pieces, here), 0)
    return kept


def _restock_lines(order, pending):
    """Return the refunded pieces of an order that are still out to stock.

    :param pending: lines of refunds, which say where the goods are
    :return: the lines of which staff is still returning some
    """
    unfinished = order.line_ids.browse()
    moves = outgoing(order.picking_ids.move_ids)
    returns = {}  # by warehouse, empty for the place where the goods came from
    for line in order.line_ids.filtered("is_deducted"):
        # What the channel ships from elsewhere does not come back to this store.
        pieces = line.quantity - line.quantity_elsewhere
        refunded = sum(line.refund_line_ids.filtered("restock").mapped("quantity"))
        given = min(line.quantity_given_back, pieces)
        wanted = given + min(refunded, pieces - given)
        line.quantity_restored = max(line.quantity_restored, wanted)
        of_line = moves.filtered(lambda move, line=line: move.octopus_order_line_id == line)
        # From several warehouses, the product may have left in several moves.
        for product, of_product in of_line.grouped("product_id").items():
            # The share of the line and not its pieces, because the moves of a kit count components.
            units = sum(of_product.mapped("quantity")) / pieces
            # What staff returns by hand, or has begun to return, is among the refunded pieces.
            missing = units * wanted - sum(move._octopus_returned() for move in of_product)
            coming = sum(move._octopus_coming_back() for move in of_product)
            if product.uom_id.compare(coming, 0) > 0 and product.uom_id.compare(missing, 0) > 0:
                unfinished |= line
            named = _named_warehouses(line, pending, units)
            for move, quantity in spread(max(missing - coming, 0), of_product).items():
                for warehouse, part in _dealt(move, quantity, named):
                    returns.setdefault(warehouse, {})[move] = part
    for warehouse, quantities in returns.items():
        order.env["stock.move"].union(*quantities)._octopus_return(quantities, warehouse=warehouse)
    return unfinished


def _named_warehouses(line, pending, units):
    """Return {warehouse: quantity} where refunds say that the goods of a line are.

    :param units: the quantity that moved for a piece of the line
    """
    named = {}
    for refunded in pending.filtered(lambda one: one.restock and one.order_line_id == line):
        if warehouse := refunded.location_id.warehouse_id:
            named[warehouse] = named.get(warehouse, 0) + refunded.quantity * units
    return named


def _dealt(move, quantity, named):
    """Yield (warehouse, quantity) of a move that comes back, and take it off `named`: first what
    another warehouse has, the rest where it came from."""
    for warehouse, there in named.items():
        taken = min(quantity, there)
        if taken > 0 and warehouse != move.location_id.warehouse_id:
            named[warehouse] -= taken
            quantity -= taken
            yield warehouse, taken
    yield move.env["stock.warehouse"], quantity
