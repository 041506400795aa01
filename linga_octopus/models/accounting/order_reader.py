"""Reads orders as the books need them, from their records and their payloads."""

from decimal import Decimal
from functools import partial

from odoo.tools import SQL

from ...lib.ledger import Event, Order, Part, Posting, postings
from ...lib.ledger_parts import (
    GivenBack,
    SoldItem,
    SoldOrder,
    StatedTax,
    refund_parts,
    sale_parts,
)
from ...lib.moments import day_of, shop_zone
from ...lib.octopus_api import InvalidOrder, loads
from ...lib.octopus_api.order_buyer import OrderBuyer
from ...lib.octopus_api.order_money import OrderMoney
from ...lib.order_goods import GIFT_CARD
from ...lib.order_mapping import rounded
from ...lib.payment import REFUNDED, UNPAID, VOIDED, payment_problem
from ...orm import insert_query
from ..aftersale.changes import changed_pieces

# What a state of payment means for the books; see `lib/ledger.PAID`.
FINANCIAL_STATUS = {None: "paid", REFUNDED: "refunded", UNPAID: "pending", VOIDED: "voided"}
PARTLY_REFUNDED = "partially_refunded"
# 0.1 % of an order may be a rounding.
SHARE_OF_TOTAL = Decimal("0.001")
COST = "cost:"


def exact(number):
    """Return the Decimal that a float of a field stands for."""
    return Decimal(str(number or 0))


class OrderReader:
    """What the orders of a store should have booked.

    :param account: sudoed record of `octopus.account`
    :param maps: dict of `octopus.booking.map` by channel
    """

    def __init__(self, account, maps):
        self.env = account.env
        self.maps = maps
        self.day_of = partial(day_of, zone=shop_zone(account))
        self.buyers = {}  # OrderBuyer by order id, of the payloads that were read

    # === WHAT THE CHANNEL STATES === #

    def read_payloads(self, orders):
        """Keep what the payloads say of taxes, before these are pruned, and read their buyers.

        :return: {order id: paid with gift cards} of the orders that have a payload
        """
        query = SQL(
            "SELECT id, payload FROM octopus_order WHERE id IN %s AND payload IS NOT NULL",
            orders._ids or (None,),
        )
        found, new = {}, []
        stale = self.env["octopus.order.tax"].browse()
        for order_id, payload in self.env.execute_query(query):
            order = orders.browse(order_id).with_prefetch(orders.ids)
            try:
                data = loads(payload)
                money = OrderMoney.from_json(data)
                self.buyers[order_id] = OrderBuyer.from_json(data)
            except (ValueError, InvalidOrder):
                continue
            found[order_id] = money
            vals_list = self._taxes_of(order, money)
            if vals_list != [_tax_values(tax) for tax in order.tax_ids]:
                stale |= order.tax_ids
                new += vals_list
        stale.unlink()
        if new:
            self.env.cr.execute(SQL("%s", insert_query(self.env["octopus.order.tax"], new)))
        if new or stale:
            orders.invalidate_recordset(["tax_ids"])
        return found

    def _taxes_of(self, order, money):
        digits = order.currency_id.decimal_places
        lines = order.line_ids.sorted("id")
        by_ref = {line.octopus_ref: line for line in lines if line.octopus_ref}
        found = []
        for position, stated in enumerate(money.lines):
            by_place = lines[position] if position < len(lines) else lines.browse()
            line = by_ref.get(stated.ref) or by_place
            found += [(line.id or False, tax) for tax in stated.taxes if line]
        found += [(False, tax) for tax in money.shipping_taxes]
        return [
            {
                "order_id": order.id,
                "company_id": order.company_id.id,
                "line_id": line_id,
                "title": tax.title,
                "rate": float(tax.rate),
                "amount": float(rounded(tax.amount, digits)),
            }
            for line_id, tax in found
        ]

    # === WHAT SHOULD BE BOOKED === #

    def due(self, order, money=None):
        """Return what an order should have booked: postings by key.

        :param OrderMoney money: what its payload says, when it is there
        :raise NotBookable: the order cannot be booked as it is
        """
        return {} if order.invoice_id else self.due_without_invoice(order, money)

    def due_without_invoice(self, order, money=None):
        """Return what an order should have booked if it had no invoice: see `due`."""
        booking_map = self.maps[order.channel_id]
        sold = self._sold(order, money)
        parts = sale_parts(sold)
        tolerance = self._tolerance(booking_map, order)
        return postings(
            self._order(order, sold, parts, tolerance),
            self._day_of(order),
            rule=booking_map.sale_rule,
            tolerance=tolerance,
        )

    def _day_of(self, order):
        """Return the function for the date of a moment. The day of the order itself is the one that
        the order has kept, whatever zone the shop has been given since."""
        kept = {order.transaction_time: order.transaction_day}
        return lambda moment: kept.get(moment) or self.day_of(moment)

    def _tolerance(self, booking_map, order):
        """Return the tolerance in the currency of the order."""
        fixed = exact(booking_map.tolerance) * (exact(order.currency_rate) or 1)
        return max(fixed, exact(order.check_total) * SHARE_OF_TOTAL)

    def _order(self, order, sold, parts, tolerance):
        """Return the order as `lib/ledger` reads it."""
        is_unknown = "check_total" in (order.unknown_amounts or "")
        return Order(
            total=None if is_unknown else exact(order.check_total) - sold.gift_card,
            parts={Part(*part): amount for part, amount in parts.items()},
            ordered_at=order.transaction_time,
            financial_status=financial_status(order),
            paid_at=order.paid_at or None,
            completed_at=order.closed_at if order.status == "completed" else None,
            cancelled_at=(order.closed_at or order.write_date)
            if order.status == "cancelled"
            else None,
            is_test=order.is_test,
            refunds=tuple(self._event(refund, sold, tolerance) for refund in order.refund_ids),
        )

    def _sold(self, order, money):
        digits = order.currency_id.decimal_places
        taxes = order.tax_ids.grouped("line_id")
        lines = order.line_ids.sorted("id")
        items = [_item(line, taxes.get(line), digits) for line in lines]
        # The money is the channel's at once, whatever a person decides about the goods.
        for line, pieces, price in changed_pieces(order):
            amount = rounded(exact(pieces) * exact(price), digits)
            if line:
                items[lines.ids.index(line.id)].gross += amount
            else:
                items.append(SoldItem("goods", amount))
        if money:
            _follow_prices(items, lines, money, exact(order.amount_subtotal), digits)
        _explain_cents(items, exact(order.amount_subtotal), digits)
        on_shipping = taxes.get(self.env["octopus.order.line"].browse())
        if order.amount_shipping or on_shipping:
            discount = rounded(money.shipping_discount, digits) if money else Decimal(0)
            shipping = SoldItem("shipping", exact(order.amount_shipping), "", discount)
            shipping.taxes = _stated(on_shipping)
            items.append(shipping)
        gift_card = money.gift_card if money else exact(order.gift_card_paid)
        return SoldOrder(
            items=items or [SoldItem("goods", Decimal(0))],
            discount=exact(order.amount_discount),
            tax=exact(order.amount_tax),
            tip=exact(order.amount_tip),
            gift_card=rounded(gift_card, digits),
            is_tax_included=order.taxes_included,
            is_tax_paid_by_channel=order.is_tax_paid_by_channel,
            digits=digits,
        )

    def _event(self, refund, sold, tolerance):
        places = {line.id: at for at, line in enumerate(refund.order_id.line_ids.sorted("id"))}
        given = GivenBack(
            amount=exact(refund.amount),
            tax=exact(refund.amount_tax),
            shipping=exact(refund.amount_shipping),
            tip=exact(refund.amount_tip),
            lines=tuple(
                (places.get(line.order_line_id.id), exact(line.amount), exact(line.amount_tax))
                for line in refund.line_ids
                if line.amount or line.amount_tax
            ),
        )
        parts = refund_parts(sold, given, tolerance)
        parts = {Part(*part): amount for part, amount in parts.items()}
        return Event(refund.octopus_ref, refund.refunded_at, parts, given.amount)

    # === COST OF GOODS === #

    def costs(self, order):
        """Return postings of the cost of goods of an order: one of each move, by its own value.

        Only goods with real-time valuation have any; Odoo values the others at its closing.
        """
        found = {}
        for move in order.line_ids.move_ids.filtered(lambda move: move.state == "done"):
            if not move.value or not (move.is_in or move.is_out):
                continue
            product = move.product_id.with_company(move.company_id)
            if product.valuation != "real_time":
                continue
            value = exact(move.company_id.currency_id.round(move.value))
            part = Part("cost", str(product.id))
            key = f"{COST}{move.id}"
            amount = value if move.is_out else -value
            found[key] = Posting(key, self.day_of(move.date), Decimal(0), {part: amount})
        return found


def financial_status(order):
    """Return the state of payment as `lib/ledger` knows it."""
    problem = payment_problem(order.financial_status)
    if problem is None and "refund" in (order.financial_status or ""):
        return PARTLY_REFUNDED
    return FINANCIAL_STATUS[problem]


def _tax_values(tax):
    return {
        "order_id": tax.order_id.id,
        "company_id": tax.company_id.id,
        "line_id": tax.line_id.id,
        "title": tax.title or "",
        "rate": tax.rate,
        "amount": tax.amount,
    }


def _item(line, taxes, digits):
    kind = "gift_card_sold" if line.kind == GIFT_CARD else "goods"
    # The subtotal is of the exact price; the unit price is rounded.
    gross = rounded(exact(line.subtotal) + exact(line.discount), digits)
    key = str(line.product_id.id) if kind == "goods" and line.product_id else ""
    item = SoldItem(kind, gross, key, exact(line.discount), _stated(taxes))
    if not item.taxes and line.tax:
        item.taxes = [StatedTax("", Decimal(0), exact(line.tax))]
    return item


def _follow_prices(items, lines, money, subtotal, digits):
    """Give lines whose price the channel has changed their new one, when that explains the subtotal
    of the order.

    :param OrderMoney money: what the payload says now
    """
    gap = subtotal - sum(item.gross for item in items)
    stated = {line.ref: line.gross for line in money.lines if line.ref and line.gross is not None}
    changes = {
        at: rounded(stated[line.octopus_ref], digits) - items[at].gross
        for at, line in enumerate(lines)
        if line.octopus_ref in stated
    }
    if gap and abs(gap - sum(changes.values())) <= Decimal(len(items)).scaleb(-digits):
        for at, change in changes.items():
            items[at].gross += change


def _explain_cents(items, subtotal, digits):
    """Give the cents that rounding each line leaves of the goods to the largest one."""
    gap = subtotal - sum(item.gross for item in items)
    if items and abs(gap) <= Decimal(len(items)).scaleb(-digits):
        max(items, key=lambda item: item.gross).gross += gap


def _stated(taxes):
    return [StatedTax(tax.title or "", exact(tax.rate), exact(tax.amount)) for tax in taxes or ()]
