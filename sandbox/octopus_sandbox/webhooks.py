"""Webhooks: delivered at least once, with retries; kept in the database until then."""

import asyncio
import base64
import logging
import random
import time

import httpx

from .answer import dump
from .settings import Settings
from .store.database import Database

_logger = logging.getLogger(__name__)

AT_ONCE = 8  # deliveries at the same time
SHUFFLE_SECONDS = 1.0
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
# Keep connections only briefly: one that the subscriber has closed costs a try.
LIMITS = httpx.Limits(keepalive_expiry=1.0)


class Webhooks:
    """The subscribers, and the queue of events that they have not confirmed."""

    def __init__(self, db: Database, settings: Settings):
        self.db = db
        self.settings = settings
        self._wake = asyncio.Event()
        self.configure_from(settings)

    # === Configuration === #

    def configure_from(self, settings: Settings):
        """Take over the settings of the start."""
        self.configure([settings.webhook_url] if settings.webhook_url else [])

    def configure(self, urls, *, credentials=True, duplicates=0, shuffle=False):
        """Replace the subscribers.

        :param credentials: False leaves out everything that authenticates the sender
        :param duplicates: how many extra copies of each event are sent
        :param shuffle: deliver in random order
        """
        self.urls = list(urls)
        self.credentials = credentials
        self.duplicates = duplicates
        self.shuffle = shuffle

    def describe(self):
        """Return the subscribers and the state of the deliveries."""
        counts = self.db.all("SELECT state, COUNT(*) AS n FROM delivery GROUP BY state")
        failing = self.db.all(
            "SELECT id, topic, tries, state, answer FROM delivery"
            " WHERE answer IS NOT NULL AND state != 'delivered' ORDER BY id DESC LIMIT 20"
        )
        return {
            "urls": self.urls,
            "credentials": self.credentials,
            "duplicates": self.duplicates,
            "shuffle": self.shuffle,
            "deliveries": {row["state"]: row["n"] for row in counts},
            "failing": [dict(row) for row in failing],
        }

    # === Queue === #

    def send(self, topic: str, body: dict):
        """Queue one event for every subscriber."""
        text, moment = dump(body), time.time()
        rows = []
        for url in self.urls:
            for _copy in range(1 + self.duplicates):
                wait = random.uniform(0, SHUFFLE_SECONDS) if self.shuffle else 0
                rows.append((url, topic, text, int(self.credentials), moment + wait))
        if rows:
            self.db.many(
                "INSERT INTO delivery (url, topic, body, credentials, next_try_at)"
                " VALUES (?, ?, ?, ?, ?)",
                rows,
            )
            self._wake.set()

    async def run(self):
        """Deliver events until the server stops and cancels this task."""
        self.db.run("UPDATE delivery SET state = 'waiting' WHERE state = 'sending'")
        async with httpx.AsyncClient(timeout=TIMEOUT, limits=LIMITS, trust_env=False) as client:
            await asyncio.gather(*(self._work(client) for _worker in range(AT_ONCE)))

    async def _work(self, client):
        while True:
            self._wake.clear()
            if row := self._claim():
                await self._deliver(client, row)
            else:
                await self._sleep_until_next()

    def _claim(self):
        """Take the next due delivery; a restart finds it as 'sending' and repeats it."""
        return self.db.one(
            "UPDATE delivery SET state = 'sending' WHERE id = ("
            " SELECT id FROM delivery WHERE state = 'waiting' AND next_try_at <= ?"
            " ORDER BY next_try_at, id LIMIT 1) RETURNING *",
            time.time(),
        )

    async def _sleep_until_next(self):
        row = self.db.one("SELECT MIN(next_try_at) AS at FROM delivery WHERE state = 'waiting'")
        seconds = None if row["at"] is None else max(0.01, row["at"] - time.time())
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except asyncio.TimeoutError:
            pass  # the next delivery is due

    async def _deliver(self, client, row):
        try:
            answer = await client.post(
                row["url"], content=row["body"].encode(), headers=self._headers(row)
            )
            outcome = None if answer.is_success else f"HTTP {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            outcome = f"{type(error).__name__}: {error}"
        if outcome is None:
            self.db.run(
                "UPDATE delivery SET state = 'delivered', tries = tries + 1 WHERE id = ?", row["id"]
            )
            return
        tries = row["tries"] + 1
        last = tries >= self.settings.webhook_tries
        _logger.warning("webhook %s, try %s: %s", row["topic"], tries, outcome)
        self.db.run(
            "UPDATE delivery SET state = ?, tries = ?, answer = ?, next_try_at = ? WHERE id = ?",
            "failed" if last else "waiting",
            tries,
            outcome,
            time.time() + self.settings.webhook_first_delay * 2 ** (tries - 1),
            row["id"],
        )

    def _headers(self, row):
        headers = {"Content-Type": "application/json", "X-Octopus-Topic": row["topic"]}
        if row["credentials"]:
            merchant, access_id = self.settings.merchant, self.settings.access_id
            pair = base64.b64encode(f"{merchant}:{access_id}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
            headers["X-Octopus-Access-Token"] = access_id
        return headers
