"""Pictures are fetched from the Internet, never from the network of the server."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from octopus_api import pictures
from octopus_api.pictures import UnfetchedPicture, fetch_picture


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, content = self.server.answers.get(self.path, (404, {}, b""))
        self.server.hosts.append(self.headers["Host"])
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in content if isinstance(content, list) else [content]:
            self.wfile.write(part)
            self.server.pause.wait(0.02 if isinstance(content, list) else 0)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.hosts, server.pause = {}, [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.pause.set()
    server.shutdown()
    thread.join()
    server.server_close()


def reason(address, **options):
    with pytest.raises(UnfetchedPicture) as caught:
        fetch_picture(address, **options)
    return caught.value.reason


def resolve_to(monkeypatch, *ips):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ips]
    monkeypatch.setattr(pictures.socket, "getaddrinfo", lambda *args, **options: found)


def test_octopus_itself_may_be_near(server):
    server.answers["/a.png?x=1"] = (200, {}, b"picture")
    assert (
        fetch_picture(server.url + "/a.png?x=1", trusted_url=server.url + "/api/v1") == b"picture"
    )
    assert server.hosts == [f"127.0.0.1:{server.server_port}"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.png",
        "file:///etc/passwd",
        "ftp://example.com/a.png",
        "http://",
        "http://[",
        "data:,x",
    ],
)
def test_only_web_addresses(address):
    assert reason(address) == "address"


def test_nothing_in_the_network_of_the_server(server, monkeypatch):
    assert reason(server.url + "/a.png") == "private"
    assert reason(server.url + "/a.png", trusted_url="http://127.0.0.1:1/api") == "private"
    for ip in (
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "0.0.0.0",
        "224.0.0.1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:a00:1::",
        "fec0::1",
    ):
        resolve_to(monkeypatch, "93.184.216.34", ip)
        assert reason("https://pictures.example/a.png") == "private", ip
    assert not server.hosts


def test_public_addresses_behind_nat64_are_asked(monkeypatch):
    asked = []
    monkeypatch.setattr(pictures, "_read", lambda url, ip: asked.append(ip) or (b"picture", None))
    resolve_to(monkeypatch, "64:ff9b::93.184.216.34", "2600::1")
    assert fetch_picture("https://pictures.example/a.png") == b"picture"
    assert asked == ["64:ff9b::93.184.216.34"]


@pytest.mark.parametrize("host", ["a" * 64 + ".example", ".example"])
def test_a_name_that_cannot_be_one(host):
    assert reason(f"https://{host}/a.png") == "failed"


def test_a_redirect_to_an_address_that_cannot_be_one(server):
    server.answers["/odd"] = (302, {"Location": "http://[::1"}, b"")
    assert reason(server.url + "/odd", trusted_url=server.url) == "failed"


def test_a_redirect_is_looked_at_as_well(server):
    server.answers["/away"] = (302, {"Location": "http://127.0.0.2:1/a.png"}, b"")
    server.answers["/on"] = (301, {"Location": "/a.png"}, b"")
    server.answers["/a.png"] = (200, {}, b"picture")
    server.answers["/round"] = (302, {"Location": "/round"}, b"")
    assert reason(server.url + "/away", trusted_url=server.url) == "private"
    assert fetch_picture(server.url + "/on", trusted_url=server.url) == b"picture"
    assert reason(server.url + "/round", trusted_url=server.url) == "failed"


def test_what_is_not_there_or_too_large(server, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 10)
    server.answers["/large"] = (200, {}, b"x" * 11)
    assert reason(server.url + "/large", trusted_url=server.url) == "huge"
    assert reason(server.url + "/gone", trusted_url=server.url) == "failed"
    assert reason("http://127.0.0.1:1/a.png", trusted_url="http://127.0.0.1:1/") == "failed"


def test_a_server_that_sends_a_byte_now_and_then(server, monkeypatch):
    server.answers["/slow"] = (200, {}, [b"x"] * 100)
    assert len(fetch_picture(server.url + "/slow", trusted_url=server.url)) == 100
    monkeypatch.setattr(pictures, "TOTAL_SECONDS", 0.1)
    assert reason(server.url + "/slow", trusted_url=server.url) == "failed"
