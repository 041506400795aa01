"""The Point of Sale: the list of online orders at the register.

The screen in static/src asks pos.config, with the rights of its cashier: how many orders wait, a
page of them, one order, a new status. order_for_pos.py formats an order for the screen. New
orders are announced over the bus by octopus.order; the screen then asks again.
"""

from . import pos_config
