"""Sales channels behind Octopus: what each is called, how it works, and what it calls our products.

`intake` (room order) makes an `octopus.channel` when the first order of a channel comes. The
manager's decisions stand on it. `octopus.product.alias` keeps what users chose for the lines of
orders that name no known product. `octopus.order.placed` is how the channel knows an order.
"""

from . import octopus_channel
from . import octopus_channel_service
from . import octopus_channel_title
from . import octopus_order_placed
from . import octopus_product_alias
