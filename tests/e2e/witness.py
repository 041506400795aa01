"""What no screen may leave behind: errors in the console, files not found, server warnings."""

import re

from .server_log import ENTRY, is_allowed

WARNING = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
# A dangling link in Debian's package of Odoo, and what Odoo says to a browser that is told to do
# without service workers; nothing of ours.
NOT_OURS = re.compile(r"/fonts/Inconsolata\.otf|Service worker registration failed")
# The browser says the same once more for each answer that is an error, and for a lost network.
SAID_TWICE = "Failed to load resource"


class Witness:
    """Sees what the browser's pages and Odoo's log complain of."""

    def __init__(self, log_file):
        self.log_file = log_file
        self.seen = []
        self.pages = []
        self.log_size = log_file.stat().st_size

    def watch(self, page):
        """Listen to a page from now on."""
        self.pages.append(page)
        page.on("pageerror", lambda error: self._note(f"page: {error}"))
        page.on("console", self._note_console)
        page.on("response", self._note_response)

    def forget(self):
        """Begin anew, or excuse what a test has done on purpose."""
        self._hear_out()
        self.seen.clear()
        self.log_size = self.log_file.stat().st_size

    def complaints(self):
        """What there was since the last `forget`."""
        self._hear_out()
        with self.log_file.open("rb") as log:
            log.seek(self.log_size)
            entries = ENTRY.split(log.read().decode("utf-8", "replace"))
        warnings = [
            f"server: {entry}"
            for entry in entries
            if WARNING.match(entry) and not is_allowed(entry)
        ]
        return [*self.seen, *warnings]

    def _hear_out(self):
        """Take in what the pages said while nobody asked them anything.

        Playwright hands events over only while it is called: what a page says during a test that
        kills servers would else be laid at the door of the next test with a browser.
        """
        self.pages = [page for page in self.pages if not page.is_closed()]
        for page in self.pages:
            page.context.cookies()

    def _note(self, text):
        if not NOT_OURS.search(text):
            self.seen.append(text)

    def _note_console(self, message):
        if message.type == "error" and not message.text.startswith(SAID_TWICE):
            self._note(f"console: {message.text}")

    def _note_response(self, response):
        if response.status >= 400:
            self._note(f"{response.status}: {response.url}")
