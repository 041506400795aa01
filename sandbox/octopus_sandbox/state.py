"""The state that the parts of a running sandbox share."""

import re
from collections import Counter
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request

from .faults import Faults
from .rate_limit import RateLimit
from .settings import Settings
from .store import Store
from .webhooks import Webhooks


class Sandbox:
    """Settings, store and switches of one sandbox."""

    def __init__(self, settings: Settings):
        self._started_with = settings
        self.settings = replace(settings)
        self.store = Store(settings.db)
        self.faults = Faults()
        self.requests = Counter()
        self.webhooks = Webhooks(self.store.db, self.settings)
        self.rate_limit = RateLimit(settings.rate_limit, settings.rate_window_seconds)
        self._routes = []  # (method, pattern, template), filled by `know_routes`

    def change_settings(self, changes: dict):
        """Change settings while running; the rate limit starts a new window."""
        for name, value in changes.items():
            setattr(self.settings, name, value)
        self.rate_limit = RateLimit(self.settings.rate_limit, self.settings.rate_window_seconds)

    def reset(self):
        """Go back to the state at the start, except for the ids: none is given twice."""
        self.store.db.clear()
        self.faults.replace([])
        self.requests.clear()
        self.change_settings(vars(self._started_with))
        self.webhooks.configure_from(self.settings)

    def know_routes(self, routers):
        """Store the API's paths, to name requests by their template."""
        self._routes = [
            (method, route.path_regex, re.sub(r":\w+}", "}", route.path))
            for router in routers
            for route in router.routes
            for method in route.methods
        ]

    def template(self, method: str, path: str) -> str:
        """Return the template that `path` (relative to the base path) matches, otherwise `path`."""
        for known_method, pattern, template in self._routes:
            if known_method == method and pattern.match(path):
                return template
        return path


async def get_sandbox(request: Request) -> Sandbox:
    """Return the sandbox that answers this request."""
    return request.app.state.sandbox


Here = Annotated[Sandbox, Depends(get_sandbox)]
