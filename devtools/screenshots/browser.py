"""The machine's own Chromium, driven by Playwright: one window, for screenshots and e2e tests."""

from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Error, sync_playwright

from ..provision.system import find_chromium
from ..steps import Failure

OPTIONS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
SECONDS = 60


@contextmanager
def browser():
    """Give a browser without a past, the one that devtools.browser has set up."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        try:
            yield chromium
        finally:
            chromium.close()


class Chromium:
    """One window of a browser without a past; a context manager.

    `problems` collects what the page wrote to its console as an error.
    """

    def __init__(self, color_scheme="light"):
        self.color_scheme = color_scheme
        self.problems = []

    def __enter__(self):
        self._browser = browser()
        self.context = self._browser.__enter__().new_context(color_scheme=self.color_scheme)
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

    def run(self, script):
        """Evaluate JavaScript in the page; a promise is waited for."""
        return self.page.evaluate(script)

    def open(self, url, cookies=()):
        """Go to `url`, with these (name, value) cookies."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        self.context.add_cookies(
            [{"name": name, "value": value, "url": origin} for name, value in cookies]
        )
        self.page.goto(url, wait_until="domcontentloaded")

    def wait_for(self, condition, seconds=SECONDS):
        """Wait until a selector matches (or, starting with `return`, JavaScript answers true)."""
        try:
            if condition.startswith("return "):
                self.page.wait_for_function(f"() => {{ {condition} }}", timeout=seconds * 1000)
            else:
                self.page.wait_for_selector(condition, state="attached", timeout=seconds * 1000)
        except Error as error:
            raise Failure(f"Waited {seconds} s in vain for {condition}") from error

    def click(self, selector):
        """Wait for an element and click it."""
        try:
            self.page.locator(selector).first.click()
        except Error as error:
            raise Failure(f"Waited {SECONDS} s in vain to click {selector}") from error

    def picture(self, path):
        """Save what the window shows as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
