from . import account
from . import accounting
from . import aftersale
from . import catalog
from . import fulfillment
from . import order
from . import stock
