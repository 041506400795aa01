import logging
from datetime import timedelta

from odoo import api, fields, models

from ...lib.octopus_api import (
    CIRCLE,
    InvalidOrder,
    OctopusBadAnswer,
    OctopusNotFound,
    OctopusValidationError,
    Order,
)
from ...orm import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

# How far behind the watermark a poll reads again: more than clocks differ, and than Octopus
# needs until a change shows in its lists.
OVERLAP = timedelta(minutes=10)
PAGE = 250


class OctopusOrder(models.Model):
    """The passes that ask Octopus for orders: every few minutes, and at the press of a button."""

    _inherit = "octopus.order"

    @api.model
    def _run_start(self, run):
        """Plan the requests: first the updates, then the fetch requests of users. A run that
        breaks repeats them."""
        account = run.account_id
        since = (account.order_watermark or account.orders_since) - OVERLAP
        news = {"updated_at_min": since.isoformat(timespec="seconds")}
        run.cursor = {"asks": [news, *fetch_requests_of(run)], "position": 0, "counts": [0, 0, 0]}
        return 0

    @api.model
    def _request_fetch(self, account, *asks):
        """Have the next pass, or the one that is under way, ask for these orders too.

        :param dict asks: filters of Octopus's list, or the `number` of one order
        """
        run = self.env["octopus.sync.run"]._queue(account, "orders")
        cursor = {"asks": [], **(run.cursor or {})}
        run.cursor = cursor | {"asks": [*cursor["asks"], *asks]}

    @api.model
    def _run_retry(self, run):
        """Have the next run fetch again what users asked `run` to fetch."""
        if requests := fetch_requests_of(run):
            self._request_fetch(run.account_id, *requests)

    @api.model
    def _run_batch(self, run, client):
        """Ask for the next order, or for the next page of a list, and store the answer."""
        cursor = run.cursor
        run.write(dict(zip(("total", "done", "failed"), cursor["counts"], strict=True)))
        ask, place = cursor["asks"][cursor["position"]], None
        if "number" in ask:
            self._fetch_one(run, client, ask["number"])
        else:
            place = self._fetch_page(run, client, ask, cursor.get("place") or {})
        # Somebody may have wished for more meanwhile.
        run.invalidate_recordset(["cursor"])
        position = cursor["position"] + (place is None)
        counts = [run.total, run.done, run.failed]
        run.cursor = run.cursor | {"position": position, "counts": counts, "place": place}
        run.flush_recordset()  # a wish of this very moment is noticed here, not at the end
        return position < len(run.cursor["asks"])

    @api.model
    def _fetch_page(self, run, client, filters, place):
        """Read one page of a list, and store it; return the place to go on at, None at the end.

        The list is in no promised order, so the watermark moves when its last page is stored,
        and not beyond the beginning of this reading: what changes meanwhile is for the next one.

        :param dict place: what this returned for the page before; empty at the beginning
        """
        link = place.get("link")
        try:
            page, next_link = client.get_orders_page(link, limit=PAGE, **filters)
        except (OctopusNotFound, OctopusValidationError):
            if not link or place["is_again"]:
                raise
            # A link does not live for ever, and this pass may have waited for long.
            return {"is_again": True}
        is_poll = "updated_at_min" in filters
        newest = self._store_page(run, page, is_news=not is_poll)
        if place.get("newest"):
            newest.append(fields.Datetime.to_datetime(place["newest"]))
        if next_link:
            return _next_place(place, next_link, max(newest, default=False))
        account = run.account_id
        if is_poll and newest:
            moment = min(max(newest), run.started_at)
            if not account.order_watermark or moment > account.order_watermark:
                account.order_watermark = moment
        return None

    @api.model
    def _fetch_one(self, run, client, number):
        """Read one order by its number, and store it."""
        try:
            payload = client.get_order(number)
        except (OctopusNotFound, ValueError):  # ValueError: it is no number at all
            message = self.env._("Octopus has no order with the number %(number)s.", number=number)
        except OctopusValidationError as error:
            message = self.env._(
                "Octopus refuses the order number %(number)s. Check it, then fetch the order "
                "again. Octopus says: %(problem)s",
                number=number,
                problem=error,
            )
        else:
            self._store_page(run, [payload], is_news=True)
            return
        run.write({"total": run.total + 1, "done": run.done + 1, "failed": run.failed + 1})
        # Nothing is left to solve: most likely the number was mistyped.
        self.env["octopus.sync.issue"]._log_missing(run, self, number, message, severity="warning")

    @api.model
    def _store_page(self, run, page, *, is_news):
        """Store orders, each for itself, and commit; return when Octopus changed them."""
        orders, again = self.browse(), []
        for payload in page:
            try:
                orders |= self._store_one(run, payload, is_news=is_news)
            except CONCURRENCY_ERRORS:
                again.append(payload)
        run.total += len(page)
        run.done += len(page)
        run._checkpoint()
        # Somebody else, most likely a webhook, stored these at the same moment. Now that a new
        # transaction has begun, their order can be seen.
        for payload in again:
            orders |= self._store_one(run, payload, is_news=is_news)
            run._checkpoint()
        issues = self.env["octopus.sync.issue"]
        issues._fix_missing(run, self, orders.mapped("aggregator_order_no"))
        return [stamp for stamp in orders.mapped("octopus_updated_at") if stamp]

    @api.model
    def _store_one(self, run, payload, *, is_news):
        """Store one order, and return it.

        What is wrong with an order is recorded on the pass: it never holds up the others.
        """
        number = Order.ref_to_show(payload) or "?"
        try:
            with self.env.cr.savepoint():
                return self._ingest(run.account_id, payload, is_news=is_news)
        except CONCURRENCY_ERRORS:
            raise
        except InvalidOrder as error:
            message = self.env._(
                "Order %(number)s cannot be read: %(problem)s. Ask Octopus to correct it, then "
                "fetch it by its number.",
                number=number,
                problem=error,
            )
        except Exception:
            _logger.exception("Order %s could not be stored", number)
            message = self.env._(
                "Order %(number)s could not be stored; the server log says why. Fetch it by its "
                "number when the cause is removed.",
                number=number,
            )
        run.failed += 1
        self.env["octopus.sync.issue"]._log_missing(run, self, number, message)
        return self.browse()


def _next_place(place, link, newest):
    """Return the place of the next page.

    :param newest: the latest change of the orders read so far, or False
    :raise OctopusBadAnswer: the pages run in a circle. By Brent's algorithm: a link is compared
        with one that was met before, for ever longer, so that only one needs to be kept.
    """
    pages = place.get("pages", 0) + 1
    met = place.get("met")
    if link == met:
        raise OctopusBadAnswer(CIRCLE)
    return {
        "link": link,
        "pages": pages,
        "met": link if pages.bit_count() == 1 else met,
        "newest": newest and fields.Datetime.to_string(newest),
        "is_again": place.get("is_again", False),
    }


def fetch_requests_of(run):
    """Return what people wished a pass to ask for, beside the news."""
    asks = (run.cursor or {}).get("asks", [])
    return [ask for ask in asks if "updated_at_min" not in ask]
