"""The terms to translate: all of them are in the template."""

import polib

from odoo.tests import TransactionCase

from devtools.inside_odoo.translations import I18N, export


class TestTemplate(TransactionCase):
    def test_the_template_has_every_term(self):
        known = {entry.msgid for entry in polib.pofile(I18N / "linga_octopus.pot")}
        missing = {entry.msgid for entry in export(self.env)} - known

        assert not missing, "Run ./dev translations."
