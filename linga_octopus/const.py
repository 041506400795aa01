"""The vocabulary of the addon: what other files compare with or choose from."""

from datetime import timedelta

# Kinds of sync runs, the most urgent first. They share the rate limit of a merchant: a run stops
# while this many calls are left in the minute, so that there are calls for more urgent runs.
LANE_RESERVE = {
    "orders": 0,
    "stock": 10,
    "order_check": 30,
    "stock_check": 40,
    "categories": 50,
    "products": 60,
    "opening": 70,
    "images": 80,
}

# Calls that Octopus allows a merchant in a minute.
RATE_LIMIT = 250

# After so many failures in a row of a bulk call, its batch is halved: one record in it may be the
# cause, and not Octopus.
BISECT_AFTER_ATTEMPTS = 4
# After so many failures in a row, the only record of a call counts as their cause. That takes some
# 20 minutes, in which most outages are over.
QUARANTINE_AFTER_ATTEMPTS = 8

# The issues that somebody has to solve.
OPEN_ISSUES = [
    ("fixed_by", "=", False),
    ("dismissed_by", "=", False),
    ("severity", "=", "error"),
]

# Notifies the staff of new orders and problems; workers that have news wake it.
ALERT_CRON = "linga_octopus.ir_cron_octopus_alert"
# Nobody reads a message for each order of a rush: after one message, the orders of this time go
# into the next one.
ALERT_PAUSE = timedelta(minutes=5)

# Who may see and change what belongs to an account.
MANAGER = "linga_octopus.group_octopus_manager"

# Who sees what online sales have booked: whoever may see invoices or journal entries.
ACCOUNTANT = "linga_octopus.group_octopus_accountant"

# Single calls between two looks at whether a more urgent lane has work.
CALLS_PER_BATCH = 25

# The longest SKU that is sent: Octopus documents no limit, and channels behind it cut longer ones.
MAX_SKU = 100

# Seconds between the removal of a picture and its successor at the same position.
IMAGE_REPLACE_SECONDS = 11

# The workers of online orders, by external id.
DEDUCT_CRON = "linga_octopus.ir_cron_octopus_order_deduct"
PUSH_STATUS_CRON = "linga_octopus.ir_cron_octopus_order_push_status"

# Books online sales.
BOOKING_CRON = "linga_octopus.ir_cron_octopus_booking"

# More orders than this are shown as "1000+": counting a million rows helps nobody.
COUNT_LIMIT = 1000

# How the goods of an order reach the customer.
FULFILLMENTS = [
    ("pickup", "Pickup"),
    ("delivery", "Delivery"),
    ("digital", "Digital"),
    ("in_store", "In Store"),
]
