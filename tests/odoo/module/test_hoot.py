"""Runs the Hoot tests of the addon's JavaScript in a browser."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from devtools.provision.system import find_chromium


def hoot_id(name):
    """Return the id by which Hoot knows a suite."""
    number = 0
    for letter in name:
        number = ((number << 5) - number + ord(letter)) & 0xFFFFFFFF
    return f"{number:08x}"


@tagged("post_install", "-at_install")
@patch.object(ChromeBrowser, "executable", find_chromium())  # Odoo knows fewer names
class TestHoot(HttpCase):
    def test_javascript(self):
        suite = hoot_id("@linga_octopus")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal="[HOOT] Test suite succeeded",
            # Only what Hoot itself reports is a failure of a test.
            error_checker=lambda message: "[HOOT]" not in message,
        )
