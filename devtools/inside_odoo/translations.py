"""Exports the addon's terms as Odoo does, and merges them into the translations."""

import io

import polib

from odoo.tools.translate import trans_export

from .. import paths

I18N = paths.ADDON / "i18n"
# These change with every export, even when no term does.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def run(env):
    template = export(env)
    template.save(I18N / "linga_octopus.pot")
    place = {entry.msgid: position for position, entry in enumerate(template)}
    for path in sorted(I18N.glob("*.po")):
        translation = polib.pofile(path)
        translation.merge(template)
        for entry in translation.obsolete_entries():
            translation.remove(entry)
        translation.sort(key=lambda entry: place[entry.msgid])
        translation.save(path)


def export(env):
    """Return the template of all terms of the addon."""
    content = io.BytesIO()
    trans_export(False, ["linga_octopus"], content, "po", env)
    template = polib.pofile(content.getvalue().decode())
    for date in DATES:
        template.metadata.pop(date)
    return template
