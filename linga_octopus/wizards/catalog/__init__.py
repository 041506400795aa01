from . import octopus_catalog_preview
