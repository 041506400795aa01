import base64
import binascii
import hmac
import logging
import re
import threading
import zlib
from contextlib import suppress
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, fields, http
from odoo.http import request
from odoo.tools import SQL

from ..lib.octopus_api import InvalidOrder, Order, loads
from ..models.order.intake import OrderIntake
from ..orm import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024  # unpacked
GZIP = b"\x1f\x8b"  # no JSON begins like this
GZIP_BITS = 31
# A busy store gets many webhooks a minute, so the time of the last one is saved this often only.
WEBHOOK_STAMP_EVERY = timedelta(minutes=10)
TOO_LARGE = "The body is larger than 1 MiB."
# What a webhook needs to know of its account: another field would have all of them read.
ACCOUNT_FIELDS = [
    "access_id",
    "active",
    "company_id",
    "merchant_name",
    "orders_since",
    "shop_timezone",
    "state",
    "webhook_seen_at",
    "webhook_token",
]
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")
TOKEN_IN_ADDRESS = re.compile(r"(/octopus/webhook/)[^/?\s\"]+")


class Refused(Exception):
    """The request is answered with an error that its sender can act on."""

    def __init__(self, status, message, *, headers=None, **details):
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.answer = {"status": "refused", "message": message, **details}


class OrderWebhook(http.Controller):
    """The address that Octopus calls when an order was placed or changed."""

    @http.route(
        ["/octopus/webhook/<string:token>", "/octopus/webhook/<string:token>/<path:topic>"],
        type="http",
        # The sender is not a user of Odoo; `_authenticate` checks the credentials.
        auth="none",
        readonly=False,
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=lambda controller: controller._body_limit(),
    )
    def receive(self, token, topic="", **_query):
        """Authenticate, store and answer; a worker deducts the stock.

        With the merchant's credentials, the body is trusted. Without them, the request is a
        notification: the order is read back from Octopus.
        """
        _hide_token_of_thread()
        request.update_env(user=SUPERUSER_ID)
        headers = None
        try:
            status, answer = self._receive(token, topic)
        except Refused as refused:
            status, answer, headers = refused.status, refused.answer, refused.headers
        except CONCURRENCY_ERRORS:
            # Another delivery of this order at the same moment: Odoo runs this request again.
            raise
        # A 5xx makes the sender deliver again; with a 4xx the order would be lost.
        except Exception:
            _logger.exception("Octopus webhook failed")
            request.env.cr.rollback()
            status = 500
            answer = {"status": "failed", "message": "Not stored; send it again later."}
        return request.make_json_response(answer, headers=headers, status=status)

    def _receive(self, token, topic):
        account, is_trusted = self._authenticate(token)
        stamp_webhook(account)
        topic = (request.httprequest.headers.get("X-Octopus-Topic") or topic).strip("/ ").lower()
        if topic and not topic.startswith("orders/"):
            # Even inventory_levels/update: Odoo is the master of the stock.
            return 200, {"status": "ignored", "message": "Only order events are of interest."}
        body, raw = self._read_body()
        try:
            payloads = Order.payloads(body)
            if len(payloads) > 1:
                raw = None  # each order keeps its own part
            return self._take_in_all(account, topic, payloads, raw, is_trusted)
        except InvalidOrder as error:
            raise Refused(422, str(error), field=error.field) from error

    def _take_in_all(self, account, topic, payloads, raw, is_trusted):
        """Take in the orders of a body; what is no order does not stop the others."""
        answers, invalid = [], None
        for payload in payloads:
            try:
                answers.append(self._take_in(account, topic, payload, raw, is_trusted))
            except InvalidOrder as error:
                _logger.warning("Octopus sent what is no order: %s", error)
                invalid = error
        if not answers:
            raise invalid
        status, answer = answers[-1]
        return status, {**answer, "order": ", ".join(answer["order"] for _, answer in answers)}

    def _take_in(self, account, topic, payload, raw, is_trusted):
        if not is_trusted:
            ref = Order.ref_of(payload)
            if not request.env["octopus.order.notification"]._enqueue(account, ref):
                raise Refused(
                    429,
                    "Too many orders wait to be read back; try again later.",
                    headers={"Retry-After": "600"},
                )
            return 202, {"status": "queued", "order": ref}
        if topic == "orders/delete":
            order = OrderIntake(account).store_deletion(payload)
        else:
            # A request without a topic may be about an old order. Orders from before the store
            # was connected do not change the stock then; new ones do, whatever the topic.
            is_new = topic == "orders/create"
            order = OrderIntake(account).store(payload, raw=raw, is_new=is_new)
        request.env.flush_all()
        return 200, {"status": "stored", "order": order.aggregator_order_no}

    # === AUTHENTICATION === #

    def _authenticate(self, token):
        """Return the account, and whether the sender has the merchant's credentials.

        The answers to an unknown token and to wrong credentials are the same.
        """
        accounts = request.env["octopus.account"].with_context(active_test=False)
        account = accounts.browse()
        if TOKEN.fullmatch(token):
            found = accounts._of_webhook(token)
            # The cache may be stale: a token renewed in a shell or by SQL does not clear it.
            account = accounts.search_fetch([("id", "in", found.ids)], ACCOUNT_FIELDS)
            if not _equal((account.webhook_token or "").encode(), token.encode()):
                account = accounts.browse()
        claims = list(_claims(request.httprequest.headers, account))
        if not (account and all(claims)):
            raise Refused(401, "The address or the credentials are wrong.")
        if not account.active or account.state == "unsubscribed":
            # 410 asks the sender to stop sending.
            raise Refused(410, "This store is no longer connected to Octopus.")
        return account, bool(claims)

    # === BODY === #

    def _body_limit(self):
        """Return the size above which Odoo itself refuses the request, with a page of HTML.

        JSON with a Content-Length has no such limit here: `_read_body` refuses it with JSON.
        """
        http_request = request.httprequest
        is_measured = http_request.mimetype == "application/json" and http_request.content_length
        return None if is_measured else MAX_BODY

    def _read_body(self):
        """Return the parsed body and its text."""
        http_request = request.httprequest
        # Odoo has already parsed the body of a form.
        if http_request.mimetype != "application/json":
            raise Refused(415, "Send the order as application/json.")
        if (http_request.content_length or 0) > MAX_BODY:
            raise Refused(413, TOO_LARGE)
        body = http_request.get_data()
        if len(body) >= MAX_BODY:  # a body in chunks was cut off here
            raise Refused(413, TOO_LARGE)
        try:
            raw = _unpacked(body).decode("utf-8-sig")
            return loads(raw), raw
        except (ValueError, zlib.error) as error:
            raise Refused(400, "The body is not JSON.") from error


def _unpacked(body):
    """Return a body that may be compressed, but never more than a body may have."""
    if not body.startswith(GZIP):
        return body
    unpack = zlib.decompressobj(GZIP_BITS)
    body = unpack.decompress(body, MAX_BODY)
    if unpack.unconsumed_tail:
        raise Refused(413, TOO_LARGE)
    if not unpack.eof:
        raise Refused(400, "The compressed body is cut off.")
    return body


def _claims(headers, account):
    """Yield for each kind of credentials in the request whether it is that of the merchant."""
    access_id = account.access_id or ""
    authorization = headers.get("Authorization")
    if authorization is not None:
        wanted = f"{account.merchant_name or ''}:{access_id}"
        yield bool(access_id) & _equal(_basic(authorization), wanted.encode())
    token = headers.get("X-Octopus-Access-Token")
    if token is not None:
        yield bool(access_id) & _equal(token.encode("latin-1", "replace"), access_id.encode())


def _equal(given, wanted):
    return hmac.compare_digest(given, wanted)


def _basic(authorization):
    """Return the credentials of a Basic Authorization header as bytes; b"" for other schemes."""
    scheme, _space, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


# === THE LIFE SIGN === #


def stamp_webhook(account):
    """Save that Octopus has called; most calls find a recent time and write nothing."""
    now = fields.Datetime.now()
    seen = account.webhook_seen_at
    if seen and seen > now - WEBHOOK_STAMP_EVERY:
        return
    # Skip a row that another transaction has locked or just written. That one saves the same, or
    # something more important, and an order must not be received twice for this time.
    stamp = SQL(
        """UPDATE octopus_account SET webhook_seen_at = %s WHERE id IN (
            SELECT id FROM octopus_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)""",
        now,
        account.id,
    )
    with suppress(SerializationFailure), account.env.cr.savepoint(flush=False):
        account.env.cr.execute(stamp, log_exceptions=False)
    account.invalidate_recordset(["webhook_seen_at"], flush=False)


# === THE SECRET IN THE ADDRESS === #


class _WithoutToken(logging.Filter):
    """Removes the token from what is logged."""

    def filter(self, record):
        record.msg = _without_token(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_token, record.args))
        return True


def _hide_token_of_thread():
    """Remove the token from the address on the thread, which Odoo logs when it dumps stacks."""
    thread = threading.current_thread()
    thread.url = _without_token(getattr(thread, "url", ""))


def _without_token(value):
    return TOKEN_IN_ADDRESS.sub(r"\1...", value) if isinstance(value, str) else value


logging.getLogger("werkzeug").addFilter(_WithoutToken())
