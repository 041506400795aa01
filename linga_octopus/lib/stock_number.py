"""The number that Octopus gets for a product at a location, and why two numbers differ.

Quantities are floats in the product's unit, as Odoo stores them; numbers for Octopus are integers.
"""

from math import floor
from typing import NamedTuple

# Binary fractions are not exact: 3 - 2.9 is 0.10000000000000009, and 4.1 - 0.1 is just below 4.
PRECISION_DIGITS = 6


class StoreRules(NamedTuple):
    """The rules of a store for all its products."""

    basis: str  # "free", "on_hand" or "forecast"
    buffer: float  # pieces that are not offered
    cap: int  # the highest number to send; 0: no limit


class StockRow(NamedTuple):
    """A product as the database has it: its quantities in one warehouse, and its own rules."""

    product_id: int
    is_stored: bool  # Odoo counts it
    on_hand: float
    reserved: float
    expired: float  # past the removal date and not reserved
    is_sold: bool  # offered for sale at all
    has_own_buffer: bool
    own_buffer: float | None
    own_cap: int | None  # 0 or None: the cap of the store counts
    sold_out_at: int | None  # so many or fewer are shown as none
    factor: float  # pieces that Octopus sells as one


class Quantities(NamedTuple):
    """The quantities of a product in one warehouse."""

    on_hand: float
    reserved: float
    expired: float
    available: float  # according to the basis of the store


class StockFigures(NamedTuple):
    """The parts of the number that Octopus gets."""

    on_hand: float
    reserved: float
    expired: float
    available: float
    buffer: float
    cap: int
    is_sold: bool
    sold_out_at: int
    factor: float

    @property
    def number(self):
        """The number to send."""
        available = (self.available - self.buffer) / self.factor
        return stock_number(available, self.cap, self.is_sold, self.sold_out_at)


def stock_number(available, cap, is_sold, sold_out_at=0):
    """Return the number to send: whole units, never below zero, at most `cap` unless that is 0, and
    none where there are no more than `sold_out_at`."""
    number = floor(round(available, PRECISION_DIGITS))
    if not is_sold or number <= sold_out_at:
        return 0
    return min(number, cap) if cap else number


# === FIGURES === #


def stock_figures(row, rules, *, category_buffer=None, computed=None):
    """Return the StockFigures of a product, or None if it is not kept in stock.

    :param StockRow row: the product
    :param StoreRules rules: the rules of the store
    :param category_buffer: the buffer of its categories; None if they have none
    :param Quantities computed: what Odoo computed where a sum does not tell: for a forecast, and
        for kits
    """
    quantities = computed
    if quantities is None:
        if not row.is_stored:
            return None
        quantities = summed_quantities(row, rules.basis)
    if row.has_own_buffer:
        buffer = row.own_buffer
    else:
        buffer = rules.buffer if category_buffer is None else category_buffer
    cap = row.own_cap or rules.cap
    sold_out_at = row.sold_out_at or 0
    return StockFigures(*quantities, buffer or 0.0, cap, row.is_sold, sold_out_at, row.factor)


def summed_quantities(row, basis):
    """Return the Quantities of a product for the basis "free" or "on_hand"."""
    available = row.on_hand
    if basis == "free":
        available -= row.reserved + row.expired
    return Quantities(row.on_hand, row.reserved, row.expired, available)


def computed_quantities(on_hand, free, forecast, *, expired, basis):
    """Return the Quantities of a product from what Odoo computes.

    :param float expired: past the removal date; 0 for a kit, which has no stock of its own
    """
    available = {"free": free, "on_hand": on_hand, "forecast": forecast}[basis]
    return Quantities(on_hand, on_hand - free - expired, expired, available)


# === BUFFERS OF CATEGORIES === #


def nearest_buffers(parents, own):
    """Return the buffer by category: its own, otherwise that of the nearest parent with one.

    :param dict parents: the parent by category; None or missing at the top
    :param dict own: the buffer by category, only of those with a buffer of their own
    """
    buffers = {}
    for category in parents:
        nearest = category
        while nearest and nearest not in own:
            nearest = parents.get(nearest)
        if nearest:
            buffers[category] = own[nearest]
    return buffers


def highest_buffers(memberships, buffers):
    """Return the buffer by product: of several categories the most careful one counts.

    :param memberships: pairs of a product and one of its categories
    :param dict buffers: the buffer by category
    """
    result = {}
    for product, category in memberships:
        if category in buffers:
            result[product] = max(buffers[category], result.get(product, 0.0))
    return result


# === KITS === #


def kits_made_of(touched, find_kits):
    """Return the kits that are made of touched products, also through other kits.

    :param set touched: pairs of a product and a warehouse
    :param find_kits: returns pairs of a component and a kit for a list of components
    :return: pairs of a kit and a warehouse
    """
    kits = set()
    pending = touched
    while pending:
        warehouses = {}
        for product, warehouse in pending:
            warehouses.setdefault(product, set()).add(warehouse)
        pending = {
            (kit, warehouse)
            for component, kit in find_kits(list(warehouses))
            for warehouse in warehouses[component]
        } - kits
        kits |= pending
    return kits


# === DIFFERENCES === #


def difference_reason(number, remote, pushed, *, is_waiting, is_refused):
    """Return why Octopus has another number than Odoo, as far as the three numbers tell.

    :param int number: the number to send now
    :param remote: the number in Octopus; None: Octopus does not list the level
    :param pushed: the number that Octopus accepted last; None: none yet
    :param bool is_waiting: a change of it is still to be sent
    :param bool is_refused: Octopus refused it last time
    """
    if is_waiting:
        return "waiting"
    if is_refused:
        return "refused"
    if pushed is None:
        return "never"
    if remote is None:
        return "unlisted"
    if pushed == number:
        return "there"
    return "here" if pushed == remote else "both"


def difference_state(reason, *, is_dry_run, is_corrected):
    """Return the state of a new difference.

    :param bool is_dry_run: the check only shows what a first sync would change
    :param bool is_corrected: the check has Odoo's numbers sent again
    """
    if is_dry_run:
        return "preview"
    return "sent" if is_corrected or reason == "waiting" else "open"
