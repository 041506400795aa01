"""What people see of an online order at a glance: its badges, its history, where else it is shown.

`octopus_order_display` is abstract, and `octopus.order` inherits it. Rooms that know more of an
order add to its history: they override `_timeline_rows`. `octopus_order_print` is the packing slip:
which Point of Sale prints it, and when it was printed.
"""

from . import octopus_order_display
from . import octopus_order_print
