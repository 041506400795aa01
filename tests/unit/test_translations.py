"""The translations: what programs put into a text is in the translated text as well."""

import re
from collections import Counter

import polib
import pytest

from devtools import paths

I18N = paths.ADDON / "i18n"
LANGUAGES = ("ar", "es", "fr", "zh_CN")
# Left empty, as the linter wants it, because a language writes them as English does.
SAME_EVERYWHERE = {
    "MSRP",
    "https://…/orders/{id}",
    "%(quantity)s × %(product)s",
    "Amazon",
    "BigCommerce",
    "ID",
    "Octopus",
    "SKU",
    "Shopify",
    "Walmart",
    "Webhook",
    "WooCommerce",
    "eBay",
    # No words: the export of Odoo takes a tuple that follows a term for another term.
    "id",
    "channel_notice",
}
UNITS = {"kg", "lb", "oz"}
SAME = {
    "zh_CN": UNITS,
    "es": UNITS
    | {
        "Manual",
        "SKU: %(old)s → %(new)s",
        "%s d",
        "%s h",
        "%s min",
        "Color",
        "No",
        "%(hours)s h %(minutes)s min",
        "%(minutes)s min",
        "Error",
        "Marketplace",
        "Stock",
        "Subtotal",
        "Total",
    },
    "fr": UNITS
    | {
        "Image",
        "%s h",
        "%s min",
        "Code",
        "Configuration",
        "Correction",
        "Date",
        "Journal",
        "Service",
        "TEST",
        "Taxes",
        "Version",
        "minutes",
        "%(hours)s h %(minutes)s min",
        "%(minutes)s min",
        "Actions",
        "Contact",
        "Dates",
        "Description",
        "Images",
        "Message",
        "Messages",
        "Minutes",
        "Position",
        "Stock",
        "Stocks",
        "Suggestion",
        "Total",
        "Type",
    },
}
# What is filled in, and tags: losing one breaks the text, or the page. An ampersand is a word
# like others: "Browse &amp; Subscribe" has an "and" in most languages.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd]|\$\{[^}]*\}|\{\{[^}]*\}\}|</?\w+|&(?!amp;)\w+;")


def entries(language):
    """Return what is translated: a fuzzy entry is the guess of a tool, which nobody has read."""
    return polib.pofile(I18N / f"{language}.po").translated_entries()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_kept(language):
    broken = [
        entry.msgid
        for entry in entries(language)
        if Counter(FIXED.findall(entry.msgid)) != Counter(FIXED.findall(entry.msgstr))
    ]

    assert not broken


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("%(count)s of %s", ["%(count)s", "%s"]),
        ("${object.name}: {{ object.total }}", ["${object.name}", "{{ object.total }}"]),
        ("<b>Q&nbsp;&amp;&lt;A</b>", ["<b", "&nbsp;", "&lt;", "</b"]),
    ],
)
def test_what_is_fixed_in_a_text(text, fixed):
    assert FIXED.findall(text) == fixed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_is_translated(language):
    terms = {entry.msgid for entry in polib.pofile(I18N / "linga_octopus.pot")}

    untranslated = terms - {entry.msgid for entry in entries(language)}

    assert untranslated - SAME_EVERYWHERE == SAME.get(language, set())


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_of_terms_that_exist(language):
    terms = {entry.msgid for entry in polib.pofile(I18N / "linga_octopus.pot")}

    assert {entry.msgid for entry in entries(language)} <= terms
