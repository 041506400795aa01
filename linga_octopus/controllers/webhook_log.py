"""The webhook's address holds its secret; what is logged of a request does not."""

import logging
import re
import threading

TOKEN = re.compile(r"(/octopus/webhook/)[^/?\s\"]+")


class WithoutToken(logging.Filter):
    """Takes the secret out of what is logged."""

    def filter(self, record):
        record.msg = _without(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without, record.args))
        return True


def forget_address():
    """Take the secret out of what Odoo notes on the thread, and logs when it dumps all stacks."""
    thread = threading.current_thread()
    thread.url = _without(getattr(thread, "url", ""))


def _without(value):
    return TOKEN.sub(r"\1...", value) if isinstance(value, str) else value


logging.getLogger("werkzeug").addFilter(WithoutToken())
