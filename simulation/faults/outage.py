import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from . import Incident
from .server_error import error


class Outage(Incident):
    """Octopus does not answer for a while; most outages are over soon."""

    per_day = 0.7
    minutes = (1, 150)

    def begin(self, dice):
        self._is_refused = dice.random() < 0.5

    def hits(self, request, dice):
        if self._is_refused:
            cause = MaxRetryError(None, request.url, ConnectTimeoutError())
            raise requests.ConnectionError(cause, request=request)
        return error(dice)
