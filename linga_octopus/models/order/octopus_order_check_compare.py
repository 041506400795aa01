"""How a day's orders are read on both sides and compared: the worker of the tie-outs."""

import logging
from collections import defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.octopus_api import InvalidOrder, OctopusError, Order
from ...lib.octopus_api.errors import OctopusAuthError, OctopusForbidden
from ...lib.order_mapping import amounts
from ...orm import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

PAGE = 250
# Order numbers in one call, all of them in its address.
IDS_PER_CALL = 100


@dataclass
class Side:
    """An order as one side has it."""

    number: str  # Aggregator Order No.
    third_party_no: str
    channel: str
    customer: str
    currency: object
    total: float
    is_cancelled: bool
    order: object = None  # the record, when it is here


class OctopusOrderCheck(models.Model):
    _inherit = "octopus.order.check"

    # === PASS === #

    @api.model
    def _run_start(self, run):
        return self.search_count(self._waiting_domain(run.account_id))

    @api.model
    def _run_batch(self, run, client):
        """Compare one day; the pass ends when no day of the store waits any more."""
        domain = self._waiting_domain(run.account_id)
        order_check = self.search(domain, order="day, id", limit=1)
        done = run.done
        if order_check:
            order_check._compare_or_fail(run, client)
            done += 1
            run._checkpoint()
        waiting = self.search_count(domain)
        failed = self.search_count([("run_id", "=", run.id), ("state", "=", "failed")])
        failed += len(run.issue_ids)
        run.write({"done": done, "total": done + waiting, "failed": failed})
        return bool(waiting)

    @api.model
    def _waiting_domain(self, account):
        return [("account_id", "=", account.id), ("state", "=", "waiting")]

    def _compare_or_fail(self, run, client):
        """Compare the day, unless that can never succeed: then say why, for the other days."""
        try:
            self._compare(run, client)
        except CONCURRENCY_ERRORS:
            raise
        except OctopusError as error:
            if error.retryable or isinstance(error, OctopusAuthError | OctopusForbidden):
                raise
            self._fail(self.account_id._explain_error(error))
        except UserError as error:
            self._fail(str(error))
        # Whatever it is, it must end on the day that it is about.
        except Exception:
            _logger.exception("Tie-out %s failed", self.id)
            self._fail(
                self.env._("Something unexpected went wrong; the server log has the details.")
            )
        self.run_id = run

    def _fail(self, message):
        # What was stored before was committed by its own checkpoints.
        self.env.cr.rollback()
        self.write({"state": "failed", "message": message, "is_fetching": False})

    # === COMPARING === #

    def _compare(self, run, client):
        """Read both sides and write down where they differ."""
        self.ensure_one()
        start, end = self._period()
        period = {"created_at_min": start, "created_at_max": end}
        # Counted before the list is read: an order that comes in between is no difference.
        expected = client.count_orders(**period)
        theirs, ours, unreadable, page = {}, {}, [], []
        for payload in client.iter_orders(limit=PAGE, **period):
            page.append(payload)
            if len(page) == PAGE:
                self._read_page(run, page, theirs, ours, unreadable)
                page = []
        self._read_page(run, page, theirs, ours, unreadable)
        listed = len(theirs) + len(unreadable)
        ours |= self._read_extra(client, start, end, ours)
        self._record(theirs, ours, unreadable)
        if listed < expected:
            self.write(
                {
                    "state": "differs",
                    "message": self.env._(
                        "Octopus counts %(expected)s orders of this day but lists %(listed)s. "
                        "Compare again; when it stays, ask Octopus.",
                        expected=expected,
                        listed=listed,
                    ),
                }
            )

    def _read_page(self, run, page, theirs, ours, unreadable):
        """Add the orders of a page and ours of the same numbers to the two sides.

        When the user asked for it, those that are missing or differ are stored on the way.
        """
        payloads = {}
        for payload in page:
            try:
                remote = Order.from_json(payload)
            except InvalidOrder as error:
                unreadable.append((payload, error))
                continue
            payloads[remote.ref] = payload
            theirs[remote.ref] = self._their_side(remote)
        found = self._our_sides([("aggregator_order_no", "in", list(payloads))])
        if self.is_fetching:
            to_store = [
                payload
                for number, payload in payloads.items()
                if number not in found or _difference(theirs[number], found[number])
            ]
            if to_store:
                # Unlike a single order that is fetched by its number, one from before the store
                # was connected leaves the stock alone.
                self.env["octopus.order"]._store_page(run, to_store, is_news=False)
                found = self._our_sides([("aggregator_order_no", "in", list(payloads))])
        ours.update(found)

    def _their_side(self, remote):
        currencies = self.env["res.currency"]
        currency = remote.currency and currencies.search([("name", "=", remote.currency)], limit=1)
        currency = currency or self.company_id.currency_id
        total = amounts(remote, currency.decimal_places)["check_total"]
        return Side(
            number=remote.ref,
            third_party_no=remote.number,
            channel=remote.source,
            customer=remote.customer.name,
            currency=currency,
            total=float(total),
            is_cancelled=bool(remote.cancelled_at),
        )

    def _our_sides(self, domain):
        """Return ours of these orders by number."""
        orders = self.env["octopus.order"].search(
            [("account_id", "=", self.account_id.id), *domain]
        )
        return {
            order.aggregator_order_no: Side(
                number=order.aggregator_order_no,
                third_party_no=order.third_party_order_no,
                channel=order.third_party_name or "",
                customer=order.customer_name,
                currency=order.currency_id,
                total=order.check_total,
                is_cancelled=order.status == "cancelled",
                order=order,
            )
            for order in orders
        }

    def _read_extra(self, client, start, end, known):
        """Return ours of the day that Octopus does not know at all.

        The channel and Octopus need not agree on the day of an order: what Octopus has of
        another day is no difference.
        """
        here = self._our_sides([("transaction_time", ">=", start), ("transaction_time", "<=", end)])
        numbers = [number for number in here if number not in known]
        elsewhere = set()
        for at in range(0, len(numbers), IDS_PER_CALL):
            ids = numbers[at : at + IDS_PER_CALL]
            elsewhere |= {str(payload.get("id")) for payload in client.iter_orders(ids=ids)}
        return {number: here[number] for number in numbers if number not in elsewhere}

    # === THE RESULT === #

    def _record(self, theirs, ours, unreadable):
        differences = [
            self._prepare_difference(kind, theirs.get(number), ours.get(number))
            for number in dict.fromkeys([*theirs, *ours])
            if (kind := _difference(theirs.get(number), ours.get(number)))
        ]
        differences += [self._prepare_unreadable(payload, why) for payload, why in unreadable]
        self.line_ids.unlink()
        self.difference_ids.unlink()
        self.env["octopus.order.check.line"].create(self._prepare_lines(theirs, ours))
        self.env["octopus.order.check.difference"].create(differences)
        self.write(
            {
                "state": "differs" if differences else "agrees",
                "message": False,
                "is_fetching": False,
                "compared_at": fields.Datetime.now(),
                "octopus_count": sum(not side.is_cancelled for side in theirs.values()),
                "odoo_count": sum(not side.is_cancelled for side in ours.values()),
                "missing_count": sum(vals["kind"] == "missing" for vals in differences),
                "difference_count": len(differences),
            }
        )

    def _prepare_lines(self, theirs, ours):
        """Return the values of a line for each channel and currency; without what is cancelled."""
        lines = defaultdict(lambda: dict.fromkeys(("octopus_count", "odoo_count"), 0))
        for name, sides in (("octopus", theirs), ("odoo", ours)):
            for side in sides.values():
                if side.is_cancelled:
                    continue
                line = lines[side.channel, side.currency]
                line[f"{name}_count"] += 1
                line[f"{name}_total"] = line.get(f"{name}_total", 0.0) + side.total
        return [
            {"order_check_id": self.id, "channel": channel, "currency_id": currency.id, **values}
            for (channel, currency), values in lines.items()
        ]

    def _prepare_difference(self, kind, their, our):
        side = our or their
        return {
            "order_check_id": self.id,
            "kind": kind,
            "aggregator_order_no": side.number,
            "third_party_order_no": side.third_party_no,
            "channel": side.channel,
            "customer_name": side.customer,
            "currency_id": side.currency.id,
            "octopus_total": their.total if their else 0.0,
            "odoo_total": our.total if our else 0.0,
            "order_id": our.order.id if our else False,
            "message": self._difference_message(kind, their, our),
        }

    def _difference_message(self, kind, their, our):
        """Return what to do about a difference."""
        if kind == "missing":
            return self.env._("Press Fetch Missing Orders.")
        if kind == "cancelled_there":
            return self.env._("Press Fetch Missing Orders, or cancel the order here.")
        if kind == "cancelled_here":
            return self.env._("Cancel the order in the channel as well.")
        if kind == "extra":
            return self.env._("Deleted in Octopus: ask the channel whether it counts.")
        if their.currency != our.currency:
            return self.env._(
                "Octopus states the total in %(currency)s: compare the order with the channel.",
                currency=their.currency.name,
            )
        return self.env._("Press Fetch Missing Orders; when it stays, ask the channel.")

    def _prepare_unreadable(self, payload, why):
        return {
            "order_check_id": self.id,
            "kind": "unreadable",
            "aggregator_order_no": Order.ref_to_show(payload),
            "message": self.env._("%(problem)s. Ask Octopus to correct it.", problem=why),
        }


def _difference(their, our):
    """Return in what kind of way an order differs, None when it does not."""
    if our is None:
        # Cancelled before it ever came here: nobody misses it.
        return None if their.is_cancelled else "missing"
    if their is None:
        return None if our.is_cancelled else "extra"
    if their.is_cancelled != our.is_cancelled:
        return "cancelled_there" if their.is_cancelled else "cancelled_here"
    if their.is_cancelled:
        return None
    same_currency = their.currency == our.currency
    if not same_currency or their.currency.compare_amounts(their.total, our.total):
        return "total"
    return None
