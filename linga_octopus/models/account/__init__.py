from . import octopus_account
from . import octopus_account_connection
from . import octopus_location
from . import octopus_webhook_attempt
from . import res_config_settings
