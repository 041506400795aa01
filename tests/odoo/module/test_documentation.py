"""Menu paths and scheduled actions in the documents exist under these names."""

import re

from lxml import etree

from odoo.tests import TransactionCase

from devtools import paths

DOCUMENTS = [
    *sorted(paths.ROOT.glob("*.md")),
    *sorted((paths.ROOT / "docs").glob("*.md")),
    paths.ADDON / "static" / "description" / "index.html",
]
# A menu path is written in bold or italics.
WAY = re.compile(r"(?:\*\*|\*|<b>)([^*<>|():]{3,40}▸[^*<>|():]{3,120})(?:\*\*|\*|</b>)")
# Icons, which are no text on the page.
ICONS = {"gear"}


class TestWays(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.menus = cls.env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
        cls.admin = cls.env.ref("base.user_admin")

    def test_every_way_exists(self):
        wrong = [
            f"{document.relative_to(paths.ROOT)}: {' ▸ '.join(way)}: no {place}"
            for document in DOCUMENTS
            for way in ways(document.read_text())
            if (place := self.first_missing(way))
        ]
        self.assertFalse(wrong, "\n".join(wrong))

    def test_there_are_ways_to_try(self):
        manual = (paths.ROOT / "docs" / "for-managers.md").read_text()
        self.assertGreater(len(list(ways(manual))), 5)

    def test_a_way_that_leads_nowhere_is_noticed(self):
        self.assertFalse(self.first_missing(["Octopus", "Activity", "Sync Runs"]))
        self.assertEqual(self.first_missing(["Octopus", "Activity", "Parcels"]), "Parcels")
        self.assertEqual(self.first_missing(["Octopus", "Parcels"]), "Parcels")

    # === TRYING === #

    def first_missing(self, way):
        """Return the first place of a way that is not there: menus first, then what the page
        shows that the last of them opens."""
        menu, text = self.menus.browse(), None
        for place in way:
            below = self.menus.search([("parent_id", "=", menu.id), ("name", "=", place)], limit=1)
            if below and text is None:
                menu = below
                continue
            if not menu:
                return place
            text = self.page_texts(menu) if text is None else text
            if place not in ICONS and place.lower() not in text:
                return place
        return None

    def page_texts(self, menu):
        """Return every text of the views that a menu opens, in small letters."""
        # The entry of an app opens what the first entry below it opens.
        below = self.menus.search([("parent_id", "child_of", menu.id)])
        actions = [entry.action for entry in menu | below if entry.action]
        windows = [action for action in actions if action._name == "ir.actions.act_window"]
        if not windows:
            return set()
        model = self.env[windows[0].res_model]
        kinds = [(False, "form"), (False, "list"), (False, "search")]
        views = model.with_user(self.admin).get_views(kinds)
        found = []
        for view in views["views"].values():
            for node in etree.fromstring(view["arch"]).iter(etree.Element):
                found += [node.text or "", node.tail or ""]
                found += [node.get(name) or "" for name in ("string", "title", "help")]
        for fields in views["models"].values():
            for field in fields["fields"].values():
                found.append(field.get("string") or "")
                found += [label for _value, label in field.get("selection") or ()]
        return {" ".join(text.split()).lower() for text in found}


def ways(text):
    """Yield the ways of a document, each as its places."""
    for way in WAY.findall(text):
        way = way.replace("&amp;", "&")
        yield [" ".join(place.split()) for place in way.split("▸")]


class TestScheduledActions(TransactionCase):
    def test_operations_lists_each_by_its_priority(self):
        text = (paths.ROOT / "docs" / "operations.md").read_text()
        [listed] = re.findall(r"order in which they matter: ([^.]*)\.", text)
        crons = self.env["ir.cron"].with_context(active_test=False).search([])
        ours = crons.filtered(lambda cron: cron.name.startswith("Octopus: ")).sorted("priority")
        self.assertEqual(len(set(ours.mapped("priority"))), len(ours))
        for item, cron in zip(listed.split(","), ours, strict=True):
            words = re.findall(r"[a-z]{3,}", item)
            self.assertIn(words[0].removesuffix("s")[:5], cron.name)
