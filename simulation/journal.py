"""The log of a simulation: no error without a cause, no secret, nothing personal."""

import logging
import re

from octopus_sandbox.profiles.story import CUSTOMERS

from .signals import Violation

# Two transactions met, and one of them begins again: Odoo logs the query as an error.
COLLISION = re.compile(
    r"could not serialize access|lock timeout|deadlock detected|could not obtain lock",
    re.IGNORECASE,
)
ADDRESS = "80 Citizen Court"
# Of the customers of the stories. Shorter texts are parts of others.
PERSONAL = {text for customer in CUSTOMERS for text in customer if len(text) > 4} | {ADDRESS}


LOGGERS = ("odoo.addons.linga_octopus", "odoo.sql_db", "odoo.addons.base.models.ir_cron")


class Journal(logging.Handler):
    """Collects what is logged until the books are closed."""

    def __init__(self, simulation):
        super().__init__(logging.INFO)
        self._simulation = simulation
        self._errors = []
        self._leaks = []
        self.private = set(PERSONAL)
        root = logging.getLogger()
        for handler in [handler for handler in root.handlers if isinstance(handler, Journal)]:
            root.removeHandler(handler)
        root.addHandler(self)
        logging.getLogger("odoo.addons.linga_octopus").setLevel(logging.INFO)

    def emit(self, record):
        text = record.getMessage()
        if record.exc_info:
            text += f" {logging.Formatter().formatException(record.exc_info)}"
        if record.name.startswith(LOGGERS):
            self._leaks += [text for secret in self.private if secret in text]
        if record.levelno >= logging.ERROR and not COLLISION.search(text):
            self._errors.append(f"{record.name}: {text}")

    def check(self):
        """Raise a Violation for what must not be in a log."""
        if self._leaks:
            raise Violation("NoSecretInLog", self._leaks[0][:400])
        if self._errors:
            first = self._errors[0]
            text = first if len(first) < 1800 else f"{first[:900]} ... {first[-900:]}"
            raise Violation("NoErrorInLog", text)
