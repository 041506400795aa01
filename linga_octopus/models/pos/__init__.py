from . import octopus_order_line_till
from . import octopus_order_till
from . import pos_config
