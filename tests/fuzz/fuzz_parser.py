"""Coverage-guided fuzzing of everything that reads what Octopus sends, with atheris. Not part of
`./dev test`: it runs for as long as it is told to, and atheris has wheels for few platforms.

    python3.11 -m venv .local/atheris
    .local/atheris/bin/pip install atheris requests
    mkdir -p .local/fuzz
    .local/atheris/bin/python tests/fuzz/fuzz_parser.py -max_total_time=600 -timeout=5 \
        -rss_limit_mb=512 .local/fuzz

What it finds that should not be is written to a file `crash-...`, `timeout-...` or `oom-...`; add
it to `tests/unit/octopus_api/test_any_input.py` and mend the parser. The corpus in `.local/fuzz`
grows.
"""

import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "linga_octopus" / "lib"))
with atheris.instrument_imports(include=["octopus_api"]):
    from octopus_api import InvalidOrder, Order, dumps, loads
    from octopus_api import errors as octopus_errors
    from octopus_api.bulk import COLLECTIONS, LEVELS, PRODUCTS, read_bulk
    from octopus_api.client import record, records, written
    from octopus_api.objects import Collection, InventoryLevel, Location, Shop
    from octopus_api.transport import read_rate, read_retry_after

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)
SENT = {
    PRODUCTS: {"1": {"variants": [{"SV_Temp_variantId": "1"}]}, "2": {}},
    COLLECTIONS: {"1": {}, "2": {}},
    LEVELS: {"1": {}, "2": {}},
}
# The names in the library's source are those that it looks for.
WORDS = sorted(
    {
        word
        for path in (ROOT / "linga_octopus" / "lib" / "octopus_api").glob("*.py")
        for word in re.findall(r"\"([a-zA-Z_]{2,30})\"", path.read_text())
    }
)
DEPTH = 5
VALUES = [None, True, False, 0, 1, -1, 0.1, 1e308, 10**30, "", "0", "1", "2", "1.50", "-1", "NaN"]
VALUES += ["1e999", "\x00", "\ud800", "/Date(1735221673533)/", "/Date(9999999999999999)/"]
VALUES += ["2026-11-20T10:00:00-05:00", "0001-01-01T00:00:00+14:00", "paid", "AMAZON", "return"]
# What the callers are ready for.
EXPECTED = (InvalidOrder, octopus_errors.OctopusError, ValueError)


def fuzz(data):
    """Read bytes as they are, or JSON that is made of the words that Octopus uses."""
    if data[:1] < b"@":
        provider = atheris.FuzzedDataProvider(data[1:])
        data = json.dumps(make(provider, DEPTH)).encode()
    read_everything(data)


def make(provider, depth):
    """Return a JSON value that the bytes choose, objects with names that mean something."""
    kind = provider.ConsumeIntInRange(0, 9)
    if depth == DEPTH or depth and kind < 4:
        return {
            provider.PickValueInList(WORDS): make(provider, depth - 1)
            for _item in range(provider.ConsumeIntInRange(0, 3 * depth))
        }
    if depth and kind < 6:
        return [make(provider, depth - 1) for _item in range(provider.ConsumeIntInRange(0, 3))]
    if kind == 6:
        return provider.ConsumeUnicode(12)
    if kind == 7:
        return provider.ConsumeInt(9)
    return provider.PickValueInList(VALUES)


def read_everything(data):
    """Let each reader read the data; only what the callers are ready for may be raised."""
    try:
        payload = loads(data)
    except ValueError:
        return
    readers = [Order.from_json, Shop.from_json, Location.from_json, Collection.from_json]
    readers += [InventoryLevel.from_json]
    readers += [lambda answer: record(answer, "order", "orders")]
    readers += [lambda answer: list(records(answer, "orders", "order"))]
    readers += [lambda answer: written(answer, "product")]
    readers += [
        lambda answer, kind=kind, sent=sent: read_bulk(kind, sent, answer)
        for kind, sent in SENT.items()
    ]
    for read in readers:
        try:
            read(payload)
        except EXPECTED:
            continue
        except AttributeError:
            # Answers are told apart before single records are read: these get dicts only.
            if isinstance(payload, dict):
                raise
    check_order(payload)
    check_headers(data)


def check_order(payload):
    """What was read of an order can be stored: text without null bytes, finite numbers."""
    try:
        order = Order.from_json(payload)
    except EXPECTED:
        return
    for text in (order.ref, order.source, order.number, order.note, order.customer.name):
        if "\x00" in (text or ""):
            raise AssertionError("a null byte gets through")
    for line in order.lines:
        if not line.quantity.is_finite():
            raise AssertionError("a quantity that is no number gets through")
    dumps(order.raw)


def check_headers(data):
    text = data.decode("latin-1")
    headers = {"X-RateLimit-Remaining": text, "X-RateLimit-Reset": text, "Retry-After": text}
    read_rate(headers | {"Date": text}, NOW)
    read_retry_after(headers | {"Date": text}, NOW)


if __name__ == "__main__":
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
