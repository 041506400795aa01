"""Tells Octopus of the parcels of an order: new ones, other numbers, cancelled ones.

What Octopus was told last is kept with each parcel (`told`); a parcel that is otherwise now is
told again. The call is undocumented: the first parcel finds out whether the merchant's Octopus has
it, and the store remembers that until its next connection test. Without it, a tag and a note tell
the same.
"""

from decimal import Decimal

from odoo import fields

from ...lib.fulfillments import LinePieces, recognized, stated_parcels
from ...lib.octopus_api import Order
from ...lib.octopus_api.errors import (
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusValidationError,
)
from ...lib.octopus_api.items import fulfillment_item
from ...orm import lock_rows
from ..order.status_push import METHOD_NOT_ALLOWED
from .following import as_parcel, line_refs, told_values

# What the store remembers of a call that is no use.
UNUSABLE = ("missing", "forbidden")
# What no other try makes better.
REFUSALS = (OctopusNotFound, OctopusForbidden, OctopusValidationError)


def tell_parcels(order, client):
    """Tell Octopus of the parcels of an order that it does not know, each in transactions of its
    own; `order` is sudoed.

    :return: the parcels of which only a tag and a note can tell
    :raise OctopusError: another try may help
    """
    by_tag = order.fulfillment_ids.browse()
    if not order.is_parcel_due:
        return by_tag
    for parcel in order.fulfillment_ids.filtered(lambda parcel: parcel.push_status == "pending"):
        if not ParcelPush(parcel, client).push():
            by_tag |= parcel
    if not by_tag:
        lock_rows(order)
        order.is_parcel_due = "pending" in order.fulfillment_ids.mapped("push_status")
        order.env["ir.cron"]._commit_progress()  # no row stays locked during the next call
    return by_tag


def give_up(order, error):
    """Say on an order that Octopus takes none of its parcels; `order` is sudoed."""
    for parcel in order.fulfillment_ids.filtered(lambda parcel: parcel.push_status == "pending"):
        ParcelPush(parcel, None).fail(error)
    order.is_parcel_due = False


class ParcelPush:
    """Tells Octopus of one parcel.

    :param parcel: sudoed record of `octopus.fulfillment`
    :param client: OctopusClient of its store
    """

    def __init__(self, parcel, client):
        self.parcel = parcel
        self.client = client
        self.order = parcel.order_id
        self.account = self.order.account_id
        self.env = parcel.env

    def push(self):
        """Tell Octopus of the parcel; return False when only a tag can.

        :raise OctopusError: another try may help
        """
        parcel = self.parcel
        if self._is_of_no_interest():
            self._save({"push_status": False})
            return True
        if not parcel.octopus_ref and parcel.attempted_at and self._look_up():
            return True
        if parcel.state == "cancelled" and not parcel.octopus_ref:
            self._save({"push_status": "synced", "attempted_at": False})  # it never got there
            return True
        told = told_values(parcel)
        if self.account.fulfillment_call in UNUSABLE and not parcel.octopus_ref:
            return False
        try:
            ref = self._send(told)
        except OctopusError as error:
            if isinstance(error, REFUSALS) or error.status == METHOD_NOT_ALLOWED:
                return self._follow_refusal(error)
            raise
        self._save_told(ref, told)
        return True

    def _is_of_no_interest(self):
        """Return whether a cancelled order hides the parcel: Octopus takes none for it."""
        return self.order.status == "cancelled" and not self.parcel.octopus_ref

    # === CALLS === #

    def _send(self, told):
        """Call Octopus, and return its id of the parcel."""
        parcel, ref = self.parcel, self.order.aggregator_order_no
        if not parcel.octopus_ref:
            # Should the answer get lost, the next try looks for the parcel first.
            self._save({"attempted_at": fields.Datetime.now()})
            return self.client.create_fulfillment(ref, self._item())
        if told["state"] == "cancelled":
            self.client.cancel_fulfillment(ref, parcel.octopus_ref)
        else:
            item = fulfillment_item(
                numbers=parcel._numbers(),
                carrier=parcel.carrier or "",
                urls=(parcel.tracking_urls or "").splitlines(),
                notify=parcel.notify_customer,
            )
            self.client.update_fulfillment(ref, parcel.octopus_ref, item)
        return parcel.octopus_ref

    def _item(self):
        parcel, refs = self.parcel, line_refs(self.order)
        return fulfillment_item(
            numbers=parcel._numbers(),
            carrier=parcel.carrier or "",
            urls=(parcel.tracking_urls or "").splitlines(),
            location_ref=parcel.location_id.octopus_ref,
            pieces={
                refs[line.order_line_id]: line.quantity
                for line in parcel.line_ids
                if line.order_line_id in refs
            },
            notify=parcel.notify_customer,
        )

    def _look_up(self):
        """Look for a parcel whose answer got lost; return whether Octopus has it."""
        payload = self.client.get_order(self.order.aggregator_order_no)
        remote = Order.from_json(payload)
        refs = line_refs(self.order)
        ours = [as_parcel(record, refs) for record in self.order.fulfillment_ids]
        theirs = stated_parcels(remote, dict.fromkeys(refs.values(), LinePieces(Decimal(0))))
        found = recognized(ours, theirs)
        place = next((place for place, key in found.items() if key == self.parcel), None)
        if place is None:
            return False
        stated = theirs[place]
        told = {
            **told_values(self.parcel),
            "numbers": list(stated.numbers),
            "state": "cancelled" if stated.is_dead else "done",
        }
        self._save_told(stated.ref, told)
        return self.parcel.push_status == "synced"

    # === RESULTS === #

    def _save(self, values):
        """Write values on the parcel, and commit: a call comes next, or a call was answered."""
        lock_rows(self.parcel)
        self.parcel.write(values)
        self.env["ir.cron"]._commit_progress()

    def _save_told(self, ref, told):
        """Save what Octopus has now; the parcel may be otherwise meanwhile."""
        lock_rows(self.parcel)
        self.parcel.invalidate_recordset(["state", "carrier", "tracking_numbers"])
        is_same = told_values(self.parcel) == told
        self.account.filtered(lambda account: account.fulfillment_call != "offered").write(
            {"fulfillment_call": "offered"}
        )
        self._save(
            {
                "octopus_ref": ref,
                "attempted_at": False,
                "told": told,
                "push_status": "synced" if is_same else "pending",
            }
        )

    def _follow_refusal(self, error):
        """Follow a call that no other try makes better; return False when a tag is to tell."""
        parcel = self.parcel
        if isinstance(error, OctopusValidationError):
            if not parcel.octopus_ref and self._look_up():
                return True  # the channel has it already
            if parcel.octopus_ref and self._is_gone():
                self._save({"push_status": "synced", "told": told_values(parcel)})
                return True
            self.fail(error)
            return True
        if isinstance(error, OctopusNotFound):
            # An order that Octopus does not have is another matter.
            is_gone = self._is_gone()
            if parcel.octopus_ref and is_gone:
                self._save({"push_status": "synced", "told": told_values(parcel)})
                return True
            if self.account.fulfillment_call == "offered" and not parcel.octopus_ref:
                self.fail(error)
                return True
        if not parcel.octopus_ref:
            is_forbidden = isinstance(error, OctopusForbidden)
            self.account.fulfillment_call = "forbidden" if is_forbidden else "missing"
            self._save({"attempted_at": False})
        return False

    def _is_gone(self):
        """Return whether a parcel that is cancelled here is gone there, too.

        :raise OctopusNotFound: Octopus does not have the order
        """
        remote = Order.from_json(self.client.get_order(self.order.aggregator_order_no))
        alive = {parcel.ref for parcel in remote.fulfillments if not parcel.is_dead}
        return self.parcel.state == "cancelled" and self.parcel.octopus_ref not in alive

    def fail(self, error):
        """Say on the order that Octopus does not take the parcel."""
        if isinstance(error, OctopusNotFound):
            reason = ["no_such_order", {"number": self.order.aggregator_order_no}]
        else:
            reason = self.account._explain_error(error)
        lock_rows(self.order)
        self.order._unflag("parcel_failed")
        self.order._flag("parcel_failed", parcel=self.parcel.display_name, error=reason)
        self._save({"push_status": "failed", "attempted_at": False})
