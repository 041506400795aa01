"""The vocabulary of the Octopus Bridge API: one place for every fixed value."""

VERSION = "1.0"
USER_AGENT = f"LingaOctopus/{VERSION}"
DEFAULT_BASE_URL = "https://octopusapi.24sevencommerce.com/admin/api/2020-01"

PAGE_LIMIT = 250  # items per page of a list
BULK_LIMIT = 250  # items per bulk call
LEVELS_CHUNK = 50  # items per stock query, so that URLs stay short
MAX_TITLE = 255  # characters of the title of a product or a collection
MAX_OPTIONS = 3  # of a product
MAX_ATTRIBUTES = 20  # names of custom attributes of a merchant
MAX_MESSAGE = 1000  # characters of an error
MAX_ANSWER_BYTES = 64 * 1024 * 1024
DEFAULT_TIMEOUT = (5, 30)  # seconds: connect, read

# The states of a fulfillment that does not count.
DEAD_FULFILLMENTS = frozenset({"cancelled", "canceled", "failure", "failed", "error"})

# One state, several spellings, depending on the channel behind Octopus.
FINANCIAL_STATUS_SYNONYMS = {
    "authorization": "authorized",
    "refund": "refunded",
    "voided": "void",
}

# Whether refunded pieces are back on sale: Shopify's words and those of other channels, in lower
# case with underscores. `legacy_restock` is what Shopify calls a `restock` of old programs.
RESTOCK_TYPES = {
    **dict.fromkeys(("return", "returned", "cancel", "canceled", "cancelled"), True),
    **dict.fromkeys(("restock", "restocked", "legacy_restock", "true", "yes", "1"), True),
    **dict.fromkeys(
        ("no_restock", "norestock", "not_restocked", "none", "false", "no", "0"), False
    ),
}
# Payments of a refund, by their kind; the reference's sample has a blank one.
REFUND_PAYMENTS = frozenset({"", "refund", "return", "credit", "void"})
FAILED_PAYMENTS = frozenset({"failure", "failed", "error", "declined", "cancelled", "canceled"})
