"""The store: its subscription to one merchant of Octopus, its settings and its connection.

`octopus.account` holds the fields and the buttons, but for those of the overview, of parcels
(`octopus.handover`) and of what goes with products (`octopus.account.catalog`); `connection` reads
the credentials, opens the client, tests it and explains its errors; `octopus.location` says which
warehouse fills a location of Octopus. Workers ask the account for a client (`_get_client`), the
webhook for the account of a token (`_of_webhook`). A change of a setting clears caches and has
catalog or stock sent again.
"""

from . import ir_http
from . import octopus_account_catalog
from . import octopus_account_overview
from . import octopus_handover
from . import octopus_account_figures
from . import octopus_account
from . import octopus_location
from . import res_config_settings
