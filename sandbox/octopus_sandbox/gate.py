"""Handles API requests before their endpoint: count, credentials, limit, faults."""

import asyncio
import base64
import secrets

from starlette.datastructures import Headers
from starlette.responses import Response

from .altered import Recorder
from .answer import JsonAnswer
from .connections import abort
from .errors import ApiError, envelope
from .settings import BASE_PATH


class Gate:
    """ASGI wrapper around the whole app, so that it can even suppress an answer."""

    def __init__(self, app, sandbox):
        self.app = app
        self.sandbox = sandbox

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not scope["path"].startswith(f"{BASE_PATH}/"):
            await self.app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"].removeprefix(BASE_PATH)
        template = self.sandbox.template(method, path)
        self.sandbox.requests[f"{method} {template}"] += 1

        if not self._has_credentials(Headers(scope=scope)):
            error = ApiError(401, "The merchant name or the access ID is missing or wrong.")
            await error.answer()(scope, receive, send)
            return
        allowed, limit_headers = self.sandbox.rate_limit.take()
        send = _with_headers(send, limit_headers)
        if not allowed:
            await ApiError(429, "Too many requests.").answer()(scope, receive, send)
            return
        fault = self.sandbox.faults.pick(method, template, path)
        await self._answer(fault, scope, receive, send)

    async def _answer(self, fault, scope, receive, send):
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.status:
            await _fault_answer(fault)(scope, receive, send)
        elif fault and fault.drop:
            await self.app(scope, receive, _swallow)
            await abort(scope, receive)
        elif fault and (fault.hang or fault.alter or fault.relabel):
            recorder = Recorder(send)
            await self.app(scope, receive, recorder)
            await asyncio.sleep(fault.hang)
            await recorder.release(how=fault.alter, content_type=fault.relabel)
        else:
            await self.app(scope, receive, send)

    def _has_credentials(self, headers):
        settings = self.sandbox.settings
        pair = f"{settings.merchant}:{settings.access_id}".encode()
        basic = f"Basic {base64.b64encode(pair).decode()}"
        return secrets.compare_digest(
            headers.get("authorization", "").encode(), basic.encode()
        ) and secrets.compare_digest(
            headers.get("x-octopus-access-token", "").encode(), settings.access_id.encode()
        )


async def _swallow(_message):
    """Discard an answer."""


def _with_headers(send, extra):
    raw = [(name.lower().encode(), value.encode()) for name, value in extra.items()]

    async def send_with_headers(message):
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *raw]}
        await send(message)

    return send_with_headers


def _fault_answer(fault):
    if isinstance(fault.body, str):
        return Response(
            fault.body, fault.status, headers=fault.headers, media_type=fault.content_type
        )
    body = fault.body
    if body is None:
        body = envelope(fault.status, "A fault switch of the sandbox answered this.")
    return JsonAnswer(body, fault.status, headers=fault.headers, media_type=fault.content_type)
