"""Tells Octopus of the parcels of an order: new ones, other numbers, cancelled ones.

What Octopus was told last is kept with each parcel (`told`); a parcel that is otherwise now is
told again. The call is undocumented: the first parcel finds out whether the merchant's Octopus has
it, and the store remembers that until its next connection test. Without it, a tag and a note tell
the same.
"""

from odoo import fields

from ...lib.octopus_api import Order
from ...lib.octopus_api.errors import (
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusValidationError,
)
from ...lib.octopus_api.items import fulfillment_item
from ...orm import lock_rows
from ..order.status_push import METHOD_NOT_ALLOWED, read_order
from .following import TOLD_FIELDS, ParcelUpdate, pieces_by_ref, told_values

# What the store remembers of a call that is no use.
UNUSABLE = ("missing", "forbidden")
# What no other try makes better.
REFUSALS = (OctopusNotFound, OctopusForbidden, OctopusValidationError)


def tell_parcels(order, client):
    """Tell Octopus of the parcels of an order that it does not know; `order` is sudoed. What it
    answered is committed before the next call, or by the caller.

    :return: the parcels of which only a tag and a note can tell
    :raise OctopusError: another try may help
    """
    by_tag = order.fulfillment_ids.browse()
    if not order.is_parcel_due:
        return by_tag
    pending = order.fulfillment_ids.filtered(lambda parcel: parcel.push_status == "pending")
    for place, parcel in enumerate(pending):
        if place:
            _commit(order)
        # Somebody may have told or dismissed it meanwhile.
        if parcel.push_status == "pending" and not ParcelPush(parcel, client).push():
            by_tag |= parcel
    if by_tag or order.push_status == "pending":
        _commit(order)
    return by_tag


def _commit(order):
    """Commit, so that no row stays locked during the next call."""
    order.env["ir.cron"]._commit_progress()


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
        if not parcel.octopus_ref and parcel.attempted_at:
            self._look_up()
            if parcel.push_status == "synced":
                return True
        if parcel.state == "cancelled" and not parcel.octopus_ref:
            self._save({"push_status": "synced", "attempted_at": False})  # it never got there
            return True
        told = told_values(parcel)
        if not parcel.octopus_ref and not self._can_be_told():
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

    def _can_be_told(self):
        """Return whether the call is of use. A parcel of lines that Octopus has no id of would be
        the whole order there."""
        self.account.fetch(["fulfillment_call"])  # not all that a store has
        return self.account.fulfillment_call not in UNUSABLE and self.parcel._has_known_lines()

    # === CALLS === #

    def _send(self, told):
        """Call Octopus, and return its id of the parcel."""
        parcel, ref = self.parcel, self.order.aggregator_order_no
        if not parcel.octopus_ref:
            item = self._item()
            # Should the answer get lost, the next try looks first for what was sent.
            self._save({"attempted_at": fields.Datetime.now(), "told": told})
            _commit(self.order)
            return self.client.create_fulfillment(ref, item)
        known_ref, item = parcel.octopus_ref, self._item(is_new=False)
        # Its update comes while it answers, and is no collision with what follows.
        _commit(self.order)
        if told["state"] == "cancelled":
            self.client.cancel_fulfillment(ref, known_ref)
        else:
            self.client.update_fulfillment(ref, known_ref, item)
        return known_ref

    def _item(self, *, is_new=True):
        parcel = self.parcel
        contents = {
            "location_ref": parcel.location_id.octopus_ref,
            "pieces": pieces_by_ref(parcel),
        }
        return fulfillment_item(
            numbers=parcel._numbers(),
            carrier=parcel.carrier or "",
            urls=(parcel.tracking_urls or "").splitlines(),
            notify=parcel.notify_customer,
            **(contents if is_new else {}),
        )

    def _look_up(self):
        """Look whether Octopus has a parcel whose answer got lost."""
        self._follow(self._in_octopus())

    def _in_octopus(self):
        return Order.from_json(self.client.get_order(self.order.aggregator_order_no))

    # === RESULTS === #

    def _follow(self, remote):
        """Take over the parcels that Octopus has, this one among them, and commit: a call may come
        next."""
        self._lock()
        ParcelUpdate(self.order, remote, is_newer=False).follow()
        if self.parcel.octopus_ref:
            self._remember_call("offered")
        _commit(self.order)

    def _lock(self):
        # In the order of those who ship and correct, who lock a parcel as they write to it.
        lock_rows(self.order)
        read_order(self.order)

    def _save(self, values):
        self._lock()
        self.parcel.write(values)

    def _remember_call(self, answer):
        self.account.fetch(["fulfillment_call"])
        if self.account.fulfillment_call != answer:
            self.account.fulfillment_call = answer

    def _save_told(self, ref, told):
        """Save what Octopus has now; the parcel may be otherwise meanwhile."""
        self._lock()
        self.parcel.invalidate_recordset(TOLD_FIELDS)
        self.parcel.fetch(TOLD_FIELDS)
        is_same = told_values(self.parcel) == told
        self._remember_call("offered")
        self.parcel.write(
            {
                "octopus_ref": ref,
                "attempted_at": False,
                "told": told,
                "push_status": "synced" if is_same else "pending",
            }
        )

    def _follow_refusal(self, error):
        """Follow a call that no other try makes better; return False when a tag is to tell."""
        parcel, known_ref = self.parcel, self.parcel.octopus_ref
        if isinstance(error, OctopusValidationError | OctopusNotFound):
            remote = self._in_octopus()  # an order that Octopus does not have is another matter
            self._follow(remote)
            if parcel.octopus_ref != known_ref:
                return True  # the channel has it already
            if known_ref and self._is_gone(remote):
                self._save({"push_status": "synced", "told": told_values(parcel)})
                return True
            is_offered = self.account.fulfillment_call == "offered"
            if isinstance(error, OctopusValidationError) or (is_offered and not known_ref):
                self.fail(error)
                return True
        if not known_ref:
            is_forbidden = isinstance(error, OctopusForbidden)
            self._remember_call("forbidden" if is_forbidden else "missing")
            self._save({"attempted_at": False})
        return False

    def _is_gone(self, remote):
        """Return whether a parcel that is cancelled here is gone there, too."""
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
