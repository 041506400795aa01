from . import base_module_uninstall
from . import octopus_catalogue_check
from . import octopus_order_wish
from . import octopus_subscribe
from . import octopus_tie_out_ask
