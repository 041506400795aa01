"""Hand-over: what has left of an order, from where, by whom, and who knows it.

In: `following` takes over the parcels that an update of the channel names. Out: `shipping` makes
parcels of what staff ships or hands over, `parcel_push` tells Octopus; `pickup` has customers told
to come. `octopus.fulfillment` is a parcel; `octopus.order.handover` and `stock.picking` fill the
hooks of lower rooms.
"""

from . import octopus_fulfillment
from . import octopus_order_handover
from . import stock_picking
