"""Octopus Bridge REST API client: plain Python, no Odoo."""

from .bulk import BulkItem, BulkResult, VariantRef
from .client import CIRCLE, OctopusClient
from .const import BULK_LIMIT, DEFAULT_BASE_URL, PAGE_LIMIT, VERSION
from .errors import (
    OctopusAuthError,
    OctopusBadAnswer,
    OctopusConflict,
    OctopusConnectionError,
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusServerError,
    OctopusTimeout,
    OctopusValidationError,
)
from .objects import (
    Collect,
    Collection,
    InventoryLevel,
    Location,
    RemoteImage,
    RemoteProduct,
    RemoteVariant,
    Shop,
)
from .orders import (
    Address,
    Customer,
    InvalidOrder,
    Order,
    OrderLine,
    Refund,
    RefundLine,
    ShippingLine,
)
from .transport import RateLimit, dumps, loads
