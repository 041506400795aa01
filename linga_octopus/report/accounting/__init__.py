from . import octopus_clearing
from . import octopus_sales_report
