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
from .order_parts import Address, Customer, OrderLine, Refund, RefundLine, ShippingLine
from .orders import InvalidOrder, Order
from .transport import RateLimit, dumps, loads
