"""Well-formed answers that do not match the work done, for the fault switches."""

import json

from .answer import dump

ALTERATIONS = ("missing", "reordered", "repeated", "foreign")
FOREIGN_REF = "999999999"
_OUR_REFS = ("sv_temp_id", "SV_Temp_ProductId")
_REFS = (*_OUR_REFS, "id", "productid", "product_id")


def alter(body: bytes, how: str) -> bytes:
    """Return an answer with items that are missing, reordered, repeated, or of others."""
    data = json.loads(body)
    key = next((key for key, value in data.items() if isinstance(value, list | dict)), None)
    if key is not None:
        data[key] = _altered(data[key], how)
    return dump(data).encode()


def _altered(value, how):
    if isinstance(value, dict):  # a single record can be neither reordered nor repeated
        return {"missing": {}, "foreign": _of_others(value)}.get(how, value)
    return {
        "missing": value[1:],
        "reordered": value[::-1],
        "repeated": [*value, *value],
        "foreign": [*(_foreign(item) for item in value[:1]), *value],
    }[how]


def _foreign(item):
    """Return an item with the id of another one; an item without an id gets other content."""
    if any(name in item for name in _OUR_REFS):
        return _of_others(item)
    return {name: value for name, value in item.items() if name != "id"}


def _of_others(record):
    return record | {name: FOREIGN_REF for name in _REFS if name in record}


class Recorder:
    """Records an answer instead of sending it, so that it can be altered first."""

    def __init__(self, send):
        self._send = send
        self._start = None
        self._body = b""

    async def __call__(self, message):
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    async def release(self, *, how=None, content_type=None):
        """Send the altered answer."""
        body = alter(self._body, how) if how and self._body else self._body
        headers = {b"content-length": str(len(body)).encode()}
        if content_type:
            headers[b"content-type"] = content_type.encode()
        kept = [pair for pair in self._start["headers"] if pair[0] not in headers]
        await self._send(self._start | {"headers": [*kept, *headers.items()]})
        await self._send({"type": "http.response.body", "body": body})
