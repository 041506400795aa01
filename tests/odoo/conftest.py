"""Makes Odoo's test classes work outside an addon (pytest-odoo runs them)."""

from odoo.tests.common import BaseCase

# Odoo sets the tags of test classes only for modules below odoo.addons, and fails without.
# "standard" also switches on Odoo's guard against calls to outside hosts.
if getattr(BaseCase, "test_tags", None) is None:
    BaseCase.test_tags = {"standard", "post_install"}
