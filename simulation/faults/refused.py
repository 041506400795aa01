import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError

from . import CallFault


class Refused(CallFault):
    """Octopus does not accept the connection."""

    def before(self, request, dice):
        cause = MaxRetryError(None, request.url, ConnectTimeoutError())
        raise requests.ConnectionError(cause, request=request)
