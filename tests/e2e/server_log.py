"""What no log of an Odoo server may hold after any test: errors, customers, payloads, secrets."""

import re

ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:)", re.MULTILINE)
ERROR = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) ")
# Keys of the payload of an order, wherever it comes from.
PAYLOAD = re.compile(r"first_name|billing_address|line_items|financial_status")
# Errors that are no failure of the addon, by name: the text, and the reason.
ALLOWED_ERRORS = {
    "collision of another app": (
        re.compile(r"bad query:(?!.*octopus_).*could not serialize", re.DOTALL),
        "Odoo's apps log two changes of their own records (a transfer, a chat), and Odoo repeats "
        "the second",
    ),
}
# Shorter words are in the log by chance.
MIN_WORD = 5
PERSONAL_FIELDS = ["customer_name", "email", "phone", "billing_address", "shipping_address"]


class ServerLogs:
    """The logs of all Odoo servers of the shop, as far as they were written since `forget`.

    :param first: the log of the shop's own server; those of others have longer names (`beside`)
    :param secrets: texts that are in no log
    """

    def __init__(self, first, secrets):
        self.first = first
        self.secrets = secrets
        self.forget()

    def forget(self):
        """Look at what is written from now on only."""
        self._sizes = {path: path.stat().st_size for path in self._paths()}

    def findings(self, orders):
        """Return what should not be in the logs.

        :param orders: the orders that Odoo has, with PERSONAL_FIELDS
        """
        private = re.compile("|".join(sorted(self.secrets | _personal_texts(orders))))
        found = []
        for entry in self._entries():
            if ERROR.match(entry) and not is_allowed(entry):
                found.append(entry)
            elif PAYLOAD.search(entry) or private.search(entry):
                found.append(f"private: {entry}")
        return found

    def _paths(self):
        """Return the logs of the servers; `-setup` are those of installations."""
        logs = self.first.parent.glob(f"{self.first.stem}*.log")
        return [path for path in logs if "-setup" not in path.name]

    def _entries(self):
        for path in self._paths():
            with path.open("rb") as log:
                size = self._sizes.get(path, 0)
                # A server that is started anew may begin its log anew.
                log.seek(size if size <= path.stat().st_size else 0)
                yield from ENTRY.split(log.read().decode("utf-8", "replace"))


def beside(odoo, name):
    """Return the log of one more server, or another program, on the database of `odoo`."""
    first = odoo.server.log_file
    return first.with_stem(f"{first.stem}-{name}")


def is_allowed(entry):
    """Return whether an entry is in the list of errors that may be there."""
    return any(pattern.search(entry) for pattern, _reason in ALLOWED_ERRORS.values())


def _personal_texts(orders):
    """Return patterns of the names, addresses, phone numbers and e-mails of these orders."""
    words, lines = set(), set()
    for order in orders:
        words.update((order["customer_name"] or "").split())
        lines.update(order[name] for name in ("email", "phone") if order[name])
        for name in ("billing_address", "shipping_address"):
            # Without towns and countries: the log may name them for another reason.
            text = (order[name] or "").splitlines()
            lines.update(line for line in text if re.search(r"\d+ [A-Za-z]{3}", line))
    patterns = {rf"\b{re.escape(word)}\b" for word in words if len(word) >= MIN_WORD}
    return patterns | {re.escape(line) for line in lines if len(line) >= MIN_WORD}
