# Rooms from the bottom up: a room extends what those before it define.
from . import mixins
from . import account
from . import sync
from . import catalog
from . import stock
from . import delivery
from . import channel
from . import display
from . import order
from . import aftersale
from . import fulfillment
from . import accounting
from . import pos
from . import monitoring
