"""The Point of Sale: the list of online orders at the register.

The screen in static/src asks pos.config, with the rights of its cashier: how many orders wait, a
page of them (order_filters), one order (order_for_pos formats it, packing says where its goods
are), a new status; that its packing slip was printed (octopus_order_print). New orders are
announced over the bus by octopus.order; the screen then asks again.
"""

from . import octopus_order_print
from . import pos_config
