from . import octopus_catalogue_check
from . import octopus_subscribe
