"""How the goods of online orders leave and come back: transfers of core, finished in batches.

`order` creates the deliveries and asks for the returns. `stock.picking` finishes them, and a
QuantBatch sums up their changes, so that each quant is written once for all orders of a batch.
When staff ends a return by hand, `stock.move` tells the orders. `octopus.order.handover` and
`octopus.order.pickup` are the parts of an order that say how its goods reach the customer; room
`fulfillment` fills them.
"""

from . import octopus_order_pickup
from . import octopus_order_handover
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import stock_quant
from . import stock_warehouse
