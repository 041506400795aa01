"""Debian's Chromium, controlled by Playwright, for screenshots and e2e tests."""

from contextlib import contextmanager
from urllib.parse import urljoin

from playwright.sync_api import Error, sync_playwright

from ..provision.system import find_chromium
from ..steps import Failure

OPTIONS = (
    "--no-sandbox",  # root cannot run Chromium in its sandbox
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SECONDS = 60


@contextmanager
def browser():
    """Start a browser with an empty profile; `provision.chromium` has installed it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        try:
            yield chromium
        finally:
            chromium.close()


class Chromium:
    """One window of a browser with an empty profile; a context manager.

    `problems` lists the errors in the console of the page.
    """

    def __init__(self):
        self.problems = []

    def __enter__(self):
        self._browser = browser()
        self.context = self._browser.__enter__().new_context()
        self.context.set_default_timeout(SECONDS * 1000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note_console)
        return self

    def __exit__(self, *exception):
        return self._browser.__exit__(*exception)

    def _note_console(self, message):
        if message.type == "error":
            self.problems.append(f"{message.text} {message.location.get('url', '')}")

    def resize(self, width, height):
        """Set the size of the window."""
        self.page.set_viewport_size({"width": width, "height": height})

    def open(self, url, session):
        """Open `url` with the id of an Odoo session."""
        site = urljoin(url, "/")
        self.context.add_cookies([{"name": "session_id", "value": session, "url": site}])
        self.page.goto(url, wait_until="domcontentloaded")

    def wait_for(self, selector):
        """Wait until an element is there."""
        try:
            self.page.wait_for_selector(selector, state="attached")
        except Error as error:
            raise Failure(f"Waited {SECONDS} s in vain for {selector}") from error

    def click(self, selector):
        """Wait for an element and click it."""
        try:
            self.page.locator(selector).first.click()
        except Error as error:
            raise Failure(f"Waited {SECONDS} s in vain to click {selector}") from error

    def picture(self, path):
        """Save the content of the window as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
