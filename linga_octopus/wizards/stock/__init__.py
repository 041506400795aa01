from . import octopus_opening_stock
