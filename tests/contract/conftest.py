"""The client against the sandbox: written apart from each other, from the same reference."""

import pytest

from octopus_api import OctopusClient
from octopus_sandbox.testing import SandboxServer


@pytest.fixture(scope="session")
def server():
    with SandboxServer() as server:
        yield server


@pytest.fixture
def sandbox(server):
    """An empty sandbox."""
    server.reset()
    return server


@pytest.fixture
def client(sandbox):
    with OctopusClient(sandbox.api_url, sandbox.merchant, sandbox.access_id) as client:
        yield client


@pytest.fixture
def make_products(client):
    """Return a function that makes products with one variant each: ``{sku: BulkItem}``."""

    def make(*skus):
        items = [product_item(sku) for sku in skus]
        made = {}
        for start in range(0, len(items), 250):
            made |= client.bulk_products(items[start : start + 250]).items
        assert all(item.error is None for item in made.values())
        return made

    return make


def product_item(sku, **values):
    """Return a product item whose correlation ids are its SKU."""
    variant = {
        "SV_Temp_variantId": f"v-{sku}",
        "sku": sku,
        "price": 5,
        "option1": "Default Title",
    }
    return {"SV_Temp_ProductId": sku, "title": f"Product {sku}", "variants": [variant], **values}
