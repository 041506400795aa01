"""The way of a webhook to Odoo: late, lost, twice, in any order."""

import base64

from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo import http

from octopus_sandbox.answer import dump

from .events import Event
from .signals import Violation

# Shares of the webhooks, as long as the simulation is not calm.
LOST = 0.03
TWICE = 0.05
LATE = 0.04
# Seconds on the way: usually, and when it is late.
USUALLY = (0.05, 1.5)
WHEN_LATE = (60, 6 * 3600)


class Postman:
    """Takes what Octopus announces, and brings it to Odoo."""

    def __init__(self, simulation):
        self._simulation = simulation
        simulation.octopus.sandbox.webhooks.send = self.take

    def take(self, topic, body):
        """Take an event of Octopus."""
        simulation = self._simulation
        dice = simulation.draw("Webhooks")
        text = dump(body)
        for _copy in range(self._copies(dice)):
            span = USUALLY
            late = 0 if simulation.is_calm else simulation.story.chance("Late", LATE)
            if dice and dice.random() < late:
                span = WHEN_LATE
                simulation.note("Webhooks", "webhooks that came late")
            seconds = dice.uniform(*span) if dice else USUALLY[0]
            simulation.plan(Delivery(simulation, topic, text), seconds)

    def _copies(self, dice):
        simulation = self._simulation
        if simulation.is_calm or not dice:
            return 1
        share = dice.random()
        lost = simulation.story.chance("Lost", LOST)
        if share < lost:
            simulation.note("Webhooks", "webhooks that got lost")
            return 0
        if share < lost + simulation.story.chance("Twice", TWICE):
            simulation.note("Webhooks", "webhooks that came twice")
            return 2
        return 1


class Delivery(Event):
    """A webhook on its way."""

    name = "webhook"
    can_hurry = True
    is_awaited = is_late = True

    def __init__(self, simulation, topic, text, tries=0):
        super().__init__(simulation)
        self._topic = topic
        self._text = text
        self._tries = tries

    def happen(self):
        self.simulation.counts["webhooks"] += 1
        status = post(self.simulation, self._topic, self._text)
        # Another status than these is a fault of the simulation, which would hide all others.
        if status in (401, 403, 404):
            raise Violation("NoSurprise", f"a webhook was answered with {status}")
        if 200 <= status < 300:
            return
        self.simulation.disturb()
        if status >= 500 and self.simulation.depth > 1:
            # It met a lock of the transaction that it interrupted: another process would wait.
            self.simulation.counts["webhooks that met a lock"] += 1
            waiting = Delivery(self.simulation, self._topic, self._text, self._tries)
            self.simulation.plan(waiting, USUALLY[1])
            return
        if status >= 500:
            raise Violation("NoSurprise", f"a webhook that nobody hindered: {status}")
        self.simulation.counts[f"webhooks answered with {status}"] += 1
        self.again()

    def killed(self):
        """The sender got no answer."""
        self.again()

    def again(self):
        """Try again later, as often as Octopus does."""
        settings = self.simulation.octopus.sandbox.settings
        tries = self._tries + 1
        if tries < settings.webhook_tries:
            again = Delivery(self.simulation, self._topic, self._text, tries)
            self.simulation.plan(again, settings.webhook_first_delay * 2**self._tries)


def post(simulation, topic, text):
    """Post an event to Odoo's server; return the status."""
    shop = simulation.shop
    settings = simulation.octopus.sandbox.settings
    pair = base64.b64encode(f"{settings.merchant}:{settings.access_id}".encode()).decode()
    credentials = {
        "Authorization": f"Basic {pair}",
        "X-Octopus-Access-Token": settings.access_id,
    }
    builder = EnvironBuilder(
        path=f"/octopus/webhook/{shop.webhook_token}",
        method="POST",
        data=text.encode(),
        content_type="application/json",
        headers={
            "X-Octopus-Topic": topic,
            "X-Odoo-Database": simulation.registry.db_name,
            **(credentials if shop.webhooks_have_credentials else {}),
        },
    )
    environ = builder.get_environ()
    _body, status, _headers = run_wsgi_app(http.root, environ, buffered=True)
    return int(status.split()[0])
