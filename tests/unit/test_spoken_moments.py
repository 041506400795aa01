"""Searching for a day or a time as the screen shows it, in the language of the user."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_text import folded
from spoken_moments import Speech, spoken_moments

TODAY = date(2026, 11, 29)
ENGLISH = Speech(
    months={"nov": 11, "november": 11, "dec": 12, "feb": 2},
    periods={"am": 0, "pm": 12},
    days={"today": 0, "yesterday": 1},
)
FRENCH = Speech(
    months={"nov": 11, "novembre": 11, "fevr": 2},
    days={"aujourd'hui": 0, "hier": 1},
    fillers=frozenset({"a"}),
    has_half_days=False,
    is_day_first=True,
)
ARABIC = Speech(months={folded("نوفمبر"): 11}, periods={"ص": 0, "م": 12}, is_day_first=True)


@pytest.mark.parametrize(
    ("text", "speech", "found"),
    [
        ("Nov 28", ENGLISH, ["2026-11-28"]),
        ("28 nov", ENGLISH, ["2026-11-28"]),
        ("November 28", ENGLISH, ["2026-11-28"]),
        ("Nov 28, 8:43 PM", ENGLISH, ["2026-11-28 20:43"]),
        ("Nov 28 8:43\u202fPM", ENGLISH, ["2026-11-28 20:43"]),
        ("8:43pm Nov 28", ENGLISH, ["2026-11-28 20:43"]),
        ("Nov 28 at 12:05 AM", ENGLISH, ["2026-11-28 00:05"]),
        ("11/28", ENGLISH, ["2026-11-28"]),
        ("Nov 28, 2025", ENGLISH, ["2025-11-28"]),
        ("Nov 2025", ENGLISH, ["2025-11"]),
        ("Dec 24", ENGLISH, ["2025-12-24"]),
        ("today", ENGLISH, ["2026-11-29"]),
        ("Yesterday 8:43 pm", ENGLISH, ["2026-11-28 20:43"]),
        ("24 nov.", FRENCH, ["2026-11-24"]),
        ("24 nov. 20:43", FRENCH, ["2026-11-24 20:43"]),
        ("24 nov. à 20:43", FRENCH, ["2026-11-24 20:43"]),
        ("3 févr.", FRENCH, ["2026-02-03"]),
        ("28/11", FRENCH, ["2026-11-28"]),
        ("28.11.", FRENCH, ["2026-11-28"]),
        ("hier", FRENCH, ["2026-11-28"]),
        ("٢٨ نوفمبر، ٨:٤٣ م", ARABIC, ["2026-11-28 20:43"]),
        ("28 نوفمبر 8:43\u200f م", ARABIC, ["2026-11-28 20:43"]),
    ],
)
def test_a_moment_is_found_as_the_screen_shows_it(text, speech, found):
    assert spoken_moments(folded(text), speech, TODAY) == found


def test_a_time_alone_is_of_the_last_days():
    found = spoken_moments("20:43", FRENCH, TODAY)
    assert found[:2] == ["2026-11-29 20:43", "2026-11-28 20:43"]
    assert len(found) == 14


def test_a_time_without_am_or_pm_may_be_either():
    found = spoken_moments("nov 28, 8:43", ENGLISH, TODAY)
    assert found == ["2026-11-28 08:43", "2026-11-28 20:43"]
    assert spoken_moments("nov 28 20:43", ENGLISH, TODAY) == ["2026-11-28 20:43"]
    assert spoken_moments("24 nov. 8:43", FRENCH, TODAY) == ["2026-11-24 08:43"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada",
        "Ada Nov 28",
        "nov",
        "28",
        "2026",
        "1150",
        "Nov 31",
        "25:00",
        "8:99",
        "pm",
        "today Nov 28",
        "12.50",
        "28 28 nov",
    ],
)
def test_what_is_no_moment(text):
    assert spoken_moments(folded(text), ENGLISH, TODAY) == []


@given(st.text(max_size=20))
def test_any_text_is_read(text):
    assert isinstance(spoken_moments(folded(text), ENGLISH, TODAY), list)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Núñez", "nunez"), ("Żółć", "zolc"), ("Ærø", "aro"), ("ADA", "ada"), ("نُوفمبر", "نوفمبر")],
)
def test_accents_and_capitals_do_not_count(text, plain):
    assert folded(text) == plain
