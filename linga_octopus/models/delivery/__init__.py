"""How the goods of online orders leave and come back: transfers of core, finished in batches.

`order` creates the deliveries and asks for the returns. `stock.picking` finishes them, and a
QuantBatch sums up their changes, so that each quant is written once for all orders of a batch.
When staff ends a return by hand, `stock.move` tells the orders. `octopus.order.handover` is the
part of an order that says how its goods reach the customer; room `fulfillment` fills it.
"""

from . import octopus_order_handover
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import stock_quant
from . import stock_warehouse
