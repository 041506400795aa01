from . import account
from . import catalog
from . import order
from . import aftersale
from . import accounting
