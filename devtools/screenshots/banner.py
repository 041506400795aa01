"""Draws the banner of the app's page in Odoo's list of apps.

The command is `python3 -m devtools.screenshots.banner`.
"""

from .. import paths
from ..steps import say
from .browser import browser

SOURCE = paths.ROOT / "devtools" / "screenshots" / "banner.html"
BANNER = paths.ADDON / "static" / "description" / "banner.png"
SIZE = {"width": 1120, "height": 560}


def main():
    """Draw the banner from banner.html, which shows two pictures of ./dev screenshots."""
    with browser() as chromium:
        page = chromium.new_page(viewport=SIZE)
        page.goto(SOURCE.as_uri(), wait_until="networkidle")
        page.screenshot(path=BANNER)
    say(f"{BANNER.relative_to(paths.ROOT)} is drawn")


if __name__ == "__main__":
    main()
