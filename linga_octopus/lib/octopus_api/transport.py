"""One HTTP request to Octopus and back: credentials, errors, log line, and what the headers of the
answer say. JSON keeps decimal numbers exact in both directions. No endpoints."""

import json
import logging
import re
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    LocationParseError,
    MaxRetryError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import parse_url
from urllib3.util.retry import Retry

from .const import DEFAULT_TIMEOUT, MAX_ANSWER_BYTES, USER_AGENT
from .errors import OctopusAuthError, OctopusBadAnswer, OctopusConnectionError, OctopusTimeout
from .http_errors import failure_from_answer
from .parsing import as_datetime

_logger = logging.getLogger(__name__)

# A request that never reached Octopus is safe to send again, whatever it does. Everything else
# is for the caller to repeat: it knows how to look for what an unanswered create left behind.
_CONNECT_ONCE_MORE = Retry(
    total=1,
    connect=1,
    read=False,
    redirect=0,
    status=0,
    other=0,
    respect_retry_after_header=False,
)

_JSON_BODY = {"Content-Type": "application/json; charset=utf-8"}
NOT_JSON = "The answer is not JSON. Check the address of Octopus in the settings."
_NO_ADDRESS = "The address of Octopus is not a web address (https://...)."
# The limit is per minute: who waits longer than this has misread something, or Octopus has.
MAX_WAIT = timedelta(hours=1)
# Clocks that differ by less are taken for equal: an answer takes its time.
CLOCKS_AGREE = timedelta(seconds=30)
# Below: seconds from now. Above: a moment in epoch seconds, or in milliseconds.
_EPOCH_SECONDS_FROM = 1_000_000_000
_EPOCH_MILLISECONDS_FROM = 100_000_000_000
_SECONDS = re.compile(r"\d{1,13}(\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}(\.0*)?", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """A successful answer: parsed JSON (None for an empty body) and the next page, if any."""

    data: object = field(repr=False)
    next_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class RateLimit:
    """The merchant's budget: ``remaining`` of ``limit`` requests until ``reset_at`` (UTC)."""

    limit: int | None
    remaining: int
    reset_at: datetime | None


class Transport:
    """Sends requests for one merchant. Not for use by several threads at once.

    :param base_url: such as ``DEFAULT_BASE_URL``; a trailing slash does not matter
    :param timeout: seconds to connect and to read
    :param session: a ``requests.Session`` of the caller's, instead of one of our own
    :ivar rate: the RateLimit that the last answer told; None when none did
    :ivar clock_skew: how far Octopus's clock is ahead of ours, as the last answer told
    :ivar calls: how many requests were sent so far
    :raise OctopusError: an address or credentials that cannot be used at all
    """

    def __init__(
        self, base_url, merchant_name, access_id, *, timeout=DEFAULT_TIMEOUT, session=None
    ):
        self.base_url = _checked_base_url(base_url)
        self.rate = None
        self.clock_skew = timedelta(0)
        self.calls = 0
        # What was wrong with rows of lists that were skipped, for the caller to report.
        self.unreadable = []
        self.timeout = timeout
        merchant, secret = _header_text(merchant_name), _header_text(access_id)
        # bytes: requests would encode text as Latin-1, and Octopus reads UTF-8
        self._auth = HTTPBasicAuth(merchant.encode(), secret.encode())
        self._headers = {
            "X-Octopus-Access-Token": secret.encode(),
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
        }
        # A proxy's page may quote the header that it did not like.
        basic = b64encode(f"{merchant}:{secret}".encode()).decode()
        self._secrets = (secret, basic)
        self._session = session or _new_session()

    def __repr__(self):
        return f"<{type(self).__name__} {self.base_url}>"

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.close()

    def close(self):
        """Close the connections."""
        self._session.close()

    def hide(self, text):
        """Return a text of Octopus without our secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def request(self, method, path, *, params=None, body=None):
        """Send one request to a path below the base URL, and return its Answer.

        :param params: query values; those that are None are left out
        :param body: JSON data
        :raise OctopusError: anything but a 2xx answer with JSON or nothing in it
        """
        return self.request_url(method, f"{self.base_url}/{path}", params=params, body=body)

    def request_url(self, method, url, *, params=None, body=None):
        """As ``request``, for a whole URL such as that of a next page.

        :raise OctopusBadAnswer: the URL is not Octopus's, so our credentials must not go there
        """
        if _origin(url) != _origin(self.base_url):
            raise OctopusBadAnswer(
                "Octopus named a next page at another address; not followed.", retryable=False
            )
        started = time.monotonic()
        outcome = "no answer"
        try:
            response, content = self._exchange(method, url, params, body)
            outcome = response.status_code
        finally:
            # The path only: query values may be personal (names, e-mail addresses).
            _logger.debug(
                "%s %s: %s in %d ms",
                method,
                urlsplit(url).path,
                outcome,
                (time.monotonic() - started) * 1000,
            )
        return self._answer(method, response, content)

    def _exchange(self, method, url, params, body):
        """Send, and read the whole answer within bounds, or raise a typed error."""
        data = None if body is None else dumps(body).encode()
        headers = self._headers if data is None else self._headers | _JSON_BODY
        self.calls += 1
        try:
            with self._session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                auth=self._auth,
                timeout=self.timeout,
                allow_redirects=False,  # the credentials would travel along
                stream=True,
            ) as response:
                return response, _read(method, response)
        except requests.RequestException as error:
            raise _broken_exchange(method, url, error) from error

    def _answer(self, method, response, content):
        now = datetime.now(timezone.utc)
        self.rate = read_rate(response.headers, now) or self.rate
        self.clock_skew = read_clock_skew(response.headers, now)
        data, excerpt = None, None
        try:
            data = loads(content) if content.strip() else None
        except ValueError:
            excerpt = content.decode(errors="replace")
        if not 200 <= response.status_code < 300:
            retry_after = read_retry_after(response.headers, now)
            raise failure_from_answer(
                method, response, data, excerpt=excerpt, retry_after=retry_after, hide=self.hide
            )
        if excerpt is not None:
            raise _bad_answer(
                method,
                NOT_JSON,
                status=response.status_code,
            )
        return Answer(data, _next_url(response))


def _new_session():
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=_CONNECT_ONCE_MORE))
    return session


def _checked_base_url(base_url):
    text = (base_url or "").strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        # urllib3 raises an error of its own, past requests, for names that cannot be encoded
        usable = usable and parts.hostname.encode("idna") and not re.search(r"\s", text)
    except ValueError:  # such as a port that is no number
        usable = False
    if not usable:
        raise OctopusConnectionError(_NO_ADDRESS, retryable=False)
    if "@" in parts.netloc or parts.query or parts.fragment:
        # URLs reach logs: credentials have no place in them.
        raise OctopusConnectionError(
            "The address of Octopus must not contain credentials or a query.", retryable=False
        )
    return parts.geturl().rstrip("/")


def _header_text(value):
    """Return a credential fit for a header.

    Checked here because ``requests`` would quote a bad value in its error, and so in the log.
    """
    text = (value or "").strip()
    if not text or not text.isprintable():
        raise OctopusAuthError("Enter the merchant name and the access id, as Octopus shows them.")
    return text


def _origin(url):
    """Return what must be equal for two URLs to belong to the same server.

    Read as the one who connects reads it: `https://a\\@b` is b for the standard library, a for
    urllib3.
    """
    try:
        parts = parse_url(url)
    except LocationParseError:
        return None
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.auth, parts.host, port


def _read(method, response):
    # Off by default before urllib3 2: half an answer can be JSON too.
    response.raw.enforce_content_length = True
    content = bytearray()
    for chunk in response.iter_content(64 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise _bad_answer(method, "Octopus's answer is too large to read.")
    return bytes(content)


def _next_url(response):
    """Return the URL of the next page that the ``Link`` header names, or None."""
    link = response.links.get("next", {}).get("url")
    try:
        return link and urljoin(response.url, link)
    except ValueError:
        return link  # no URL at all: refused when somebody follows it


def _bad_answer(method, message, status=None):
    return OctopusBadAnswer(message, status=status, maybe_done=method != "GET")


def _broken_exchange(method, url, error):
    """Return the typed error for an exchange that ended without a whole answer."""
    if isinstance(error, requests.exceptions.InvalidURL):
        return OctopusConnectionError(_NO_ADDRESS, retryable=False)
    cause = error.args[0] if error.args else error
    sent = True
    if isinstance(cause, MaxRetryError):  # what urllib3 says before anything was sent
        cause = cause.reason
        sent = not isinstance(cause, ConnectTimeoutError | SSLError)
    if isinstance(cause, DecodeError):
        return _bad_answer(method, "Octopus's answer cannot be unpacked.")
    # Not requests.Timeout: a body that stops half-way is a ConnectionError there.
    late = isinstance(error, requests.Timeout) or isinstance(cause, ReadTimeoutError)
    kind = OctopusTimeout if late else OctopusConnectionError
    # Our own words: those of requests quote the URL with its query.
    return kind(
        f"No answer from Octopus at {urlsplit(url).netloc}: {_reason(cause, late)}.",
        maybe_done=sent and method != "GET",
    )


def _reason(cause, late):
    if isinstance(cause, SSLError):
        return "its certificate cannot be trusted"
    if late:
        return "it took too long"
    if isinstance(cause, ConnectTimeoutError):  # urllib3's refused connections are among them
        return "it does not accept connections"
    return "the connection broke"


# === HEADERS === #


def read_rate(headers, now):
    """Return the RateLimit that an answer tells, or None when it tells none."""
    remaining = _number(headers.get("X-RateLimit-Remaining"))
    if remaining is None:
        return None
    limit = _number(headers.get("X-RateLimit-Limit"))
    return RateLimit(limit, remaining, _moment(headers, "X-RateLimit-Reset", now))


def read_retry_after(headers, now):
    """Return the seconds to wait before the next request, or None when nothing says so.

    ``Retry-After`` comes as seconds or as a date; without it the reset time is the best guess.
    """
    moment = _moment(headers, "Retry-After", now) or _moment(headers, "X-RateLimit-Reset", now)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def read_clock_skew(headers, now):
    """Return how far Octopus's clock is ahead of ours, by the ``Date`` of its answer."""
    moment = _date((headers.get("Date") or "").strip())
    skew = moment - now if moment else timedelta(0)
    return skew if abs(skew) > CLOCKS_AGREE else timedelta(0)


def _number(text):
    """Return a whole number, or None; headers are text."""
    text = (text or "").strip()
    return int(text.split(".")[0]) if _WHOLE.fullmatch(text) else None


def _moment(headers, name, now):
    """Return a moment by our clock, not later than MAX_WAIT, or None."""
    text = (headers.get(name) or "").strip()
    if _SECONDS.fullmatch(text) and float(text) < _EPOCH_SECONDS_FROM:
        moment = now + timedelta(seconds=float(text))
    else:
        stated = _stated_moment(text)
        moment = stated and stated - read_clock_skew(headers, now)
    return moment and min(moment, now + MAX_WAIT)


def _stated_moment(text):
    """Read what the reference does not define: epoch or a date, by Octopus's clock."""
    if not _SECONDS.fullmatch(text):
        return _date(text)
    seconds = float(text)
    if seconds >= _EPOCH_MILLISECONDS_FROM:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, timezone.utc)


def _date(text):
    for read in (parsedate_to_datetime, as_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError):
            continue
        if moment:
            return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return None


# === JSON: DECIMAL NUMBERS STAY EXACT === #

_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


def loads(text):
    """Parse JSON text or bytes; fractions become Decimal, never float.

    :raise ValueError: no JSON, NaN or Infinity, or nested beyond reason
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def dumps(value):
    """Write JSON text; a Decimal becomes the number with exactly its digits.

    The standard library can write a Decimal only as a float or as a string, but what has none
    it writes ten times faster.
    """
    try:
        return _encode(value)
    except TypeError:
        return _dumps_exactly(value)


def _dumps_exactly(value):
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, dict):
        pairs = (f"{_encode(str(key))}:{_dumps_exactly(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_dumps_exactly, value)) + "]"
    return _encode(value)


def _decimal_text(value):
    if not value.is_finite():
        raise ValueError("JSON has no NaN and no Infinity")
    # 1E+3 as 1000; but 1E+999999 is not written out
    return f"{value:f}" if -30 < value.adjusted() < 30 else str(value)


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")
