from . import octopus_catalogue_check
