import pytest
from fastapi.testclient import TestClient

from octopus_sandbox.app import create_app
from octopus_sandbox.settings import BASE_PATH, Settings

from .builders import Caller


@pytest.fixture(scope="session")
def running_app():
    """The whole application without a network, no rate limit."""
    with TestClient(create_app(Settings(rate_limit=0))) as client:
        yield client


@pytest.fixture
def client(running_app):
    """The application as it starts, with nobody signed in."""
    running_app.post("/_sandbox/reset")
    yield running_app
    running_app.auth = None
    running_app.headers.pop("X-Octopus-Access-Token", None)


@pytest.fixture
def api(client):
    """The REST API, called with good credentials."""
    client.auth = ("demo", "demo-access-id")
    client.headers["X-Octopus-Access-Token"] = "demo-access-id"
    return Caller(client, BASE_PATH)


@pytest.fixture
def control(client):
    """The control endpoints."""
    return Caller(client, "/_sandbox")
