# Rooms from the bottom up: a room extends what those before it define.
from . import mixins
from . import account
from . import sync
from . import stock
from . import catalog
from . import order
from . import pos
from . import monitoring
