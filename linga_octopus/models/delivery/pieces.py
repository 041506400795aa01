"""The pieces of a line of an order: ordered, refunded, and in parcels; where they leave."""

from decimal import Decimal

from ...lib.fulfillments import LinePieces


def line_pieces(line):
    """Return the LinePieces of a record of `octopus.order.line`."""
    parcels = line.fulfillment_line_ids.filtered(lambda part: part.fulfillment_id.state == "done")
    elsewhere = parcels.filtered("fulfillment_id.is_elsewhere")
    return LinePieces(
        ordered=_exact(max(line.quantity, 0)),
        refunded=_exact(line.quantity_refunded),
        elsewhere=_exact(line.quantity_elsewhere),
        shipped=_exact(*(parcels - elsewhere).mapped("quantity")),
        shipped_elsewhere=_exact(*elsewhere.mapped("quantity")),
    )


def line_location(line):
    """Return the location that a record of `octopus.order.line` leaves from: as a rule that of its
    order."""
    own, places = line.order_id.location_id, line.places or {}
    if len(places) != 1 or sum(places.values()) < line.quantity - line.quantity_elsewhere:
        return own
    return own.browse(map(int, places)).exists() or own


def _exact(*quantities):
    return sum((Decimal(str(quantity)) for quantity in quantities), Decimal(0))
