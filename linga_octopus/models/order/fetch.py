"""The sync run "orders": reads from Octopus what changed, and what users ask for."""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import blake2s

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from ...lib.fingerprint import fingerprint
from ...lib.octopus_api import (
    CIRCLE,
    PAGE_LIMIT,
    InvalidOrder,
    OctopusBadAnswer,
    OctopusNotFound,
    OctopusValidationError,
    Order,
)
from ...lib.octopus_api.call_streak import repeat_at_once
from ...orm import CONCURRENCY_ERRORS, lock_rows
from ..mixins.notices import Sentence
from .intake import OrderIntake

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

REFUSED_NUMBER = Sentence(
    "refused_number",
    _lt(
        "Octopus refuses the order number %(number)s. Check it, then import the order "
        "again. Octopus says: %(problem)s"
    ),
)
NO_SUCH_ORDER = Sentence(
    "no_order_with_number", _lt("Octopus has no order with the number %(number)s.")
)
UNREADABLE = Sentence(
    "order_unreadable",
    _lt(
        "Order %(number)s cannot be read: %(problem)s. Ask Octopus to correct it, then "
        "import it by its number."
    ),
)
NOT_STORED = Sentence(
    "order_not_stored",
    _lt(
        "Order %(number)s could not be stored; the server log says why. Import it by its "
        "number when the cause is removed."
    ),
)

# A poll reads again from so long before the watermark: more than clocks differ, and than Octopus
# needs until a change is in its lists.
OVERLAP = timedelta(minutes=10)
# Octopus cannot search by the number of the sales channel: the latest orders are read instead.
NUMBER_SEARCH = timedelta(days=30)
# Seconds to connect and to read while a user waits in front of a dialog.
DIALOG_TIMEOUT = (5, 10)
# The counts of a run that grow with each page.
COUNTS = ("total", "done", "sent", "failed")
# Tells the poll from the fetch requests of users, which ask for other filters.
POLL_FILTER = "updated_at_min"


@dataclass(frozen=True)
class Place:
    """The page of a list that comes next.

    :param link: the address of the page that Octopus gave; None for the first page
    :param visited: digests of the links of this list so far
    :param newest: the latest change of the orders read so far, as Odoo writes a Datetime
    :param is_reread: the list is read a second time because a link had expired
    """

    link: str | None = None
    visited: tuple = ()
    newest: str | None = None
    is_reread: bool = False

    def after(self, link, newest):
        """Return the place of the page after this one.

        :param link: its address
        :param newest: the latest change of the orders read so far, a datetime or None
        :raise OctopusBadAnswer: the pages run in a circle
        """
        digest = blake2s(link.encode(), digest_size=6).hexdigest()
        if digest in self.visited:
            raise OctopusBadAnswer(CIRCLE, retryable=False)
        newest = fields.Datetime.to_string(newest) if newest else None
        return Place(link, (*self.visited, digest), newest, self.is_reread)


@dataclass(frozen=True)
class FetchCursor:
    """How far a run has got; the run keeps it as JSON.

    :param requests: filters of Octopus's list of orders, or the `number` of one order
    :param position: of the current request
    :param counts: COUNTS of the run before the current page
    :param place: of the current request's list; None at its beginning
    """

    requests: tuple = ()
    position: int = 0
    counts: tuple = (0, 0, 0, 0)
    place: Place | None = None

    @classmethod
    def of(cls, run):
        """Return the cursor of a run, also of one that has not started."""
        values = run.cursor or {}
        place = values.get("place")
        return cls(**{**values, "place": place and Place(**place)})


def fetch_requests(run):
    """Return what users asked a run to fetch, beside the poll."""
    return [request for request in FetchCursor.of(run).requests if POLL_FILTER not in request]


def add_fetch_requests(run, requests):
    """Have an open run fetch more orders.

    :param requests: list of filters of Octopus's list, or the `number` of one order
    """
    lock_rows(run)
    cursor = run.cursor or {}
    run.cursor = cursor | {"requests": [*cursor.get("requests", []), *requests]}


def find_order(client, account, number):
    """Look quickly for an order that a user names, who waits: by its Aggregator Order No., or by
    the number of its sales channel, such as `#1205`, in Odoo and in one page of Octopus's list.

    :return: its Aggregator Order No.; None when the run has to look in the other pages
    :raise UserError: Octopus has no such order, or no number like this
    :raise OctopusError: Octopus cannot be asked
    """
    client.timeout = DIALOG_TIMEOUT
    with suppress(OctopusNotFound, ValueError):  # ValueError: it cannot be a number
        return Order.ref_of(client.get_order(number))
    orders = account.env["octopus.order"].search(
        [
            ("account_id", "=", account.id),
            ("third_party_order_no", "in", [number.lstrip("#"), f"#{number.lstrip('#')}"]),
        ],
        limit=1,
    )
    if orders:
        return orders.aggregator_order_no
    since = fields.Datetime.now() - NUMBER_SEARCH
    page, link = client.get_orders_page(created_at_min=since, limit=PAGE_LIMIT)
    if found := _of_channel(page, number):
        return Order.ref_of(found)
    if link:
        return None
    raise UserError(
        account.env._(
            "Octopus has no order with the number %(number)s. Check the number.", number=number
        )
    )


def _of_channel(payloads, number):
    """Return the first of these orders that has this number in its sales channel, or None."""
    for payload in payloads:
        with suppress(InvalidOrder):
            if Order.from_json(payload).is_called(number):
                return payload
    return None


def repeat_requests(run):
    """Have the next run of orders fetch again what users asked `run` to fetch."""
    if requests := fetch_requests(run):
        add_fetch_requests(run._queue(run.account_id, "orders"), requests)


def poll_all(env):
    """Queue a run of orders for every connected store."""
    runs = env["octopus.sync.run"]
    # A store whose credentials were refused is asked too: Octopus may accept them again. Not more
    # than once an hour where that ends at once, as without credentials.
    an_hour_ago = fields.Datetime.now() - timedelta(hours=1)
    just_failed = [
        ("kind", "=", "orders"),
        ("state", "=", "failed"),
        ("ended_at", ">", an_hour_ago),
    ]
    for account in env["octopus.account"].search([("state", "in", ("connected", "error"))]):
        of_account = [("account_id", "=", account.id), *just_failed]
        if account.state == "connected" or not runs.search_count(of_account, limit=1):
            runs._queue(account, "orders", at_once=False)


def plan(run):
    """Plan the requests of a run: first the poll, then those of users.

    :return: 0, because the total is known only when all pages are read
    """
    account = run.account_id
    since = (account.order_watermark or account.orders_since) - OVERLAP
    poll = {POLL_FILTER: since.isoformat(timespec="seconds")}
    run.cursor = asdict(FetchCursor([poll, *fetch_requests(run)]))
    return 0


class OrderFetch:
    """Fetches the next order, or the next page of a list, and stores it.

    :param run: the sync run
    :param client: OctopusClient of its store
    """

    def __init__(self, run, client):
        self.run = run
        self.client = client
        self.env = run.env
        self.store = OrderStore(run)

    def run_batch(self):
        """Fetch once; return whether there is more to fetch."""
        run, cursor = self.run, FetchCursor.of(self.run)
        # A batch that failed half way is repeated, and counts once.
        run.write(dict(zip(COUNTS, cursor.counts, strict=True)))
        request, place = cursor.requests[cursor.position], None
        if "number" in request:
            place = self._fetch_number(request["number"], cursor.place)
        else:
            place = self._fetch_page(request, cursor.place or Place())
        # A user may ask for more at this very moment: that collides here, and not in the commit.
        lock_rows(run)
        run.invalidate_recordset(["cursor"])
        position = cursor.position + (place is None)
        run.cursor = run.cursor | {
            "position": position,
            "counts": [run[name] for name in COUNTS],
            "place": place and asdict(place),
        }
        return position < len(run.cursor["requests"])

    def _fetch_page(self, filters, place):
        """Read one page of a list and store its orders; return the next Place, None at the end.

        Octopus promises no order of the list, so the watermark moves when the last page is
        stored, and not beyond the start of the run: later changes are for the next poll.
        """
        page, link = self._read_page(filters, place)
        if page is None:
            return Place(is_reread=True)
        is_poll = POLL_FILTER in filters
        moments = self.store.store_all(page, is_new=not is_poll)
        if place.newest:
            moments.append(fields.Datetime.to_datetime(place.newest))
        newest = max(moments, default=None)
        if link:
            return place.after(link, newest)
        if is_poll and newest:
            self._move_watermark(newest)
        return None

    def _read_page(self, filters, place):
        """Return the orders of a page and the link of the next one.

        Instead of the orders None, when the link has expired, perhaps because the run had to wait:
        the list is read again, once.
        """
        try:
            return repeat_at_once(
                self.client.get_orders_page, place.link, limit=PAGE_LIMIT, **filters
            )
        except (OctopusNotFound, OctopusValidationError):
            if not place.link or place.is_reread:
                raise
            return None, None

    def _move_watermark(self, newest):
        account = self.run.account_id
        moment = min(newest, self.run.started_at)
        if not account.order_watermark or moment > account.order_watermark:
            account.order_watermark = moment

    def _fetch_number(self, number, place):
        """Read one order by its number, and store it. A number that Octopus does not know may be
        that of the sales channel: look for it in the list.

        :param place: the page of the list to look in; None before the list
        :return: the Place of the next page to look in; None at the end
        """
        if place:
            return self._search_page(number, place)
        try:
            payload = repeat_at_once(self.client.get_order, number)
        except (OctopusNotFound, ValueError):  # ValueError: it cannot be a number
            return Place()
        except OctopusValidationError as error:
            message = REFUSED_NUMBER(self.env, number=number, problem=error)
            self._report_missing(number, message)
        else:
            self.store.store_all([payload], is_new=True)
        return None

    def _search_page(self, number, place):
        filters = {"created_at_min": self.run.create_date - NUMBER_SEARCH}
        page, link = self._read_page(filters, place)
        if page is None:
            return Place(is_reread=True)
        if found := _of_channel(page, number):
            self.store.store_all([found], is_new=True)
        elif link:
            return place.after(link, None)
        else:
            message = NO_SUCH_ORDER(self.env, number=number)
            self._report_missing(number, message)
        return None

    def _report_missing(self, number, message):
        run = self.run
        run.write({"total": run.total + 1, "done": run.done + 1, "failed": run.failed + 1})
        # Only a note: most likely the number was mistyped, and nothing is left to solve.
        self.store.issues._log_missing(run, self.store.orders, number, message, severity="warning")


class OrderStore:
    """Stores orders that a sync run has read; one bad order does not stop the others.

    :param run: the sync run, which gets the counts and the issues
    """

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.orders = run.env["octopus.order"]
        self.issues = run.env["octopus.sync.issue"]
        self.intake = OrderIntake(run.account_id)

    def store_all(self, payloads, *, is_new):
        """Store orders, each in a savepoint, and commit.

        :param list payloads: orders as Octopus sends them
        :param bool is_new: see `OrderIntake.store`
        :return: list of the moments at which Octopus changed them
        """
        run, stored, again = self.run, self.orders.browse(), []
        # A poll reads the orders of the last minutes again. What users ask for is stored anyway.
        unchanged = {} if is_new else self._unchanged(payloads)
        changed = [each for each in payloads if Order.ref_to_show(each) not in unchanged]
        latest = changed and self.orders.search([], order="id desc", limit=1).id
        for payload in changed:
            try:
                stored |= self._store(payload, is_new=is_new)
            except CONCURRENCY_ERRORS:
                again.append(payload)
        run.total += len(payloads)
        run.done += len(payloads)
        run.sent += sum(order_id > latest for order_id in stored.ids)
        run._checkpoint()
        # Another transaction, most likely a webhook, stored these at the same moment. The new
        # transaction sees its orders.
        for payload in again:
            stored |= self._store(payload, is_new=is_new)
            run._checkpoint()
        known = [*unchanged, *stored.mapped("aggregator_order_no")]
        self.issues._fix_missing(run, self.orders, known)
        moments = [*unchanged.values(), *stored.mapped("octopus_updated_at")]
        return [moment for moment in moments if moment]

    def _unchanged(self, payloads):
        """Return {Aggregator Order No.: when Octopus changed it} of the orders that were read as
        they are and not changed since: to store them again changes nothing.

        :param list payloads: orders as Octopus sends them
        """
        digests = {}
        for payload in payloads:
            with suppress(InvalidOrder):
                digests[Order.ref_of(payload)] = fingerprint(payload)
        if not digests:
            return {}
        self.orders.flush_model(["payload_digest", "octopus_updated_at"])
        known = self.env.execute_query(
            SQL(
                """SELECT aggregator_order_no, payload_digest, octopus_updated_at FROM octopus_order
                    WHERE account_id = %s AND aggregator_order_no IN %s""",
                self.run.account_id.id,
                tuple(digests),
            )
        )
        return {ref: moment for ref, digest, moment in known if digest == digests[ref]}

    def _store(self, payload, *, is_new):
        """Store one order and return it; record an issue when that fails."""
        number = Order.ref_to_show(payload) or "?"
        try:
            with self.env.cr.savepoint():
                return self.intake.store(payload, is_new=is_new, is_read=True)
        except CONCURRENCY_ERRORS:
            raise
        except InvalidOrder as error:
            message = UNREADABLE(self.env, number=number, problem=error)
        except Exception:
            _logger.exception("Order %s could not be stored", number)
            message = NOT_STORED(self.env, number=number)
        self.run.failed += 1
        self.issues._log_missing(self.run, self.orders, number, message)
        return self.orders.browse()
