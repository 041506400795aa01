from . import octopus_fetch_request
from . import octopus_order_check_wizard
