from . import health
from . import order_webhook
