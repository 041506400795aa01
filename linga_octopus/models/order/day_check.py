"""Compares a day's orders in Octopus with those in Odoo."""

import logging
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ...lib.channels import channel_name, pays_tax_itself
from ...lib.day_comparison import (
    OrderSide,
    count_open,
    differences,
    kind_of_difference,
    sums_by_channel,
)
from ...lib.octopus_api import (
    CIRCLE,
    PAGE_LIMIT,
    InvalidOrder,
    OctopusBadAnswer,
    OctopusError,
    Order,
)
from ...lib.octopus_api.call_streak import repeat_at_once
from ...lib.order_mapping import amounts
from ...lib.refunds import refunded_amount
from ...orm import CONCURRENCY_ERRORS
from ..mixins.notices import UNEXPECTED, Sentence
from .fetch import OrderStore

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

LISTED_LESS = Sentence(
    "listed_less",
    _lt(
        "Octopus counts %(expected)s orders of this day but lists %(listed)s. "
        "Compare again; when it stays, ask Octopus."
    ),
)
# What to do about a difference, by its kind.
TO_DO = {
    "missing": Sentence("check_missing", _lt("Press Import Missing Orders.")),
    "cancelled_there": Sentence(
        "check_cancelled_there",
        _lt("Press Import Missing Orders, or cancel the order here."),
    ),
    "cancelled_here": Sentence(
        "check_cancelled_here", _lt("Cancel the order in the channel as well.")
    ),
    "extra": Sentence("check_extra", _lt("Deleted in Octopus: ask the channel whether it counts.")),
    "parcels": Sentence(
        "check_parcels",
        _lt("Press Import Missing Orders; when it stays, compare the parcels with the channel."),
    ),
}
CHECK_CURRENCY = Sentence(
    "check_currency",
    _lt("Octopus states the total in %(currency)s: compare the order with the channel."),
)
IMPORT_OR_ASK = Sentence(
    "check_amounts", _lt("Press Import Missing Orders; when it stays, ask the channel.")
)
CHECK_UNREADABLE = Sentence("check_unreadable", _lt("%(problem)s. Ask Octopus to correct it."))

# Order numbers in one call, all of them in its address.
IDS_PER_CALL = 100


class DayCheck:
    """Compares one day of a store.

    :param order_check: record of `octopus.order.check`
    :param run: the sync run
    :param client: OctopusClient of the store
    """

    def __init__(self, order_check, run, client):
        self.order_check = order_check
        self.account = order_check.account_id
        self.run = run
        self.client = client
        self.env = order_check.env
        self.octopus = {}  # OrderSide by number
        self.odoo = {}  # OrderSide by number
        self.unreadable = []  # (payload, InvalidOrder)
        self.test_refs = set()  # of the orders that count on neither side

    def compare_or_fail(self):
        """Compare the day; when another try would fail in the same way, record why.

        :raise OctopusError: a later try may succeed
        """
        try:
            self.compare()
        except CONCURRENCY_ERRORS:
            raise
        except OctopusError as error:
            if error.retryable or error.needs_reconnect:
                raise
            self._fail(self.account._explain_error(error))
        except UserError as error:
            self._fail(error.args[0])
        # Any other failure must not stop the comparison of the other days.
        except Exception:
            _logger.exception("Order check %s failed", self.order_check.id)
            self._fail(UNEXPECTED(self.env))
        self.order_check.run_id = self.run

    def _fail(self, message):
        # The orders stored before were committed.
        self.env.cr.rollback()
        self.order_check.write({"state": "failed", "message": message, "is_fetching": False})

    def compare(self):
        """Read both sides, and store the differences."""
        start, end = self.order_check._period()
        period = {"created_at_min": start, "created_at_max": end}
        # The count comes first: an order that is placed meanwhile is no difference.
        expected = repeat_at_once(self.client.count_orders, **period)
        visited, link = set(), None
        while link not in visited:
            visited.add(link)
            page, link = repeat_at_once(
                self.client.get_orders_page, link, limit=PAGE_LIMIT, **period
            )
            self._read_page(page)
            if not link:
                break
        else:
            raise OctopusBadAnswer(CIRCLE, retryable=False)
        listed = len(self.octopus) + len(self.unreadable) + len(self.test_refs)
        self.odoo |= self._only_in_odoo(start)
        self._save_result(expected, listed)

    # === READING === #

    def _read_page(self, page):
        """Add the orders of a page, and those of the same numbers in Odoo, to the two sides; store
        those that are missing or differ first, if the user asked for that."""
        payloads = {}
        for payload in page:
            try:
                remote = Order.from_json(payload)
            except InvalidOrder as error:
                self.unreadable.append((payload, error))
                continue
            if remote.test:
                self.test_refs.add(remote.ref)
                continue
            payloads[remote.ref] = payload
            self.octopus[remote.ref] = self._octopus_side(remote)
        same_numbers = [("aggregator_order_no", "in", list(payloads))]
        found = self._odoo_sides(same_numbers)
        self._count_parcels(payloads, found)
        if self.order_check.is_fetching:
            to_store = [
                payload
                for number, payload in payloads.items()
                if kind_of_difference(self.octopus[number], found.get(number))
            ]
            if to_store:
                # Orders from before the store was connected do not change the stock.
                OrderStore(self.run).store_all(to_store, is_new=False)
                found = self._odoo_sides(same_numbers)
                self._count_parcels(payloads, found)
        self.odoo |= found

    def _count_parcels(self, payloads, found):
        """Add the pieces in parcels to both sides of orders that are in Odoo."""
        orders = self.env["octopus.order"].browse(side.order_id for side in found.values())
        for order, (number, side) in zip(orders, found.items(), strict=True):
            there, here = order._compare_parcels(Order.from_json(payloads[number]))
            self.octopus[number] = replace(self.octopus[number], fulfilled=there)
            found[number] = replace(side, fulfilled=here)

    def _octopus_side(self, remote):
        currencies = self.env["res.currency"]
        currency = remote.currency and currencies.search([("name", "=", remote.currency)], limit=1)
        currency = currency or self.account.company_id.currency_id
        if channel := self._channels.get(remote.source):
            # As the intake takes it: see `OrderLookUp`.
            decided = False if channel.pays_tax == "no" else None
            pays_tax = channel.is_tax_payer or decided
        else:
            pays_tax = pays_tax_itself(remote.source) or None
        digits = currency.decimal_places
        money = amounts(remote, digits, pays_tax=pays_tax)
        total = money["check_total"]
        is_tax_added = not (money["taxes_included"] or money["is_tax_paid_by_channel"])
        refunded = refunded_amount(remote, total, currency.name, digits, is_tax_added=is_tax_added)
        return OrderSide(
            number=remote.ref,
            third_party_number=remote.number,
            channel=self._channel_name(remote.source),
            customer=remote.customer.name,
            currency=currency.name,
            total=_rounded(total or 0, currency),
            is_cancelled=remote.is_cancelled,
            refunded=_rounded(refunded, currency),
        )

    def _channel_name(self, source):
        """Return what people call a channel; two that are called the same are counted together."""
        channel = self._channels.get(source)
        return channel.name if channel else channel_name(source)

    @cached_property
    def _channels(self):
        channels = self.account.with_context(active_test=False).channel_ids
        return channels.grouped("source")

    def _odoo_sides(self, domain):
        """Return the orders of the store in Odoo that match a domain, as OrderSide by number."""
        mine = [("account_id", "=", self.account.id), ("is_test", "=", False)]
        orders = self.env["octopus.order"].search([*mine, *domain])
        return {
            order.aggregator_order_no: OrderSide(
                number=order.aggregator_order_no,
                third_party_number=order.third_party_order_no,
                channel=order._channel_name(),
                customer=order.customer_name,
                currency=order.currency_id.name,
                total=_rounded(order.check_total, order.currency_id),
                is_cancelled=order.status == "cancelled",
                refunded=_rounded(order.amount_refunded, order.currency_id),
                order_id=order.id,
            )
            for order in orders
        }

    def _only_in_odoo(self, start):
        """Return the orders of the day, from a moment on, that Octopus does not have, as OrderSide
        by number.

        Octopus may count an order of the channel's day on another day: that is no difference.
        """
        here = self._odoo_sides(
            [("transaction_day", "=", self.order_check.day), ("transaction_time", ">=", start)]
        )
        numbers = [number for number in here if number not in self.odoo]
        elsewhere = set()
        for at in range(0, len(numbers), IDS_PER_CALL):
            ids = numbers[at : at + IDS_PER_CALL]
            elsewhere |= {str(payload.get("id")) for payload in self.client.iter_orders(ids=ids)}
        return {number: here[number] for number in numbers if number not in elsewhere}

    # === RESULT === #

    def _save_result(self, expected, listed):
        """Store the sums and the differences.

        :param int expected: how many orders Octopus counts
        :param int listed: how many it lists
        """
        order_check, env = self.order_check, self.env
        currencies = env["res.currency"].with_context(active_test=False).search([])
        currency_ids = {currency.name: currency.id for currency in currencies}
        found = [
            self._prepare_difference(kind, octopus, odoo, currency_ids)
            for kind, octopus, odoo in differences(self.octopus, self.odoo)
        ]
        found += [self.prepare_unreadable(*unreadable) for unreadable in self.unreadable]
        order_check.line_ids.unlink()
        order_check.difference_ids.unlink()
        env["octopus.order.check.line"].create(self._prepare_lines(currency_ids))
        env["octopus.order.check.difference"].create(found)
        message = False
        if listed < expected:
            message = LISTED_LESS(env, expected=expected, listed=listed)
        order_check.write(
            {
                "state": "differs" if found or message else "agrees",
                "message": message,
                "is_fetching": False,
                "compared_at": fields.Datetime.now(),
                "octopus_count": count_open(self.octopus),
                "odoo_count": count_open(self.odoo),
                "missing_count": sum(vals["kind"] == "missing" for vals in found),
                "difference_count": len(found),
            }
        )

    def _prepare_lines(self, currency_ids):
        return [
            {
                "order_check_id": self.order_check.id,
                "channel": channel,
                "currency_id": currency_ids[currency],
                "octopus_count": sums.octopus_count,
                "odoo_count": sums.odoo_count,
                "octopus_total": float(sums.octopus_total),
                "odoo_total": float(sums.odoo_total),
                "octopus_refunded": float(sums.octopus_refunded),
                "odoo_refunded": float(sums.odoo_refunded),
            }
            for (channel, currency), sums in sums_by_channel(self.octopus, self.odoo).items()
        ]

    def _prepare_difference(self, kind, octopus, odoo, currency_ids):
        side = odoo or octopus
        return {
            "order_check_id": self.order_check.id,
            "kind": kind,
            "aggregator_order_no": side.number,
            "third_party_order_no": side.third_party_number,
            "channel": side.channel,
            "customer_name": side.customer,
            "currency_id": currency_ids[side.currency],
            "octopus_total": float(octopus.total) if octopus else 0.0,
            "odoo_total": float(odoo.total) if odoo else 0.0,
            "octopus_refunded": float(octopus.refunded) if octopus else 0.0,
            "odoo_refunded": float(odoo.refunded) if odoo else 0.0,
            "octopus_fulfilled": float(octopus.fulfilled or 0) if octopus else 0.0,
            "odoo_fulfilled": float(odoo.fulfilled or 0) if odoo else 0.0,
            "order_id": odoo and odoo.order_id,
            "message": self._difference_message(kind, octopus, odoo),
        }

    def _difference_message(self, kind, octopus, odoo):
        """Return what to do about a difference."""
        if kind in TO_DO:
            return TO_DO[kind](self.env)
        if octopus.currency != odoo.currency:
            return CHECK_CURRENCY(self.env, currency=octopus.currency)
        return IMPORT_OR_ASK(self.env)

    def prepare_unreadable(self, payload, error):
        """Return the values of the difference of an order that cannot be read.

        :param payload: the order as Octopus sends it
        :param error: the InvalidOrder
        """
        return {
            "order_check_id": self.order_check.id,
            "kind": "unreadable",
            "aggregator_order_no": Order.ref_to_show(payload),
            "message": CHECK_UNREADABLE(self.env, problem=error),
        }


def _rounded(amount, currency):
    """Return an amount as a Decimal that is the same for equal amounts of the currency."""
    return Decimal(str(currency.round(float(amount))))
