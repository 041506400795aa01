"""Stock out: the numbers of products on their way to Octopus.

A change of stock (stock_quant, stock_move, stock_lot, stock_location) or of a rule (rules) inserts
a row into the outbox (octopus_stock_event). The worker turns rows into levels to send
(level_store), has their numbers computed (figures, lib/stock_number) and sends them.
Sync Stocks (stock_run) sends all levels, Check Stock (stock_check) compares them with Octopus.
"""

from . import octopus_location
from . import octopus_stock_event
from . import octopus_stock_level
from . import octopus_stock_pending
from . import octopus_stock_difference
from . import octopus_stock_update
from . import octopus_sold_out
from . import rules
from . import stock_location
from . import stock_lot
from . import stock_move
from . import stock_quant
