import pytest

from octopus_api import OctopusClient
from tests.unit.octopus_api.loopback import Loopback

MERCHANT = "corner shop"
ACCESS_ID = "9c1d-very-secret-4e5f"


@pytest.fixture
def octopus():
    server = Loopback()
    yield server
    server.close()


@pytest.fixture
def client(octopus):
    with OctopusClient(octopus.base_url, MERCHANT, ACCESS_ID, timeout=(2, 5)) as client:
        yield client


@pytest.fixture
def hasty_client(octopus):
    """A client that gives up waiting for an answer at once."""
    with OctopusClient(octopus.base_url, MERCHANT, ACCESS_ID, timeout=(2, 0.1)) as client:
        yield client
