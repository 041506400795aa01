from datetime import timezone

from psycopg2.errors import UniqueViolation
from psycopg2.extras import Json

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...const import DEDUCT_CRON
from ...lib.fingerprint import fingerprint
from ...lib.moments import naive_utc, shop_zone
from ...lib.octopus_api import Order, dumps
from ...lib.octopus_api.own_texts import foreign_note
from ...lib.order_goods import (
    GOODS,
    elsewhere_services,
    line_kinds,
    place_values,
    unknown_locations,
)
from ...lib.order_mapping import (
    changeable_values,
    future_moment,
    line_values,
    net_values,
    placed_values,
    product_values,
)
from ...lib.order_updates import KNOWN_FIELDS, stated_values
from ...orm import insert_query, lock_rows
from .look_up import OrderLookUp
from .restocking import leave_to_worker
from .screens import notify_screens
from .status_push import synced_values
from .stock_deduction import resume_deduction

# Orders in the queue, several batches of the worker: it is certainly not about to fall asleep.
LONG_QUEUE = 100
# Orders whose payload is removed in one statement.
PAYLOAD_BATCH = 10_000


class OrderIntake:
    """Stores what Octopus says of the orders of an account. Webhook and poll both end here.

    :param account: record of `octopus.account`
    """

    def __init__(self, account):
        self.account = account
        # Webhook and workers act for the account: users may not create or change orders.
        self.orders = account.env["octopus.order"].sudo().with_company(account.company_id)
        self.env = self.orders.env

    def store(self, payload, *, raw=None, is_new=True, is_read=False):
        """Store an order or an update of one, and return the order.

        The same payload a second time changes nothing. A new order does not touch the stock: the
        worker deducts it.

        :param dict payload: the order as Octopus sends it, bare or under `order`
        :param str raw: the payload's text, when it is at hand
        :param bool is_new: whether an unknown order has just been placed. Otherwise it may be an
            old one that changed: one from before the store was connected is stored without taking
            its goods from the stock
        :param bool is_read: whether Octopus has just answered it. Two changes of the same second
            may be announced in any order, and what Octopus answers is the later one; should it be
            the earlier one after all, the next import, which reads the last minutes again, follows
        :raise InvalidOrder: the payload is no order: it is no object, or has no id
        :raise ConcurrencyError: another transaction stored the order at the same moment; start
            again in a new one
        """
        remote = Order.from_json(payload, shop_zone(self.account))
        known = OrderLookUp(self.account, self.orders).of_order(remote)
        if remote.services:
            self._list_services(remote, known)
        if known.order:
            OrderUpdate(known.order, remote).apply(known, raw, is_read=is_read)
            return known.order
        vals, lines = self._prepare(remote, known)
        vals["payload"] = raw or dumps(remote.raw)
        if is_read:
            vals["payload_digest"] = fingerprint(remote.data)
        if not is_new and self._is_older_than_account(remote):
            vals["stock_state"] = "none"
            vals["stock_issue"] = Json(["before_connection", {}])
        elif known.is_shipped_by_channel:
            vals["stock_issue"] = Json(["shipped_by_channel", {}])
        vals["is_alert_due"] = vals["stock_state"] == "waiting"
        order = self._insert(vals, lines)
        if remote.refunds or remote.is_cancelled:
            OrderUpdate(order, remote).follow_refunds_and_cancellation()
        if remote.fulfillments or remote.fulfillment_status or remote.closed_at:
            order._follow_parcels(remote, is_newer=True)
        return order

    def store_deletion(self, payload):
        """Follow the deletion of an order in Octopus, and return the order.

        An unknown order is stored as cancelled. Otherwise its creation, which may be delivered
        later, would be taken for a new order.

        :raise InvalidOrder: the payload is no order
        """
        ref = Order.ref_of(payload)
        order = self.orders.search(
            [("account_id", "=", self.account.id), ("aggregator_order_no", "=", ref)]
        )
        if not order:
            order = self.store(payload)
        follow_deletion(order)
        return order

    def _list_services(self, remote, known):
        """List the services of an order on its channel, those that are new there."""
        if unlisted := remote.services - known.services.keys():
            known.channel._list_services(unlisted)

    def _is_older_than_account(self, remote):
        placed = remote.octopus_created_at or remote.created_at
        return bool(placed and _stored(placed) < self.account.orders_since)

    # === STORING === #

    def _prepare(self, remote, known):
        """Return the values of a new order, and the list of those of its lines."""
        currency, notices = known.currency, False
        if not currency:
            currency, notices = self._company_currency(remote)
        lines = self._prepare_lines(remote, known, currency)
        if remote.location_refs:
            notices = [*(notices or ()), *self._location_notices(remote, known)] or False
        now = fields.Datetime.now()
        arrival = now.replace(tzinfo=timezone.utc)
        if stated := future_moment(remote, arrival):
            time = fields.Datetime.to_string(naive_utc(stated))
            notices = [*(notices or ()), ["future_time", {"moment": time}]]
        vals = {
            "account_id": self.account.id,
            "company_id": self.account.company_id.id,
            "currency_id": currency.id,
            "channel_id": known.channel.id,
            "location_id": known.location.id,
            "warehouse_id": known.warehouse.id,
            "notices": notices,
            "received_at": now,
            "status": "take_action",
            "stock_state": "waiting" if known.takes_goods else "none",
            "needs_mapping": known.takes_goods and any(line["needs_mapping"] for line in lines),
            **placed_values(remote, arrival),
            **changeable_values(
                remote,
                currency.decimal_places,
                pays_tax=known.pays_tax,
                layouts=known.layouts,
            ),
        }
        if vals["note"]:
            _strip_own_note(vals)
        vals |= net_values(vals, known.rate, known.company_digits)
        for name in ("customer_address", "notices", "unread"):
            vals[name] = vals[name] and Json(vals[name])
        return vals | self.orders._read_extra_values(remote), lines

    def _prepare_lines(self, remote, known, currency):
        goods = self._sort_lines(remote, known)
        precisions = self.env["decimal.precision"]
        units, prices = map(precisions.precision_get, ("Product Unit", "Product Price"))
        return [
            {
                "company_id": self.account.company_id.id,
                **values,
                **line_values(line, units, prices, currency.decimal_places),
            }
            for line, values in zip(remote.lines, goods, strict=True)
        ]

    def _sort_lines(self, remote, known):
        """Return the values of each line that say what it is, which product, and where its goods
        leave."""
        found = list(map(product_values, known.candidates))
        products = [values["product_id"] for values in found]
        if remote.is_plain and all(products):
            plain = {"kind": GOODS, "needs_mapping": False, "quantity_elsewhere": 0, "places": None}
            return [plain | values for values in found]
        kinds = line_kinds(remote.lines, products, known.no_goods)
        places = place_values(remote, known.places, elsewhere_services(remote, known.services))
        for line, of_product, kind, values in zip(remote.lines, found, kinds, places, strict=True):
            leaves_here = not line.quantity or line.quantity > values["quantity_elsewhere"]
            is_unknown = kind == GOODS and not of_product["product_id"]
            is_to_map = known.takes_goods and leaves_here and is_unknown
            values |= {**of_product, "kind": kind, "needs_mapping": is_to_map}
            values["places"] = values["places"] and Json(values["places"])
        return places

    def _location_notices(self, remote, known):
        """Return notices of the locations that are unknown, or that no warehouse fills."""
        filled = known.filled_locations
        if filled >= remote.location_refs:
            return []
        refs = unknown_locations(remote, filled, elsewhere_services(remote, known.services))
        values = {"warehouse": known.warehouse.name}
        return [["unknown_location", {"location": ref, **values}] for ref in refs]

    def _company_currency(self, remote):
        """Return the company's currency, and notices when Octopus names an unknown one."""
        currency = self.account.company_id.currency_id
        if not remote.currency:
            return currency, False
        values = {"code": remote.currency, "currency": currency.name}
        return currency, [["unknown_currency", values]]

    def _insert(self, vals, lines):
        """Insert a new order with its lines in one statement, and return it."""
        new_lines = self._line_query(lines)
        query = SQL(
            """WITH new_order AS (%s), new_lines AS (%s)
             SELECT id, (SELECT count(*) FROM (
                        SELECT 1 FROM octopus_order WHERE stock_state = 'waiting' LIMIT %s
                    ) AS queue)
               FROM new_order""",
            insert_query(self.orders, [vals]),
            new_lines,
            LONG_QUEUE,
        )
        self.env.flush_query(query)
        try:
            # A faster transaction is no error for the log.
            self.env.cr.execute(query, log_exceptions=False)
            [(order_id, waiting)] = self.env.cr.fetchall()
        except UniqueViolation as error:
            # Only a new transaction sees the order of the faster one.
            raise ConcurrencyError("order stored at the same moment") from error
        order = self.orders.browse(order_id)
        # The order need not be read back: nothing else is asked before the answer.
        known = {name: vals[name] for name in ("aggregator_order_no", "stock_state")}
        order._update_cache(known, validate=False)
        if vals["stock_state"] != "waiting":
            notify_screens(order)
        # Behind a long queue the worker looks again after this transaction has committed.
        elif waiting < LONG_QUEUE:
            order._wake_worker(DEDUCT_CRON)
        return order

    def _line_query(self, lines):
        if not lines:
            return SQL("SELECT 1")
        order_id = SQL("(SELECT id FROM new_order)")
        return insert_query(
            self.env["octopus.order.line"], [{"order_id": order_id, **line} for line in lines]
        )


class OrderUpdate:
    """Follows what Octopus says now of an order that is in Odoo.

    Deliveries come twice, late and in any order: an update that is older than the order is ignored,
    and one that says nothing else changes nothing.

    :param order: sudoed record of `octopus.order`
    :param Order remote: what Octopus says
    """

    def __init__(self, order, remote):
        # The history is in the language of the company, as the catalog is. Two columns are read,
        # and not all of the company and of its partner.
        company = order.company_id.with_context(prefetch_fields=False)
        self.order = order.with_context(lang=company.partner_id.lang)
        self.remote = remote
        self.env = self.order.env

    def apply(self, known, raw=None, *, is_read=False):
        """Change what may change, flag what is not followed.

        :param Known known: location and warehouse that the update names
        :param str raw: the payload's text, when it is at hand
        :param bool is_read: see `OrderIntake.store`
        """
        order, remote = self.order, self.remote
        moment = remote.updated_at and naive_utc(remote.updated_at)
        if order.octopus_updated_at and moment and moment < order.octopus_updated_at:
            return
        is_newer = bool(moment and moment != order.octopus_updated_at)
        may_be_older = bool(moment) and not (is_newer or is_read)
        if may_be_older and order._knows_more(remote):
            if order.payload_digest:
                order.payload_digest = False
            self.follow_refunds_and_cancellation()
            order._follow_parcels(remote, is_newer=False)
            return
        changes = self._changes(moment, known, is_read)
        changes |= self._changed_location(known.location, known.warehouse)
        is_whole = remote.states("lines")
        if is_whole:
            self._read_lines_again()
        if changes:
            # The log shows the values of a collision, and these are the customer's.
            lock_rows(order)
            self._flag_late_address(changes)
            order._follow_texts(changes)
            if is_whole:
                changes["payload"] = raw or dumps(remote.raw)
            order.write(changes)
            self._empty_unknown_amounts()
        if is_whole:
            order._follow_lines(remote, self._follow_places(known))
        self.follow_refunds_and_cancellation()
        # Before its cancellation of the same second it was alive, too.
        is_alive = remote.states("cancelled_at") and not (remote.is_cancelled or may_be_older)
        if is_alive and order.is_cancelled_by_channel:
            order._follow_revival()
        order._follow_parcels(remote, is_newer=is_newer)

    def _changes(self, moment, known, is_read):
        """Return the values that the update states and that are others than the order's."""
        order = self.order
        values = changeable_values(
            self.remote,
            order.currency_id.decimal_places,
            {name: order[name] for name in KNOWN_FIELDS},
            pays_tax=known.pays_tax,
            layouts=known.layouts,
        )
        values = stated_values(values, self.remote) | order._read_extra_values(self.remote)
        _strip_own_note(values)
        if moment:
            values["octopus_updated_at"] = moment
        values["payload_digest"] = self._digest(is_read)
        changes = {}
        unknown = (order.unknown_amounts or "").split()  # empty, which Odoo reads as 0
        for name, value in values.items():
            field = order._fields[name]
            stored = field.convert_to_record(field.convert_to_cache(value, order), order)
            if stored != order[name] or (name in unknown and value is not None):
                changes[name] = value
        return changes

    def _digest(self, is_read):
        """Return the digest to keep: none of an update that was not read from Octopus and says
        something else than what was. It may be older, and the next poll tells what holds."""
        digest = fingerprint(self.remote.data)
        is_known = is_read or digest == self.order.payload_digest
        return is_known and digest

    def _empty_unknown_amounts(self):
        """Empty the amounts that could not be read: Odoo would store them as 0."""
        order = self.order
        names = (order.unknown_amounts or "").split()
        if not names:
            return
        order.flush_recordset()
        columns = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in names)
        self.env.cr.execute(SQL("UPDATE octopus_order SET %s WHERE id = %s", columns, order.id))
        order.invalidate_recordset(names)

    def _read_lines_again(self):
        """Take over the numbers of lines that could not be read before, and have the goods of a
        line deducted that says now how many."""
        order = self.order
        if not order.unknown_amounts:
            return
        precisions = self.env["decimal.precision"]
        units, prices = map(precisions.precision_get, ("Product Unit", "Product Price"))
        by_ref = {line.ref: line for line in self.remote.lines if line.ref}
        for line in order.line_ids:
            if line.octopus_ref not in by_ref:
                continue
            digits = order.currency_id.decimal_places
            values = line_values(by_ref[line.octopus_ref], units, prices, digits)
            if not line.is_quantity_unknown:
                del values["quantity"], values["is_quantity_unknown"]
            line.write(values)
        resume_deduction(order)

    def _changed_location(self, location, warehouse):
        """Return the change of location: followed before the stock is deducted, flagged later."""
        order, remote = self.order, self.remote
        is_named = remote.location_ref and remote.location_ref == location.octopus_ref
        if location == order.location_id or not is_named:
            return {}
        if order.stock_state in ("waiting", "blocked"):
            return {"location_id": location.id, "warehouse_id": warehouse.id}
        if order.stock_state in ("deducted", "partial") and warehouse != order.warehouse_id:
            order._flag("other_location", location=location.name, warehouse=order.warehouse_id.name)
        return {}

    def _follow_places(self, known):
        """Follow where the pieces of each line leave: before they are deducted, flagged later.

        :return: {line: pieces} that leave from elsewhere, of lines that are deducted here
        """
        order, remote, late = self.order, self.remote, {}
        if remote.is_plain:
            return late
        elsewhere = elsewhere_services(remote, known.services)
        places = known.places._replace(order=order.location_id.id)
        found = place_values(remote, places, elsewhere)
        by_ref = {line.ref: values for line, values in zip(remote.lines, found, strict=True)}
        is_out = order.stock_state in ("deducted", "partial")
        for line in order.line_ids:
            values = by_ref.get(line.octopus_ref)
            if values and line.is_deducted:
                late[line] = float(values["quantity_elsewhere"])
            if not values or not line._leaves_otherwise(values):
                continue
            if not line.is_deducted:
                is_left = line.quantity > values["quantity_elsewhere"]
                line.write({**values, "needs_mapping": line.needs_mapping and is_left})
                order.needs_mapping = any(order.line_ids.mapped("needs_mapping"))
            elif late[line] == line.quantity_elsewhere and is_out:
                order._flag("other_place", product=line.display_name)
        return late

    def _flag_late_address(self, changes):
        """Flag another address for goods that have been handed over."""
        if self.order.status == "completed" and changes.get("shipping_address"):
            self.order._flag("late_address")

    # === CANCELLATION AND REFUNDS === #

    def follow_refunds_and_cancellation(self):
        """Follow what cannot be undone: refunds, and the cancellation of the order."""
        order = self.order
        if self.remote.refunds:
            order._follow_refunds(self.remote)
        if self.remote.is_cancelled:
            # A user may cancel it at this moment, and the log shows the values of a collision.
            lock_rows(order)
            _follow_cancellation(order, self.remote.cancel_reason)
            if not order.is_cancelled_by_channel:
                order.write({"is_cancelled_by_channel": True, "is_alive_again": False})
        if order.stock_state in ("deducted", "partial") and not all(
            order.refund_ids.mapped("is_applied")
        ):
            leave_to_worker(order)


def follow_deletion(orders):
    """Follow the deletion of orders in Octopus: an open one is cancelled, a completed one is only
    flagged, because its goods have been handed over. `orders` is sudoed."""
    for order in orders:
        order = order.with_context(lang=order.company_id.partner_id.lang)
        if order.status == "take_action":
            _follow_cancellation(order, order.env._("the order was deleted in Octopus"))
        elif order.status == "completed":
            order._flag("deleted_after_completed")


def _follow_cancellation(order, reason):
    """Cancel an order as a user would; Octopus has the status already."""
    if order.status == "cancelled":
        if order.push_status != "synced":
            order.write(synced_values(order))
        return
    # Goods that were handed over come back by a person, or by a refund.
    is_handed_over = order.status == "completed" and bool(order.picking_ids)
    order.write({"status": "cancelled", "is_return_open": is_handed_over, **synced_values(order)})
    order._message_log(
        body=order.env._("Cancelled by the channel: %(reason)s", reason=reason)
        if reason
        else order.env._("Cancelled by the channel.")
    )


def delete_old_payloads(orders):
    """Remove the payloads of orders that are older than their store keeps them.

    :return: the number of orders, and 1 when there may be more, else 0
    """
    orders.env.flush_all()
    orders.env.cr.execute(
        SQL(
            # As a subquery of `IN`, PostgreSQL may repeat it for each row, past its LIMIT.
            """WITH old AS MATERIALIZED (
                    SELECT o.id FROM octopus_order o
                      JOIN octopus_account account ON account.id = o.account_id
                     WHERE account.payload_days > 0 AND o.payload IS NOT NULL
                       AND o.received_at < %s - account.payload_days * interval '1 day'
                     LIMIT %s FOR NO KEY UPDATE OF o SKIP LOCKED)
               UPDATE octopus_order SET payload = NULL FROM old WHERE octopus_order.id = old.id""",
            fields.Datetime.now(),
            PAYLOAD_BATCH,
        )
    )
    done = orders.env.cr.rowcount
    orders.invalidate_model(["payload"])
    return done, int(done == PAYLOAD_BATCH)


def _strip_own_note(vals):
    """Leave only what others wrote in the note of an order."""
    if vals.get("note"):
        vals["note"] = foreign_note(vals["note"])


def _stored(moment):
    """Return an aware moment as the database has it: naive UTC of whole seconds."""
    return moment and naive_utc(moment).replace(microsecond=0)
