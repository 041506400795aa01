"""The vocabulary of the addon: what other files compare with or choose from."""

# A pass of the sync engine, most urgent first. The rate limit of a merchant is shared by all
# of them: a pass stops while the merchant still has this many calls left in the minute, so
# that the lanes above it are never starved by the ones below.
LANE_RESERVE = {
    "orders": 0,
    "stock": 10,
    "drift": 40,
    "categories": 50,
    "products": 60,
    "images": 80,
}

# What one bulk call takes at most (Octopus API reference, "Bulk").
BULK_LIMIT = 250

# Seconds until a pass whose remote did not answer is tried again, one entry per attempt.
RETRY_DELAYS = (15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
