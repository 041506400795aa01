from . import octopus_account
from . import octopus_binding
from . import octopus_location
from . import octopus_sync_issue
from . import octopus_sync_run
