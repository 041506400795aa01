"""What happens to an order after it was placed: refunds, and changes by the channel.

The intake of an update calls methods of the order that do nothing in room `order`;
`octopus_order` overrides them here. Goods go back through `restocking` of room `order`.
"""

from . import octopus_order_refund
from . import octopus_order_change
from . import octopus_order_books
from . import octopus_order
