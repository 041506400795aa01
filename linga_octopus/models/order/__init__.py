"""Online orders: how they come in, what they do to the stock, and what goes back to Octopus.

In: the webhook, `fetch` and `read_back` hand payloads to `intake` (OrderIntake), which finds the
products (`look_up`) and stores the order with one insert. Stock: the worker of
`stock_deduction` delivers the goods, `restocking` returns them. Out: `status_push` sends the
status. `octopus_order` holds the fields and the buttons, `status_rules` what may be changed.
"""

from . import mail_tracking_value
from . import octopus_order_amounts
from . import octopus_status_push
from . import octopus_order
from . import octopus_order_notification
from . import octopus_order_line
from . import octopus_order_check
