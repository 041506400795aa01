from . import octopus_ship
