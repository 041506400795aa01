from . import octopus_health
from . import octopus_webhook
