"""What a browser under control needs: Debian's Chromium, and the Node that Playwright brings."""

from . import system, venv


def ensure():
    """Have a Chromium and a Playwright that start; the Python environment must be there."""
    chromium = system.require(system.find_chromium, ["chromium"], "Chromium")
    system.require_start([chromium, "--version"], "Chromium")
    [driver] = venv.DIRECTORY.glob("lib/*/site-packages/playwright/driver/node")
    system.require_start([driver, "--version"], "Playwright's Node")
