"""The translations: what programs put into a text is in the translated text as well."""

import re
from collections import Counter

import polib
import pytest

from devtools import paths

I18N = paths.ADDON / "i18n"
LANGUAGES = ("ar", "es", "fr", "zh_CN")
# What is filled in, and tags: losing one breaks the text, or the page.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd]|</?\w+|&\w+;")


def entries(language):
    return [entry for entry in polib.pofile(I18N / f"{language}.po") if entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_tags_are_kept(language):
    broken = [
        entry.msgid
        for entry in entries(language)
        if Counter(FIXED.findall(entry.msgid)) != Counter(FIXED.findall(entry.msgstr))
    ]

    assert not broken


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cashiers_see_all_day_is_translated(language):
    translated = {entry.msgid for entry in entries(language)}

    assert translated >= {"Online Orders", "Take Action", "Completed", "Cancelled", "Check Total"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_of_terms_that_exist(language):
    terms = {entry.msgid for entry in polib.pofile(I18N / "linga_octopus.pot")}

    assert {entry.msgid for entry in entries(language)} <= terms
