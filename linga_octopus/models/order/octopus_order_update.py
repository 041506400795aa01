from odoo import models
from odoo.tools import SQL

from ...lib.octopus_api import dumps

# The fields of Octopus that decide about each of ours. News that leave one of them out say
# nothing about it; news that hold it empty do. The amounts and the fulfilment are made of more:
# what the news leave out is taken from the order.
AMOUNTS_SAID_BY = ("source", "line_items", "total_price")
SAID_BY = {
    "customer_name": ("customer",),
    "customer_ref": ("customer",),
    "email": ("customer",),
    "phone": ("customer",),
    "billing_address": ("billing_address",),
    "shipping_address": ("shipping_address",),
    "note": ("note",),
    "tags": ("tags",),
    "financial_status": ("financial_status",),
    "is_pickup_chosen": ("shipping_lines",),
    "taxes_included": ("taxes_included",),
    "is_tax_paid_by_channel": ("source",),
}

SAID_BY_ANY = {
    "fulfilment": ("shipping_address", "shipping_lines"),
    "payment_method": ("gateway", "payment_gateway_names"),
}


class OctopusOrder(models.Model):
    """What the channel changes after an order is here: followed while it makes sense, else
    flagged."""

    _inherit = "octopus.order"

    def _apply_update(self, remote, location, warehouse, raw=None):
        """Follow what Octopus says now of an order that is here already.

        Deliveries come twice, late and in any order: what is older than what we know is ignored,
        and what we know already changes nothing.
        """
        self.ensure_one()
        changeable = self._prepare_changeable(remote, self.currency_id)
        known, told = self.octopus_updated_at, changeable["octopus_updated_at"]
        if known and told and told < known:
            return
        changes = self._differing(_said(changeable, remote.raw))
        changes |= self._follow_location(remote, location, warehouse)
        is_whole = "line_items" in remote.raw
        if changes:
            self._flag_late_address(changes)
            self.write(changes | ({"payload": raw or dumps(remote.raw)} if is_whole else {}))
        if is_whole:
            self._flag_other_lines(remote)
        self._apply_facts(remote)

    def _differing(self, vals):
        """Return those of these values that are not on the order yet."""
        differing = {}
        for name, value in vals.items():
            field = self._fields[name]
            if field.convert_to_record(field.convert_to_cache(value, self), self) != self[name]:
                differing[name] = value
        return differing

    def _follow_location(self, remote, location, warehouse):
        """Return the change of location: to follow before the stock is deducted, else to flag."""
        is_named = remote.location_ref and remote.location_ref == location.octopus_ref
        if location == self.location_id or not is_named:
            return {}
        if self.stock_state in ("waiting", "blocked"):
            return {"location_id": location.id, "warehouse_id": warehouse.id}
        if self.stock_state in ("deducted", "partial") and warehouse != self.warehouse_id:
            self._flag(
                self.env._(
                    "Octopus now names the location %(location)s. The stock stays deducted in "
                    "%(warehouse)s: transfer the goods if needed.",
                    location=location.name,
                    warehouse=self.warehouse_id.name,
                )
            )
        return {}

    def _flag_late_address(self, changes):
        """Flag another address for goods that have been handed over."""
        if self.status == "completed" and changes.get("shipping_address"):
            self._flag(
                self.env._(
                    "The channel changed the delivery address after the order was completed. "
                    "Tell the carrier if the goods are still on their way."
                )
            )

    def _flag_other_lines(self, remote):
        """Flag lines that are not those we know: Octopus promises that lines never change."""
        precision = self.env["decimal.precision"].precision_get("Product Unit")
        ours = sorted((line.octopus_ref or "", line.quantity) for line in self.line_ids)
        theirs = sorted(
            (line.ref or "", round(float(line.quantity), precision)) for line in remote.lines
        )
        if ours != theirs:
            self._flag(
                self.env._(
                    "Octopus now lists other products or quantities. They are not followed here: "
                    "compare the order with the channel, and cancel it if it is wrong."
                )
            )

    def _flag(self, message):
        """Add a notice to the order and its history, once."""
        notices = (self.channel_notice or "").splitlines()
        if message not in notices:
            self.channel_notice = "\n".join([*notices, message])
            self.message_post(body=message)

    # === CANCELLATION AND REFUNDS === #

    def _apply_facts(self, remote):
        """Follow what cannot be undone: refunds, and the cancellation of the order."""
        if remote.refunds:
            self._record_refunds(remote)
        if remote.cancelled_at:
            self._cancelled_by_channel(remote.cancel_reason)
        elif self.stock_state in ("deducted", "partial") and not all(
            self.refund_ids.mapped("is_applied")
        ):
            self._leave_return_to_worker()

    def _cancelled_by_channel(self, reason=""):
        """Cancel the order as a user would; Octopus knows it already."""
        if self.status == "cancelled":
            if self.push_status != "synced":
                self.write(self._prepare_push_synced())
            return
        self.write({"status": "cancelled", **self._prepare_push_synced()})
        self.message_post(
            body=self.env._("Cancelled by the channel: %(reason)s", reason=reason)
            if reason
            else self.env._("Cancelled by the channel.")
        )

    def _deleted_by_channel(self):
        """Follow the deletion of an order in Octopus: an open one is cancelled.

        A completed one is only flagged: the goods have been handed over.
        """
        for order in self:
            if order.status == "take_action":
                order._cancelled_by_channel(self.env._("the order was deleted in Octopus"))
            elif order.status == "completed":
                order._flag(
                    self.env._(
                        "The order was deleted in Octopus after it was completed here. Cancel "
                        "it if the goods came back."
                    )
                )

    def _record_refunds(self, remote):
        """Keep the refunds that are not known yet."""
        known = set(self.refund_ids.mapped("octopus_ref"))
        for position, refund in enumerate(remote.refunds):
            ref = refund.ref or f"#{position}"
            if ref in known:
                continue
            self._collide()
            quantities = _restocked(refund)
            self.env["octopus.order.refund"]._record(
                {
                    "order_id": self.id,
                    "octopus_ref": ref,
                    "restock": refund.restock or bool(quantities),
                    "quantities": quantities,
                    # Nothing to give back, or given back with the whole order.
                    "is_applied": not quantities or self.status == "cancelled",
                }
            )
            self._say_refunded(refund, quantities)

    def _collide(self):
        """Let nobody who works on these orders meanwhile end without having seen what we add to
        them: one of us starts again. A lock would not do, for it says nothing once it is
        released."""
        if self:
            self.env.execute_query(
                SQL("UPDATE octopus_order SET write_date = write_date WHERE id IN %s", self._ids)
            )

    def _say_refunded(self, refund, quantities):
        """Add a refund to the history, and flag what cannot be followed."""
        ours = set(self.line_ids.mapped("octopus_ref"))
        is_unclear = refund.restock and not refund.lines
        if is_unclear or not ours.issuperset(quantities):
            self._flag(
                self.env._(
                    "Refunded; the channel put goods back on sale without saying which of this "
                    "order. Correct the stock by hand if they came back."
                )
            )
        elif quantities:
            self.message_post(body=self.env._("Refunded; the channel restocked the goods."))
        else:
            self._flag(
                self.env._("Refunded by the channel without restocking: the stock is not changed.")
            )


def _said(vals, raw):
    """Return those of these values that the news say something about."""
    return {
        name: value
        for name, value in vals.items()
        if (value if name == "octopus_updated_at" else _is_said(name, raw))
    }


def _is_said(name, raw):
    if name in SAID_BY_ANY:
        return any(key in raw for key in SAID_BY_ANY[name])
    return all(key in raw for key in SAID_BY.get(name, AMOUNTS_SAID_BY))


def _restocked(refund):
    """Return the pieces that a refund put on sale again, by line id."""
    quantities = {}
    for line in refund.lines:
        # "cancel" and "return" put back; "no_restock" does not, whatever the refund says.
        restock = line.restock_type in ("return", "cancel") if line.restock_type else refund.restock
        if restock and line.line_ref and line.quantity:
            quantities[line.line_ref] = quantities.get(line.line_ref, 0) + float(line.quantity)
    return quantities
