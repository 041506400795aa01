"""The Point of Sale: the list of online orders at the register.

The screen in static/src asks pos.config, with the rights of its cashier: how many orders wait, a
page of them (order_filters), one order (order_for_pos formats it, packing says where its goods
are), a new status; which new orders it is to print automatically (auto_print). New orders are
announced over the bus by octopus.order; the screen then asks again.
"""

from . import pos_config
