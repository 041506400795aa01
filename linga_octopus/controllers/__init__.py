from . import octopus_health
from . import octopus_webhook
from . import webhook_log
