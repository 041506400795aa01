"""Online sales in the books: one posted entry per store, channel, currency, and day of the shop.

An accountant confirms how a channel is booked (`octopus_booking_map`). The worker of `ledger`
(Ledger) turns orders that changed into lines of the ledger: what an order should have booked, less
what it has booked. `booking` (DayBooking) turns the open lines of a day into one entry, which
`entry` (Entry) makes with core's tax engine. Nothing that is posted is ever changed: a change of an
order is a line more.
"""

from . import octopus_order_tax
from . import octopus_booking_map
from . import octopus_booking_tax
from . import octopus_booking_gateway
from . import octopus_booking_day
from . import octopus_ledger_line
from . import octopus_order_books
from . import account_move
from . import account_move_line
