"""Deliberate breaks of the product, each of which the simulation finds.

A break that nobody finds shows an invariant that looks away, or a story in which too little
happens. `breaks.json` has a seed for each.
"""

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from unittest.mock import patch

from odoo.addons.base.models.ir_model import IrModelAccess
from odoo.addons.linga_octopus.controllers import order_webhook
from odoo.addons.linga_octopus.lib.back_off import Wait
from odoo.addons.linga_octopus.models.account.octopus_account import OctopusAccount
from odoo.addons.linga_octopus.models.accounting import booking, ledger, order_reader
from odoo.addons.linga_octopus.models.accounting.account_move import AccountMove
from odoo.addons.linga_octopus.models.aftersale import octopus_order as aftersale
from odoo.addons.linga_octopus.models.catalog.batch import ProductBatch
from odoo.addons.linga_octopus.models.delivery import stock_picking
from odoo.addons.linga_octopus.models.delivery.stock_move import StockMove
from odoo.addons.linga_octopus.models.fulfillment.following import ParcelUpdate
from odoo.addons.linga_octopus.models.fulfillment.parcel_push import ParcelPush
from odoo.addons.linga_octopus.models.mixins import octopus_queue
from odoo.addons.linga_octopus.models.order import fetch, status_push, stock_deduction
from odoo.addons.linga_octopus.models.order.intake import OrderIntake, OrderUpdate
from odoo.addons.linga_octopus.models.stock.level_store import LevelStore
from odoo.addons.linga_octopus.models.stock.stock_quant import StockQuant

BREAKS = {}


@dataclass(frozen=True)
class Break:
    """A fault that the product does not have.

    :param open: function for the context in which the product has it
    :param invariant: which one finds it
    :param often: of the stories that are looked through, see `simulation.story.Story`
    """

    open: object
    invariant: str
    profile: str = "shop"
    hours: float = 0.2
    pace: float = 6
    often: dict = field(default_factory=dict)


def breaks(invariant, **story):
    """Register a function that patches the product as the break of its name."""

    def register(function):
        BREAKS[function.__name__] = Break(contextmanager(function), invariant, **story)
        return function

    return register


def _each(number, of):
    """Return whether a record is one of each so many: the same ones in each story."""
    return number % of == 0


# === QUEUES AND ORDERS === #


@breaks("Promptness")
def lost_wake_up():
    """A third of the new records wake nobody."""
    first_of_queues = octopus_queue._first_of_queues

    def forgetful(*arguments):
        first = first_of_queues(*arguments)
        return {queue: record for queue, record in first.items() if not _each(record, 3)}

    with patch.object(octopus_queue, "_first_of_queues", forgetful):
        yield


@breaks("Letters")
def text_messages():
    """The customers hear of a delivery as soon as their goods are deducted."""
    send = "_send_confirmation_email"
    with (
        patch.dict(stock_picking.NO_TEXT_MESSAGES, clear=True),
        patch.object(stock_picking.StockPicking, send, _method_below(send)),
    ):
        yield


def _method_below(name):
    """Return a method that is core's, as if the addon did not override it."""
    return lambda pickings: getattr(super(stock_picking.StockPicking, pickings), name)()


@breaks("OrdersOnce", often={"Lost": 8})
def lost_order():
    """The import of orders begins where it ended, and not ten minutes before."""

    def plan(run):
        run.cursor = {"requests": [], "position": 0}
        return 0

    with (
        patch.object(fetch, "plan", plan),
        patch.object(fetch.OrderFetch, "run_batch", lambda _fetch: False),
    ):
        yield


@breaks("OrdersOnce", often={"Twice": 8}, hours=0.1)
def order_taken_twice():
    """An order whose webhook comes again is taken for a new one."""
    store = OrderIntake.store

    def forgetful(intake, payload, *, raw=None, **options):
        order = payload.get("order", payload)
        if raw and _each(int(order["id"]), 2):
            order["id"] = f"0{order['id']}"
        return store(intake, payload, raw=raw, **options)

    with patch.object(OrderIntake, "store", forgetful):
        yield


@breaks("Amounts", often={"Late": 12})
def older_wins():
    """An update that comes late overwrites a newer one."""
    apply = OrderUpdate.apply

    def eager(update, known, raw=None, **options):
        update.order.octopus_updated_at = False
        return apply(update, known, raw, **options)

    with patch.object(OrderUpdate, "apply", eager):
        yield


@breaks("Statuses", often={"Cancels": 8, "LostAnswer": 3, "Calls": 3})
def lost_cancellation():
    """A call without an answer counts as done."""

    def optimistic(push, _error):
        push.order.write(status_push.synced_values(push.order))
        return True

    with patch.object(status_push.StatusPush, "_follow_failure", optimistic):
        yield


@breaks("Liveness", often={"Outage": 5})
def endless_wait():
    """The wait after a failure grows without a limit."""

    def patient(_error, attempts, **_options):
        return Wait(60 * 10**attempts, attempts + 1)

    with patch.object(status_push, "back_off", patient):
        yield


# === GOODS === #


@breaks("StockOnHand", often={"Cancels": 12})
def doubled_restock():
    """Whatever came back of a refund comes back again with a cancellation."""
    with patch.object(StockMove, "_octopus_returnable", lambda move: move.quantity):
        yield


@breaks("StockOnHand")
def goods_taken_twice():
    """Lines that were deducted are deducted again when an order is changed."""
    is_to_deliver = stock_deduction.is_to_deliver

    def greedy(line):
        before = line.is_deducted
        line._update_cache({"is_deducted": False}, validate=False)
        found = is_to_deliver(line)
        line._update_cache({"is_deducted": before}, validate=False)
        return found

    with patch.object(stock_deduction, "is_to_deliver", greedy):
        yield


@breaks("Warehouses", hours=0.1)
def wrong_warehouse():
    """Goods leave the warehouse of the store, whatever location an order names."""

    def default(order):
        return order.account_id.location_ids.filtered("is_default").warehouse_id

    with patch.object(stock_deduction, "_delivery_warehouse", default):
        yield


@breaks("Refunds", often={"Packer": 2})
def lost_refund():
    """Refunds of completed orders are not followed."""
    store_refunds = aftersale.store_refunds

    def forgetful(order, remote):
        if order.status != "completed":
            store_refunds(order, remote)

    with patch.object(aftersale, "store_refunds", forgetful):
        yield


# === STOCK AND CATALOG === #


@breaks("Levels")
def missed_count():
    """A change of stock is not noted, once in ten times."""
    log_change = StockQuant._octopus_log_change

    def forgetful(quants, **options):
        log_change(quants.filtered(lambda quant: not _each(int(quant.quantity), 10)), **options)

    with patch.object(StockQuant, "_octopus_log_change", forgetful):
        yield


@breaks("Levels", often={"LostAnswer": 3, "Calls": 3})
def stale_level():
    """What is sent is forgotten before it is answered."""
    save_sending = LevelStore.save_sending

    def hasty(store, rows):
        save_sending(store, rows)
        store.settle([row.id for row in rows])
        store.commit()

    with patch.object(LevelStore, "save_sending", hasty):
        yield


@breaks("Catalog", often={"Merchandiser": 4, "LostAnswer": 4, "Calls": 5})
def product_twice():
    """A product whose answer got lost is created again without a look."""
    with patch.object(
        ProductBatch, "unsure", lambda batch, **_options: batch.env["product.product"]
    ):
        yield


# === ALERTS, LOG, RIGHTS === #


@breaks("Causes", often={"Outage": 5})
def alert_without_cause():
    """The first failure of a call takes the credentials for refused, and nothing clears it."""
    explain = OctopusAccount._explain_error

    def nervous(account, error):
        if not error.needs_reconnect:
            account.sudo().write({"stock_attempts": 9, "stock_message": "Octopus is down."})
        return explain(account, error)

    with patch.object(OctopusAccount, "_explain_error", nervous):
        yield


@breaks("NoSecretInLog", hours=0.1)
def personal_data_in_the_log():
    """The log names the customer of an order that is updated."""
    apply = OrderUpdate.apply
    logger = logging.getLogger("odoo.addons.linga_octopus.models.order.intake")

    def talkative(update, *arguments, **options):
        logger.info("Update of the order of %s", update.order.customer_name)
        return apply(update, *arguments, **options)

    with patch.object(OrderUpdate, "apply", talkative):
        yield


@breaks("NoSecretInLog", hours=0.1)
def secret_in_the_log():
    """The log has the address of a webhook."""
    of_webhook = OctopusAccount._of_webhook
    logger = logging.getLogger(order_webhook.__name__)

    def talkative(accounts, token):
        logger.info("Webhook %s", token)
        return of_webhook(accounts, token)

    with patch.object(OctopusAccount, "_of_webhook", talkative):
        yield


@breaks("NoErrorInLog", hours=0.1)
def error_in_the_log():
    """A worker fails at lines of three pieces."""
    prepare_move = stock_deduction._prepare_move

    def clumsy(line, pieces):
        return prepare_move(line, pieces / bool(pieces % 3))

    with patch.object(stock_deduction, "_prepare_move", clumsy):
        yield


@breaks("Rights", often={"Stranger": 20}, hours=0.1)
def rights_leak():
    """Everybody may read what online sales have booked."""
    check = IrModelAccess.check

    def generous(access, model, mode="read", raise_exception=True):
        if model.startswith("octopus.booking") and mode == "read":
            return True
        return check(access, model, mode, raise_exception)

    with patch.object(IrModelAccess, "check", generous):
        yield


# === PARCELS AND BOOKS === #


@breaks("Parcels", often={"Shipper": 3, "LostAnswer": 4, "Calls": 4})
def parcel_twice():
    """A parcel whose answer got lost is told again without a look."""
    with patch.object(ParcelPush, "_look_up", lambda _push: False):
        yield


@breaks("Parcels", often={"ChannelPacker": 5})
def cancelled_parcel_stays():
    """A parcel that the channel cancels stays out."""
    update = ParcelUpdate._update

    def deaf(follower, known, stated):
        return update(follower, known, replace(stated, is_dead=known.is_dead))

    with patch.object(ParcelUpdate, "_update", deaf):
        yield


@breaks("Books", often={"Accountant": 4})
def missed_correction():
    """What changes of a booked order is not booked."""
    to_book = ledger.to_book

    def forgetful(due, booked, today):
        return [(it, version) for it, version in to_book(due, booked, today) if version == 1]

    with patch.object(ledger, "to_book", forgetful):
        yield


@breaks("Books", often={"Accountant": 4})
def booked_twice():
    """A day books all of its lines again when something is added."""
    open_lines = booking.DayBooking._open_lines

    def greedy(self):
        rows = open_lines(self)
        if rows:
            self.env.cr.execute(
                """SELECT id, order_id, key, version, total, currency_rate, gateway, parts, issue
                     FROM octopus_ledger_line WHERE day_id = %s""",
                [self.day.id],
            )
            rows = self.env.cr.dictfetchall()
        return rows

    with patch.object(booking.DayBooking, "_open_lines", greedy):
        yield


@breaks("Books", often={"Accountant": 4})
def entry_changed():
    """Whoever may post entries may take back what online sales have booked."""
    with patch.object(AccountMove, "_octopus_check_untouched", lambda _moves: None):
        yield


@breaks("Books", often={"Accountant": 4, "Packer": 2})
def unexplained_change():
    """The money of pieces that were taken off after their goods had left is not explained."""
    with patch.object(order_reader, "changed_pieces", lambda _order: ()):
        yield


@breaks("Clearing", often={"Accountant": 8})
def invoiced_and_booked():
    """An order that is invoiced stays in the entry of its day."""

    def stubborn(it, order, money):
        return None, it.reader.due_without_invoice(order, money)

    with patch.object(ledger.Ledger, "_due", stubborn):
        yield
