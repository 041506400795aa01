from . import octopus_refund_choice
