"""The settings of a sandbox: of its start, and those that tests change while it runs."""

from dataclasses import dataclass

BASE_PATH = "/admin/api/2020-01"
MAX_ITEMS = 250

DEFAULT_MERCHANT = "demo"
DEFAULT_ACCESS_ID = "demo-access-id"


@dataclass
class Settings:
    """The command line as an object; ``PUT /_sandbox/settings`` changes the lower half."""

    db: str = ":memory:"
    merchant: str = DEFAULT_MERCHANT
    access_id: str = DEFAULT_ACCESS_ID
    currency: str = "USD"
    webhook_url: str | None = None

    rate_limit: int = 250  # requests per window, 0 = no limit
    rate_window_seconds: float = 60.0
    image_replace_seconds: float = 10.0  # between the DELETE and the POST of one image position
    fulfillments: str = "offered"  # or the status that its calls answer: "404", "405", "403"
    webhook_tries: int = 8
    webhook_first_delay: float = 0.5  # doubles with each try
