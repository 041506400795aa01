from octopus_sandbox.answer import now
from octopus_sandbox.parcels import build_parcel, follow_parcels, is_alive, pieces_left

from . import Actor


class ChannelPacker(Actor):
    """Ships orders in their channel, and cancels parcels there, whoever shipped them."""

    per_day = 20

    def act(self, dice):
        refs = list(self.shop.orders)[-60:]
        if not refs:
            return
        orders = self.octopus.sandbox.store.orders
        placed = self.shop.orders[dice.choice(refs)]
        order = orders.get(int(placed.ref))
        alive = [parcel for parcel in order["fulfillments"] if is_alive(parcel)]
        if order["cancelled_at"] or placed.is_odd:
            return
        with self.octopus.its_time():
            if alive and dice.random() < 0.4:
                dice.choice(alive)["status"] = "cancelled"
            elif order["fulfillment_status"] == "fulfilled" or not self._ship(order, dice):
                return
            follow_parcels(order)
            self.octopus.sandbox.webhooks.send("orders/updated", orders.save(order))
        self.simulation.counts["parcels changed by the channel"] += 1

    def _ship(self, order, dice):
        """Add a parcel with one of the lines that are left; return whether there is one."""
        left = [(line, pieces) for line, pieces in pieces_left(order).items() if pieces > 0]
        if not left:
            return False
        line, pieces = dice.choice(left)
        given = {
            "line_items": [{"id": line, "quantity": dice.randint(1, pieces)}],
            "tracking_company": "UPS",
            "tracking_number": f"THEIRS{dice.randrange(10**9):09}",
        }
        ref = self.octopus.sandbox.store.db.new_id("fulfillment")
        parcel = build_parcel(order, given, ref=ref, moment=now())
        # What a marketplace has in its own warehouse leaves from there.
        [item] = (item for item in order["line_items"] if item["id"] == line)
        parcel["service"] = item["fulfillment_service"] or parcel["service"]
        order["fulfillments"].append(parcel)
        return True
