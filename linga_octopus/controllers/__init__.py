from . import health
from . import octopus_webhook
from . import webhook_log
