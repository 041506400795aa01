from . import octopus_booking_preview
from . import octopus_payout
