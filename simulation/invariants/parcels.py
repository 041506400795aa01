from collections import Counter

from odoo.addons.linga_octopus.lib.fulfillments import UNNAMED

from octopus_sandbox.parcels import is_alive

from . import Invariant

# What Octopus has not been told, or only in a tag.
NOT_TOLD = ("failed", "tag_only", False)


class Parcels(Invariant):
    """Each parcel of the shop is on the channel once, each of the channel's is here once, and what
    has left is what the parcels say."""

    follows = 1

    def check(self, env):
        orders = self.octopus.sandbox.store.orders
        found = env["octopus.order"].search([("aggregator_order_no", "in", list(self.shop.orders))])
        for order in found:
            placed = self.shop.orders[order.aggregator_order_no]
            if not placed.is_odd:
                there = orders.get(int(placed.ref))["fulfillments"]
                self._check_ours(placed, order, there)
                self._check_theirs(placed, order, there)
                self._check_pieces(placed, order, there)

    def _check_ours(self, placed, order, there):
        numbers = Counter(parcel["tracking_number"] for parcel in there if is_alive(parcel))
        doubled = [number for number, count in numbers.items() if number and count > 1]
        self.require(not doubled, f"{placed}: {doubled} is on the channel twice")
        alive = {str(parcel["id"]): parcel for parcel in there if is_alive(parcel)}
        for parcel in order.fulfillment_ids.filtered(lambda parcel: parcel.origin == "store"):
            remote = alive.get(parcel.octopus_ref)
            what = f"{placed}: parcel {parcel.tracking_numbers} ({parcel.push_status})"
            self.require(not remote or parcel.state == "done", f"{what} is still on the channel")
            if parcel.state == "done" and parcel.push_status not in NOT_TOLD:
                self.require(remote, f"{what} is not on the channel")
                told = ", ".join(remote["tracking_numbers"])
                self.require(told == parcel.tracking_numbers, f"{what}: the channel has {told}")
            if parcel.state == "done" and parcel.push_status == "failed":
                is_crowded = "channel" in order.fulfillment_ids.mapped("origin")
                is_excused = is_crowded or order.refund_ids or order.status == "cancelled"
                self.require(is_excused, f"{what} was refused without a reason")

    def _check_theirs(self, placed, order, there):
        by_ref = Counter(order.fulfillment_ids.mapped("octopus_ref"))
        records = {parcel.octopus_ref: parcel for parcel in order.fulfillment_ids}
        for parcel in there:
            ref = str(parcel["id"])
            self.require(by_ref[ref] == 1, f"{placed}: parcel {ref} is here {by_ref[ref]} times")
            is_out = records[ref].state == "done"
            self.require(is_out == is_alive(parcel), f"{placed}: parcel {ref} is out: {is_out}")

    def _check_pieces(self, placed, order, there):
        shipped = Counter()
        for parcel in filter(is_alive, there):
            for entry in parcel["line_items"]:
                shipped[str(entry["id"])] += entry["quantity"]
        others = order.fulfillment_ids.filtered(
            lambda parcel: (
                parcel.state == "done" and (parcel.octopus_ref == UNNAMED or not parcel.octopus_ref)
            )
        )
        for piece in others.line_ids:
            shipped[piece.order_line_id.octopus_ref] += piece.quantity
        # What a channel adds to a line is a line of its own here.
        for ref, lines in order.line_ids.filtered("octopus_ref").grouped("octopus_ref").items():
            due = sum(max(line.quantity - line.quantity_refunded, 0) for line in lines)
            wanted, left = min(shipped[ref], due), sum(lines.mapped("quantity_fulfilled"))
            self.require(
                abs(left - wanted) < 0.001,
                f"{placed}: {left} of {lines[0].sku} left, not {wanted}",
            )
