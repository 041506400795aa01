"""A real HTTP server on this machine that answers what a test scripts, also badly."""

import json
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

BASE_PATH = "/admin/api/2020-01"


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str  # below the base path
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Loopback:
    """Answers in the order of ``answer`` and its sisters; the last one repeats."""

    def __init__(self):
        self.requests = []
        self._script = []
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.loopback = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.001}
        )
        self._thread.start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self):
        return self.origin + BASE_PATH

    def answer(self, data=None, *, status=200, headers=None, text=None):
        """Script an answer: JSON data, or any text or bytes."""
        body = json.dumps(data) if text is None else text
        body = body if isinstance(body, bytes) else body.encode()

        def respond(handler):
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self._script.append(respond)

    def hang(self, *, after=b""):
        """Script silence, until the server is closed, after some first bytes."""

        def respond(handler):
            handler.wfile.write(after)
            handler.wfile.flush()
            self._released.wait()
            handler.close_connection = True

        self._script.append(respond)

    def reset(self):
        """Script a connection that is reset when the request has been read."""

        def respond(handler):
            linger_not_at_all = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not_at_all)
            handler.connection.close()
            handler.close_connection = True

        self._script.append(respond)

    def raw(self, content):
        """Script the very bytes of an answer, then the end of the connection."""

        def respond(handler):
            handler.wfile.write(content)
            handler.close_connection = True

        self._script.append(respond)

    def next_respond(self):
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]

    def close(self):
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 10

    def _handle(self):
        loopback = self.server.loopback
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        loopback.requests.append(
            Request(
                self.command,
                parts.path.removeprefix(BASE_PATH + "/"),
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                dict(self.headers),
                body,
            )
        )
        loopback.next_respond()(self)

    do_GET = do_POST = do_PUT = do_DELETE = _handle

    def finish(self):
        try:
            super().finish()
        except OSError:
            self.close_connection = True  # reset on purpose

    def log_message(self, *_args):
        """The tests' output is for the tests."""
