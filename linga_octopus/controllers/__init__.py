from . import octopus_health
from . import order_webhook
