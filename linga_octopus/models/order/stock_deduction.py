import logging

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import ALERT_CRON, ALERT_PAUSE, DEDUCT_CRON
from ...lib.order_goods import GOODS, NOT_GOODS, PARENT, SERVICE
from ...orm import CONCURRENCY_ERRORS, format_quantity, lock_rows
from ..catalog.kits import pieces_of
from .customers import link_contacts
from .notices import NoticeError
from .restocking import keeps_goods_out, restock_cancelled

_logger = logging.getLogger(__name__)

# Measured: with more orders at once each is hardly faster, and the locks of popular products are
# held longer.
DEDUCT_BATCH = 25
# Tries of a batch while other transactions change the same stock, with fewer orders each time.
MAX_TRIES = 8
# The values that a move has from its transfer.
OF_TRANSFER = (
    *("location_id", "location_dest_id", "picking_type_id"),
    *("partner_id", "origin", "company_id"),
)
WAITING = ["|", ("stock_state", "=", "waiting"), ("is_return_due", "=", True)]


class StockDeduction:
    """The worker that takes the goods of orders from the stock, one done delivery an order, and
    returns what the channel has cancelled or refunded.

    :param orders: any recordset of `octopus.order`, in the environment of the worker
    """

    def __init__(self, orders):
        self.orders = orders
        self.env = orders.env

    def run(self):
        """Work off all waiting orders, a batch and a transaction at a time."""
        tries, size = 0, DEDUCT_BATCH
        while tries < MAX_TRIES:
            try:
                batch = self._next_batch(size)
                if batch:
                    self._work_off(batch)
                elif not self.orders._is_record_waiting(DEDUCT_CRON):
                    return
            except CONCURRENCY_ERRORS:
                # Another transaction changed one of the orders or the same stock. A new
                # transaction sees it; fewer orders are done sooner, and meet fewer others.
                self.env.cr.rollback()
                tries, size = tries + 1, max(size // 3, 1)
                continue
            tries, size = (0, min(2 * size, DEDUCT_BATCH)) if batch else (tries + 1, size)
            remaining = self.orders.search_count(WAITING)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining):
                break
        # The time is over, or the points of sale are busy, which is no failure of the worker.
        self.orders._come_back(DEDUCT_CRON)

    def _work_off(self, orders):
        self._move_or_block(orders)
        if stores := orders.filtered("is_alert_due").account_id:
            # After a message, the orders of a rush wait for the next one.
            now = fields.Datetime.now()
            latest = [store.order_alert_at or now - ALERT_PAUSE for store in stores]
            self.env.ref(ALERT_CRON).sudo()._trigger(max(min(latest) + ALERT_PAUSE, now))

    def _next_batch(self, size):
        """Lock and return the next orders; those that another transaction changes come later, and
        hold up nobody."""
        self.orders.flush_model()
        query = SQL(
            "SELECT id FROM %s WHERE %s ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            SQL.identifier(self.orders._table),
            SQL(self.orders._queues[DEDUCT_CRON]),
            size,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return self.orders.browse(order_id for (order_id,) in self.env.cr.fetchall())

    def _move_or_block(self, orders):
        """Move the goods of these orders at once. When that fails, do it one by one and block the
        orders that fail, so that a bad order does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._move_goods(orders)
        except CONCURRENCY_ERRORS:
            raise
        # Whatever the error is, it belongs on the order that it is about.
        except Exception as error:  # noqa: BLE001
            if len(orders) == 1:
                self._block(orders, error)
                return
            _logger.info("Online orders %s are deducted one by one: %s", orders.ids, error)
            for order in orders:
                self._move_or_block(order)

    def _block(self, order, error):
        """Write on the order why its goods could not be moved."""
        if isinstance(error, NoticeError):
            reason = error.notice
        elif isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.error("Stock of online order %s not deducted", order.id, exc_info=error)
            reason = ["unexpected", {}]
        issue = ["not_returned" if order.is_return_due else "not_deducted", {"reason": reason}]
        order.write({"stock_state": "blocked", "stock_issue": issue, "is_return_due": False})

    def _move_goods(self, orders):
        """Deduct what is not deducted yet, below zero if need be, and restock what the channel has
        cancelled or refunded.

        :raise UserError: the goods of one of these orders cannot be moved
        """
        for company, of_company in orders.grouped("company_id").items():
            of_company = of_company.with_company(company).with_context(
                tracking_disable=True, lang=company.partner_id.lang
            )
            cancelled = of_company.filtered(lambda order: order.status == "cancelled")
            others = of_company - cancelled
            waiting = others.filtered(lambda order: order.stock_state == "waiting")
            self._deduct(waiting | cancelled.filtered(keeps_goods_out))
            # Their goods were handed over: only what the channel says to be back is returned.
            handed_over = cancelled.filtered("is_return_open")
            handed_over.stock_state = "deducted"
            if of_company.refund_ids or any(of_company.mapped("is_return_due")):
                of_company._restock_refunds()
            if cancelled:
                restock_cancelled(cancelled - handed_over, is_by_channel=True)
            of_company.filtered("is_return_due").is_return_due = False

    # === DEDUCTING === #

    def _deduct(self, orders):
        link_contacts(orders)
        sort_out_sets(orders)
        chosen = orders.line_ids.filtered(lambda line: line.alias_id and not line.is_deducted)
        # The latest orders took what is missing. What other transactions took is theirs.
        moves = self._deliver(orders).filtered(lambda move: move.product_id.is_storable)
        goods = [
            ("product_id", "in", moves.product_id.ids),
            ("location_id", "in", moves.location_id.ids),
        ]
        missing = {
            (location, product): -quantity
            for location, product, quantity in orders.env["stock.quant"]._read_group(
                goods,
                ["location_id", "product_id"],
                ["quantity:sum"],
                having=[("quantity:sum", "<", 0)],
            )
        }
        for move in moves.sorted(lambda move: move.picking_id.octopus_order_id.id, reverse=True):
            unit, key = move.product_id.uom_id, (move.location_id, move.product_id)
            if unit.compare(missing.get(key, 0), 0) > 0:
                move.picking_id.octopus_order_id.is_oversold = True
                missing[key] -= move.product_uom._compute_quantity(move.quantity, unit)
        for (alias, source), lines in chosen.grouped(
            lambda line: (line.alias_id, line.order_id.third_party_name)
        ).items():
            alias._count_uses(source, len(lines))
        now = fields.Datetime.now()
        for order in orders:
            is_unknown = any(order.line_ids.mapped("is_quantity_unknown"))
            if order.needs_mapping or is_unknown or any(order.line_ids.mapped("is_set_unclear")):
                state = "partial"
            elif any(order.line_ids.mapped("is_deducted")):
                state = "deducted"
            else:
                state = "none"
            order.write({"stock_state": state, "stock_issue": False, "deducted_at": now})

    def _deliver(self, orders):
        """Create the deliveries of these orders, finish them, and return their moves."""
        env = orders.env  # in the company of the orders, without tracking
        delivered = env["stock.move"]
        lines = orders.line_ids.filtered(is_to_deliver)
        for group in _delivery_groups(lines):
            moves = [
                ((line.order_id, warehouse), _prepare_move(line, pieces))
                for line in group
                for warehouse, pieces in _pieces_by_warehouse(line).items()
            ]
            places = {place: None for place, _vals in moves}
            deliveries = {place: _prepare_delivery(*place) for place in places}
            pickings = env["stock.picking"].create(list(deliveries.values()))
            ids = dict(zip(deliveries, pickings.ids, strict=True))
            for place, vals in moves:
                of_transfer = {name: deliveries[place][name] for name in OF_TRANSFER}
                vals.update(of_transfer, picking_id=ids[place])
            # Apart from the transfers: core would write the moves in each transfer once more.
            env["stock.move"].create([vals for _place, vals in moves])
            if taken := pickings._octopus_finish():
                _flag_taken(taken)
            delivered |= pickings.move_ids
        # A product that was a service may be goods by now.
        lines.filtered(lambda line: line.kind == SERVICE).kind = GOODS
        lines.is_deducted = True
        return delivered


def resume_deduction(orders):
    """Have the lines deducted whose product is known now; `orders` is sudoed."""
    lock_rows(orders)
    for order in orders:
        order.needs_mapping = any(order.line_ids.mapped("needs_mapping"))
        if order.status != "cancelled" and _has_more_to_deduct(order):
            order.stock_state = "waiting"
    orders._wake_worker(DEDUCT_CRON)


def _has_more_to_deduct(order):
    """Return whether the worker has left a line that can be deducted now: one without a product,
    or one that was taken for a service."""
    if order.stock_state in ("deducted", "none"):
        # Goods of an order from before the store are never deducted.
        return bool(order.deducted_at) and any(map(is_to_deliver, order.line_ids))
    return order.stock_state == "partial"


def is_to_deliver(line):
    """Return whether a line is about goods that are still to be deducted.

    Services are not moved. Goods whose quantity is not tracked are, as in Point of Sale: the
    delivery shows what was sold.
    """
    return (
        line.product_id.type == "consu"
        and line.kind not in (NOT_GOODS, PARENT)
        and not (line.is_deducted or line.is_set_unclear)
        and line.quantity > line.quantity_elsewhere
    )


def sort_out_sets(orders):
    """Sort out kits and combos whose pieces may stand on the same order.

    Where the prices say that the pieces are the goods, the kit or combo is a bundle. Otherwise a
    person decides: until then its goods stay.
    """
    lines = orders.line_ids.filtered(
        lambda line: line.kind == GOODS and not (line.is_deducted or line.is_set_decided)
    )
    lines.filtered(lambda line: line.product_id.type == "service").kind = SERVICE
    sets = lines.filtered(lambda line: line.product_id.type == "combo")
    if "is_kits" in lines.product_id._fields:
        sets |= lines.filtered("product_id.is_kits")
    for line in sets:
        parts = [of_piece for of_piece, _quantity in lines_of_pieces(line)]
        is_listed = bool(parts) and all(parts)
        is_priced = {bool(line.price_unit)}
        if is_listed and is_priced.isdisjoint({bool(p.price_unit) for part in parts for p in part}):
            line.kind = PARENT
        else:
            line.is_set_unclear = is_listed or line.product_id.type == "combo"


def lines_of_pieces(line):
    """Return for each piece of a kit or combo the other lines of the order that may have it, and
    how many of it are in one of this line."""
    others = (line.order_id.line_ids - line).sorted("id")
    return [
        (
            others.filtered(lambda other, choice=choice: other.product_id in choice),
            line._pieces(quantity),
        )
        for choice, quantity in pieces_of(line.product_id, line.company_id)
    ]


def _delivery_groups(lines):
    """Return lines in groups that are delivered together.

    Orders with goods valued first in, first out go one by one: the cost of these goods depends on
    what the order before took.
    """
    in_turn = lines.filtered(lambda line: line.product_id.cost_method == "fifo").order_id
    together = lines.filtered(lambda line: line.order_id not in in_turn)
    turns = (lines - together).grouped("order_id").values()
    return [group for group in (together, *turns) if group]


def _pieces_by_warehouse(line):
    """Return {warehouse: pieces} of a line, each from where its fulfillment leaves."""
    order, pieces = line.order_id, {}
    left = line.quantity - line.quantity_elsewhere
    locations = line.env["octopus.location"]
    for location_id, quantity in (line.places or {}).items():
        warehouse = locations.browse(int(location_id)).exists().warehouse_id
        if warehouse:
            pieces[warehouse] = pieces.get(warehouse, 0) + quantity
            left -= quantity
    if line.product_id.uom_id.compare(left, 0) > 0:
        warehouse = _delivery_warehouse(order)
        pieces[warehouse] = pieces.get(warehouse, 0) + left
    return pieces


def _prepare_move(line, pieces):
    """Return the values of the move that delivers pieces of a line, all but OF_TRANSFER."""
    return {
        "octopus_order_line_id": line.id,
        "product_id": line.product_id.id,
        "product_uom": line.product_id.uom_id.id,
        "product_uom_qty": line._pieces(pieces) if line.uom_id else pieces,
        "picked": True,
    }


def _prepare_delivery(order, warehouse):
    picking_type = warehouse._octopus_order_type()
    return {
        "octopus_order_id": order.id,
        "picking_type_id": picking_type.id,
        "partner_id": order.partner_id.id,
        "company_id": order.company_id.id,
        "location_id": picking_type.default_location_src_id.id,
        "location_dest_id": picking_type.default_location_dest_id.id,
        "origin": order.display_name,
    }


def _delivery_warehouse(order):
    """Return the warehouse that the goods leave; it may have been mapped after the order came.

    :raise UserError: there is none
    """
    if not order.warehouse_id:
        order.warehouse_id = (
            order.location_id.warehouse_id
            or order.account_id.location_ids.filtered("is_default").warehouse_id
            or order.warehouse_id.search([("company_id", "=", order.company_id.id)], limit=1)
        )
    if not order.warehouse_id:
        raise NoticeError(order.env, "no_warehouse", store=order.account_id.name)
    return order.warehouse_id


def _flag_taken(taken):
    """Say on each order which goods it took that were reserved for others.

    :param dict taken: see `stock.picking._octopus_finish`
    """
    for (move, other), quantity in taken.items():
        order = move.picking_id.octopus_order_id
        order._flag(
            "reserved",
            quantity=format_quantity(order.env, quantity),
            product=other.product_id.display_name,
            document=other._octopus_document().name or other.reference,
        )
