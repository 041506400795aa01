from . import order
from . import accounting
