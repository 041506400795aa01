"""Closes a connection without an answer, which ASGI does not provide for."""

import asyncio

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class RememberedConnection(AutoHTTPProtocol):
    """uvicorn's HTTP protocol; it registers its transport under the client's address."""

    def connection_made(self, transport):
        self._address = transport.get_extra_info("peername")[:2]
        _transports[self._address] = transport
        super().connection_made(transport)

    def connection_lost(self, exc):
        _transports.pop(self._address, None)
        super().connection_lost(exc)


async def abort(scope, receive):
    """Close the connection of `scope` at once; the client sees it break.

    :raise ConnectionResetError: without a real connection (a test client without a server)
    """
    transport = _transports.get(tuple(scope.get("client") or ()))
    if transport is None:
        raise ConnectionResetError("The sandbox dropped this answer.")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
