from . import base_module_uninstall
from . import octopus_subscribe
from . import octopus_unsubscribe
