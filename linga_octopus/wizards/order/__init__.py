from . import octopus_order_wish
from . import octopus_tie_out_ask
