"""Octopus in this process: the sandbox's application behind the client's transport."""

import io
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.client import responses
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from odoo.addons.linga_octopus.lib.octopus_api import transport

from octopus_sandbox.app import create_app
from octopus_sandbox.settings import BASE_PATH, Settings

URL = "https://octopus.example.com"


class Octopus:
    """The sandbox, as the client's transport reaches it.

    :param clock: the Clock
    :ivar skew: how far Octopus's clock is ahead
    """

    def __init__(self, clock):
        self._clock = clock
        self.skew = timedelta()
        self.on_call = self.answer
        self._fresh()
        transport._new_session = self._session

    def _fresh(self):
        self.app = create_app(Settings())
        self.sandbox = self.app.sandbox

    @property
    def base_url(self):
        return f"{URL}{BASE_PATH}"

    # === STATE === #

    def save(self):
        """Return all that Octopus knows."""
        return self.sandbox.store.db.connection.serialize()

    def restore(self, state):
        """Go back to what Octopus knew; None: to nothing."""
        self.skew = timedelta()
        self.sandbox.store.db.connection.close()
        self._fresh()
        if state is not None:
            self.sandbox.store.db.connection.deserialize(state)

    # === CALLS === #

    def _session(self):
        session = requests.Session()
        session.trust_env = False
        session.mount("https://", Adapter(self))
        return session

    def answer(self, request):
        """Return the status, headers and body of Octopus's answer to a `PreparedRequest`."""
        address = urlsplit(request.url)
        body = request.body or b""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "asgi": {"version": "3.0"},
            "method": request.method,
            "scheme": address.scheme,
            "server": (address.hostname, 443),
            "client": None,
            "root_path": "",
            "path": address.path,
            "raw_path": address.path.encode(),
            "query_string": address.query.encode(),
            "headers": [(b"host", address.hostname.encode())]
            + [(_raw(key).lower(), _raw(value)) for key, value in request.headers.items()],
        }
        with self.its_time():
            return self._run(scope, body)

    def _run(self, scope, body):
        messages = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            messages.append(message)

        step = self.app(scope, receive, send)
        try:
            step.send(None)
        except StopIteration:
            pass
        except Exception:
            # It has answered with 500 before, as a server does that fails at a request.
            if not messages:
                raise
        else:
            raise RuntimeError("The sandbox waits for something, and there is no loop.")
        start, *parts = messages
        headers = {key.decode(): value.decode() for key, value in start["headers"]}
        headers["date"] = format_datetime(_aware(self._clock.now), usegmt=True)
        return start["status"], headers, b"".join(part.get("body", b"") for part in parts)

    @contextmanager
    def its_time(self):
        """Let the block read Octopus's clock."""
        with self._clock.ahead(self.skew):
            yield


class Adapter(BaseAdapter):
    """Sends the requests of the client to the sandbox."""

    def __init__(self, octopus):
        super().__init__()
        self._octopus = octopus

    def send(self, request, **_options):
        status, headers, body = self._octopus.on_call(request)
        raw = HTTPResponse(
            body=io.BytesIO(body),
            headers=headers,
            status=status,
            reason=responses.get(status, ""),
            preload_content=False,
            request_method=request.method,
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self):
        pass


def _raw(text):
    return text if isinstance(text, bytes) else text.encode()


def _aware(moment):
    return moment.replace(tzinfo=transport.timezone.utc)
