"""Debian's Chromium, and the Node that Playwright brings to control it."""

from . import system, venv


def ensure():
    """Make sure that both start; needs the Python environment (see `venv`)."""
    chromium = system.require(system.find_chromium, ["chromium"], "Chromium")
    system.require_start([chromium, "--version"], "Chromium")
    [driver] = venv.DIRECTORY.glob("lib/*/site-packages/playwright/driver/node")
    system.require_start([driver, "--version"], "Playwright's Node")
