from . import octopus_order_report
