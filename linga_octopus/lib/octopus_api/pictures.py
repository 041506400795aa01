"""Pictures that Octopus names by their address: fetched from the Internet, never from the network
of the server. Whoever may edit products in Octopus chooses the address.

No library does this for each Requests that the addon takes (2.25 and later): requests-hardened, the
kept one, needs 2.32.3, connects without a look at further addresses of a name, and limits neither
size nor time.
"""

import ipaddress
import socket
import ssl
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from .const import USER_AGENT

MAX_PICTURE_BYTES = 20_000_000
MAX_REDIRECTS = 3
PAUSE_SECONDS = 10  # without a byte
TOTAL_SECONDS = 60
CHUNK_BYTES = 65_536
PORTS = {"http": 80, "https": 443}
# Their last 32 bits are an IPv4 address: compatible, mapped, behind NAT64.
WITH_IPV4 = [
    ipaddress.ip_network(network) for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96")
]
REDIRECTS = (301, 302, 303, 307, 308)


class UnfetchedPicture(Exception):
    """The picture was not fetched. ``reason``: ``address``, ``private``, ``huge`` or ``failed``."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def fetch_picture(address, *, trusted_url=""):
    """Return the content of a picture.

    :param str trusted_url: the address of Octopus itself, which may be in the server's network
    :raise UnfetchedPicture: it is not there, or at no place that may be asked
    """
    trusted = _origin(parse_url(trusted_url)) if trusted_url else None
    for _attempt in range(MAX_REDIRECTS + 1):
        url = _parsed(address)
        host_ip = _checked_ip(url, is_trusted=_origin(url) == trusted)
        try:
            content, location = _read(url, host_ip)
            if location is None:
                return content
            address = urljoin(address, location)
        # ValueError: a name, or a redirect, that cannot be one.
        except (OSError, HTTPException, ValueError) as error:
            raise UnfetchedPicture("failed") from error
    raise UnfetchedPicture("failed")


def _parsed(address):
    try:
        url = parse_url(address)
    except LocationParseError:
        raise UnfetchedPicture("address") from None
    if url.scheme not in PORTS or not url.host:
        raise UnfetchedPicture("address")
    return url


def _origin(url):
    return url.scheme, url.host, url.port or PORTS.get(url.scheme)


def _checked_ip(url, *, is_trusted):
    """Return the IP address to connect to. A name that leads to a private one, even among others,
    is refused; a second look at the name could lead elsewhere, so that there is none."""
    host = url.host.strip("[]")
    try:
        found = socket.getaddrinfo(host, url.port or PORTS[url.scheme], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnfetchedPicture("failed") from error
    ips = [entry[4][0] for entry in found]
    if not is_trusted and not all(_is_public(ipaddress.ip_address(ip)) for ip in ips):
        raise UnfetchedPicture("private")
    return ips[0]


def _is_public(ip):
    """Return whether an address is one of the Internet. An IPv6 address that leads to one of IPv4
    is judged by that one."""
    if ip.version == 6:
        if any(ip in network for network in WITH_IPV4):
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        elif ip.is_site_local:
            return False
        else:
            ip = ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


def _read(url, host_ip):
    """Return (content, None), or (None, the address to which the answer leads)."""
    host, port = url.host.strip("[]"), url.port or PORTS[url.scheme]
    deadline = time.monotonic() + TOTAL_SECONDS
    with socket.create_connection((host_ip, port), timeout=PAUSE_SECONDS) as plain:
        if url.scheme == "https":
            link = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        else:
            link = plain
        connection = HTTPConnection(host, port, timeout=PAUSE_SECONDS)
        connection.sock = link
        headers = {"Host": url.netloc, "User-Agent": USER_AGENT, "Connection": "close"}
        with closing(connection):
            connection.request("GET", url.request_uri, headers=headers)
            answer = connection.getresponse()
            if answer.status in REDIRECTS and (location := answer.getheader("Location")):
                return None, location
            if answer.status != 200:
                raise UnfetchedPicture("failed")
            return _content(answer, deadline), None


def _content(answer, deadline):
    content = bytearray()
    while part := answer.read1(CHUNK_BYTES):
        content += part
        if len(content) > MAX_PICTURE_BYTES:
            raise UnfetchedPicture("huge")
        # A server that sends a byte now and then must not keep the worker.
        if time.monotonic() > deadline:
            raise UnfetchedPicture("failed")
    return bytes(content)
