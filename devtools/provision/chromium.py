"""Debian's Chromium, and the Node that Playwright brings to control it."""

from . import system, venv


def install():
    """Return the path of Chromium; install it when it is missing."""
    return system.require(system.find_chromium, ["chromium-headless-shell"], "Chromium")


def ensure():
    """Make sure that both start; needs the Python environment (see `venv`)."""
    chromium = install()
    system.require_start([chromium, "--version"], "Chromium")
    [driver] = venv.DIRECTORY.glob("lib/*/site-packages/playwright/driver/node")
    system.require_start([driver, "--version"], "Playwright's Node")
