"""JSON answers, and the formats of time and money in them."""

import json
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from starlette.responses import Response


def _bare_number(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


# One encoder for all: `json.dumps` with options makes a new one for each item of a batch.
_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=_bare_number)


def dump(value: Any) -> str:
    """Return `value` as JSON; product prices (`Decimal`) become bare numbers."""
    return _encoder.encode(value)


class JsonAnswer(Response):
    """Plain JSON: all answers are made of dicts already and need no model."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return dump(content).encode()


def now() -> datetime:
    """Return the present time as an aware datetime in UTC."""
    return datetime.now(timezone.utc)


def spell_time(moment: datetime) -> str:
    """Return an ISO time with the ``-00:00`` that Octopus writes."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def spell_bulk_time(moment: datetime) -> str:
    """Return the ``/Date(ms)/`` of the bulk answers."""
    return f"/Date({int(moment.timestamp() * 1000)})/"


def spell_money(amount: Decimal) -> str:
    """Return the four-decimal string of the orders."""
    return f"{amount:.4f}"
