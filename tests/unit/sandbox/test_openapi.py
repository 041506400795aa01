"""The committed description of the API is the present one."""

from octopus_sandbox import openapi
from octopus_sandbox.app import create_api


def test_committed_description_is_current():
    current = openapi.text(create_api())
    assert openapi.COMMITTED.read_text(encoding="utf-8") == current, (
        "Run: PYTHONPATH=sandbox python -m octopus_sandbox --openapi"
        " > docs/octopus-bridge.openapi.json"
    )


def test_description_has_the_api_only():
    document = openapi.describe(create_api())
    assert all(path.startswith("/admin/api/2020-01/") for path in document["paths"])
    operations = [op for item in document["paths"].values() for op in item.values()]
    assert len(operations) == 36
    assert all(op["tags"] and op["summary"] and "401" in op["responses"] for op in operations)
