import base64
import binascii
import hmac
import logging
import re

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..lib.octopus_api import InvalidOrder, Order, loads
from ..models.account.connection import stamp_webhook
from ..orm import CONCURRENCY_ERRORS
from .webhook_log import forget_address

_logger = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
TOO_LARGE = "The body is larger than 1 MiB."
ACCOUNT_FIELDS = [
    "access_id",
    "active",
    "company_id",
    "merchant_name",
    "state",
    "webhook_seen_at",
    "webhook_token",
]
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


class Refused(Exception):
    """The request is answered with an error that its sender can act on."""

    def __init__(self, status, message, *, headers=None, **details):
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.answer = {"status": "refused", "message": message, **details}


class OctopusWebhook(http.Controller):
    """Where Octopus says that an order was placed or changed."""

    @http.route(
        ["/octopus/webhook/<string:token>", "/octopus/webhook/<string:token>/<path:topic>"],
        type="http",
        # The sender is checked in here, and is no user of Odoo.
        auth="none",
        readonly=False,
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=lambda controller: controller._body_limit(),
    )
    def receive(self, token, topic="", **_query):
        """Authenticate, store, answer; the stock is the worker's.

        With the merchant's credentials, the body is trusted. Without, it is a notification: the
        order is read back from Octopus.
        """
        forget_address()
        request.update_env(user=SUPERUSER_ID)
        headers = None
        try:
            status, answer = self._receive(token, topic)
        except Refused as refused:
            status, answer, headers = refused.status, refused.answer, refused.headers
        except CONCURRENCY_ERRORS:
            # Two deliveries at the same moment: Odoo runs this request again.
            raise
        # A 5xx makes the sender deliver again; whatever it was must not get lost as a 4xx.
        except Exception:
            _logger.exception("Octopus webhook failed")
            request.env.cr.rollback()
            status = 500
            answer = {"status": "failed", "message": "Not stored; send it again later."}
        response = request.make_json_response(answer, headers=headers, status=status)
        request.env["octopus.queue"]._wake_after_answer(response)
        return response

    def _receive(self, token, topic):
        account, is_trusted = self._authenticate(token)
        stamp_webhook(account)
        topic = (request.httprequest.headers.get("X-Octopus-Topic") or topic).strip("/ ").lower()
        if topic and not topic.startswith("orders/"):
            # Also inventory_levels/update: it must not change the stock, of which Odoo is the
            # master.
            return 200, {"status": "ignored", "message": "Only order events are of interest."}
        payload, raw = self._read_body()
        try:
            return self._take_in(account, topic, payload, raw, is_trusted)
        except InvalidOrder as error:
            raise Refused(422, str(error), field=error.field) from error

    def _take_in(self, account, topic, payload, raw, is_trusted):
        orders = request.env["octopus.order"]
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
            order = orders._ingest_deletion(account, payload)
        else:
            # Without a topic it may be anything: an order from before the store was connected
            # is then taken for one that changed. A new one is younger, whatever the topic.
            order = orders._ingest(account, payload, raw=raw, is_news=topic == "orders/create")
        request.env.flush_all()
        return 200, {"status": "stored", "order": order.aggregator_order_no}

    # === AUTHENTICATION === #

    def _authenticate(self, token):
        """Return the account, and whether the sender has the merchant's credentials.

        An unknown token and wrong credentials are answered alike.
        """
        accounts = request.env["octopus.account"].with_context(active_test=False)
        account = accounts.browse()
        if TOKEN.fullmatch(token):
            found = accounts._of_webhook(token)
            # What is kept may be over: of a renewal in a shell or by SQL no cache is told.
            account = accounts.search_fetch([("id", "in", found.ids)], ACCOUNT_FIELDS)
            if not _equal((account.webhook_token or "").encode(), token.encode()):
                account = accounts.browse()
        claims = list(_claims(request.httprequest.headers, account))
        if not (account and all(claims)):
            raise Refused(401, "The address or the credentials are wrong.")
        if not account.active or account.state == "unsubscribed":
            # For good, as far as the sender is concerned: it should stop sending.
            raise Refused(410, "This store is no longer connected to Octopus.")
        return account, bool(claims)

    # === BODY === #

    def _body_limit(self):
        """Return from which size on Odoo itself refuses the request, with a page of HTML.

        JSON that says how long it is gets past it: `_read_body` refuses it in JSON, unread.
        """
        http_request = request.httprequest
        is_measured = http_request.mimetype == "application/json" and http_request.content_length
        return None if is_measured else MAX_BODY

    def _read_body(self):
        """Return the parsed body and its text."""
        http_request = request.httprequest
        # Of a form, Odoo has already taken the body apart.
        if http_request.mimetype != "application/json":
            raise Refused(415, "Send the order as application/json.")
        if (http_request.content_length or 0) > MAX_BODY:
            raise Refused(413, TOO_LARGE)
        body = http_request.get_data()
        if len(body) >= MAX_BODY:  # it came in chunks, and was cut off here
            raise Refused(413, TOO_LARGE)
        try:
            raw = body.decode("utf-8-sig")
            return loads(raw), raw
        except ValueError as error:
            raise Refused(400, "The body is not JSON.") from error


def _claims(headers, account):
    """Yield for each kind of credentials in the request whether they are the merchant's."""
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
    """Return the credentials of a Basic Authorization header as bytes; empty if it is another."""
    scheme, _space, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
