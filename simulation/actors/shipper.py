from . import Actor

CARRIERS = ("DHL", "UPS", "")


class Shipper(Actor):
    """Ships orders in parcels, corrects tracking numbers, and takes parcels back."""

    per_day = 70

    def act(self, dice):
        step = dice.choices((self._ship, self._correct, self._take_back), (8, 1, 1))[0]
        self.do(lambda env: step(env, dice), self.shop.users["packer"])

    def _ship(self, env, dice):
        orders = env["octopus.order"].search([("status", "=", "take_action")], limit=40, order="id")
        if not orders:
            return
        order = dice.choice(orders)
        placed = self.shop.orders.get(order.aggregator_order_no)
        if placed and placed.is_odd:
            return  # the sandbox takes no parcels of orders whose fields it cannot read itself
        wizard = env["octopus.ship"].with_context(**order.action_ship()["context"]).create({})
        for line in wizard.line_ids:
            line.quantity = dice.randint(0, int(line.left)) if dice.random() < 0.4 else line.left
        wizard.write({"carrier": dice.choice(CARRIERS), "numbers": _numbers(dice)})
        wizard.action_ship()
        self.simulation.counts["parcels shipped"] += 1
        if placed and placed.versions and order.status == "completed":
            placed.is_loose = True

    def _correct(self, env, dice):
        if parcel := self._parcel(env, dice):
            context = parcel.action_correct()["context"]
            wizard = env["octopus.ship"].with_context(**context).create({})
            wizard.write({"carrier": dice.choice(CARRIERS), "numbers": _numbers(dice)})
            wizard.action_correct()
            self.simulation.counts["parcels corrected"] += 1

    def _take_back(self, env, dice):
        if parcel := self._parcel(env, dice):
            parcel.action_cancel()
            self.simulation.counts["parcels taken back"] += 1

    def _parcel(self, env, dice):
        """Return one of the latest parcels of the shop, or none."""
        own = [("origin", "=", "store"), ("state", "=", "done")]
        parcels = env["octopus.fulfillment"].search(own, limit=20, order="id desc")
        return parcels and dice.choice(parcels)


def _numbers(dice):
    count = dice.choice((1, 1, 1, 2))
    return ", ".join(f"OURS{dice.randrange(10**9):09}" for _number in range(count))
