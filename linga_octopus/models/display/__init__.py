"""What people see of an online order at a glance: its badges, its history, where else it is shown.

`octopus_order_display` is abstract, and `octopus.order` inherits it. Rooms that know more of an
order add to its history: they override `_timeline_rows`.
"""

from . import octopus_order_display
