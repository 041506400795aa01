"""The OpenAPI description of the REST API, without the control endpoints."""

import json
from pathlib import Path

from fastapi.openapi.utils import get_openapi

from .settings import BASE_PATH

TITLE = "Octopus Bridge REST API (sandbox)"
VERSION = "2020-01"
COMMITTED = Path(__file__).parents[2] / "docs" / "octopus-bridge.openapi.json"

DESCRIPTION = """\
The part of the Octopus Bridge API that this project uses, as the sandbox implements it.

Every call carries HTTP Basic credentials (merchant name, access ID) *and* the access ID in
`X-Octopus-Access-Token`. Answers carry `X-RateLimit-Limit`, `X-RateLimit-Remaining` and
`X-RateLimit-Reset` (end of the one-minute window, epoch seconds); 429 carries `Retry-After`.

Bulk calls take at most 250 items and answer 200 with the items echoed; an item that failed comes
back without its id and is named in the top-level `errors` (null when all went well). A bulk call
whose shape is wrong is refused as a whole.
"""

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
ERROR_ANSWERS = {
    400: {"description": "The body is not JSON, or the call makes no sense.", "content": _ERROR},
    401: {"description": "Wrong or missing credentials.", "content": _ERROR},
    404: {"description": "There is no such thing.", "content": _ERROR},
    422: {"description": "A field is unknown, missing or wrong.", "content": _ERROR},
    429: {"description": "Over the rate limit; see Retry-After.", "content": _ERROR},
}

ERROR_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "status"],
            "properties": {
                "code": {"type": "string", "examples": ["VALIDATION_ERROR"]},
                "message": {"type": "string"},
                "status": {"type": "integer"},
                "field": {"type": "string"},
                "hint": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "field": {"type": "string"},
                            "message": {"type": "string"},
                        },
                    },
                },
            },
        }
    },
}


def describe(api):
    """Return the description of `api` as a dictionary."""
    document = get_openapi(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        routes=api.routes,
        servers=[{"url": "http://127.0.0.1:8170"}],
    )
    document["paths"] = {
        path: item for path, item in document["paths"].items() if path.startswith(BASE_PATH)
    }
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"]["Error"] = ERROR_SCHEMA
    components["securitySchemes"] = {
        "merchant": {"type": "http", "scheme": "basic"},
        "token": {"type": "apiKey", "in": "header", "name": "X-Octopus-Access-Token"},
    }
    document["security"] = [{"merchant": [], "token": []}]
    return document


def text(api):
    """Return the description as text, as it is committed."""
    return json.dumps(describe(api), indent=2, ensure_ascii=False) + "\n"
