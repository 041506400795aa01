from copy import deepcopy
from datetime import timedelta, timezone

from octopus_sandbox.parcels import follow_parcels, is_alive, pieces_left
from octopus_sandbox.profiles import tell
from octopus_sandbox.profiles.story import MOST_LINES

from ..events import Event
from ..shop import Placed
from . import Actor

# Hours until a channel changes an order.
CHANGES_WITHIN = 30


class Customers(Actor):
    """Order in the channels; some orders change later."""

    per_day = 200

    def act(self, dice):
        channel = dice.choice(self.shop.profile.channels)
        location = dice.choice(("", "", *sorted(self.shop.warehouse_ids)))
        orders = self.octopus.sandbox.store.orders
        with self.octopus.its_time():
            order_id, number, line_ids = orders.new_ids(MOST_LINES)
            story = tell(
                channel,
                dice.randrange(10**6),
                self.shop.goods(),
                order_id=order_id,
                number=number,
                line_ids=line_ids,
                location_id=int(location) if location else "",
                moment=self.simulation.clock.now.replace(tzinfo=timezone.utc),
                step=timedelta(seconds=1),
            )
            first, *others = deepcopy(story.versions)
            orders.save(first, changed=False)
            self.octopus.sandbox.webhooks.send("orders/create", first)
        placed = Placed(str(order_id), dict(story.leaves), others, story.traits, location)
        placed.is_odd = bool(story.odd)
        self.shop.orders[placed.ref] = placed
        self.simulation.counts["orders"] += 1
        for _version in others:
            seconds = 3600 * CHANGES_WITHIN * dice.random() ** 3
            self.simulation.plan(Change(self.simulation, placed), seconds)


class Change(Event):
    """A channel changes an order."""

    name = "Change"
    can_hurry = True

    def __init__(self, simulation, placed):
        super().__init__(simulation)
        self._placed = placed

    def may_happen(self):
        return not self.simulation.is_calm or self.simulation.is_over

    @property
    def is_awaited(self):
        return self.simulation.is_over

    def happen(self):
        """Publish the next version, unless the order has been cancelled by the shop meanwhile."""
        octopus = self.simulation.octopus
        version = self._placed.versions.pop(0)
        order = octopus.sandbox.store.orders.get(version["id"])
        if order["cancelled_at"] and self._placed.is_cancel_tried:
            self._placed.is_loose = True
            return
        self._placed.changed_at = self._placed.changed_at or self.simulation.clock.now
        self.simulation.counts["orders changed by their channel"] += 1
        version["tags"], version["note"] = order["tags"], order["note"]
        if not self._placed.is_odd:  # pieces that cannot be read cannot be packed either
            _keep_parcels(version, order)
        with octopus.its_time():
            changed = octopus.sandbox.store.orders.save(version)
            octopus.sandbox.webhooks.send("orders/updated", changed)


def _keep_parcels(version, order):
    """Keep the parcels that others than the channel have put on the order meanwhile."""
    new = {parcel["id"]: parcel for parcel in version["fulfillments"]}
    for parcel in order["fulfillments"]:
        new.pop(parcel["id"], None)
    version["fulfillments"] = order["fulfillments"]
    for parcel in new.values():
        left = pieces_left(version)
        if is_alive(parcel):
            for entry in parcel["line_items"]:
                entry["quantity"] = min(entry["quantity"], left[entry["id"]])
            parcel["line_items"] = [e for e in parcel["line_items"] if e["quantity"] > 0]
        if parcel["line_items"]:
            version["fulfillments"] = [*version["fulfillments"], parcel]
    if order["fulfillments"]:
        follow_parcels(version)
