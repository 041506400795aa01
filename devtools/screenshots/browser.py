"""Debian's Chromium, controlled by Playwright, for screenshots and e2e tests."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from ..provision.system import find_chromium

OPTIONS = (
    "--no-sandbox",  # root cannot run Chromium in its sandbox
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-gpu",  # there is none, and emulating one takes a seventh of all work
)


@contextmanager
def browser():
    """Start a browser with an empty profile; `provision.chromium` has installed it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(OPTIONS))
        try:
            yield chromium
        finally:
            chromium.close()
