import requests
from urllib3.exceptions import ProtocolError

from . import CallFault


class LostAnswer(CallFault):
    """Octopus has done the work, and its answer gets lost."""

    weight = 4

    def after(self, answer, dice):
        if dice.random() < 0.5:
            raise requests.ReadTimeout
        raise requests.ConnectionError(ProtocolError("Connection aborted."))
