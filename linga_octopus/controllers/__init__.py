from . import octopus_webhook
