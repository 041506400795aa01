"""Days and times as people read them on a screen, such as "Nov 28, 8:43 PM" or "24 nov."."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?([ap]m)?")
SHORT_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})")
DAY_NUMBER = re.compile(r"\d{1,2}")
YEAR = re.compile(r"\d{4}")
# Marks of the direction of writing, which some languages put into their dates.
DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
# A time without a day is looked for in so many days.
DAYS_OF_A_TIME = 14


@dataclass(frozen=True)
class Speech:
    """How people of a language say days and times; all words are `folded`."""

    months: dict = field(default_factory=dict)  # the number of a month by each of its names
    periods: dict = field(default_factory=dict)  # hours to add: {"am": 0, "pm": 12}
    days: dict = field(default_factory=dict)  # days before today: {"today": 0, "yesterday": 1}
    fillers: frozenset = frozenset({"at"})  # words between a day and a time
    has_half_days: bool = True  # 8:43 may be in the morning or in the evening
    is_day_first: bool = False  # 3/5 is May 3


def spoken_moments(text, speech, today):
    """Return the days, months or minutes that `text` names, as ISO texts such as "2026-11-28",
    "2026-11" and "2026-11-28 20:43"; empty when it names none.

    A day without a year is the latest one that is not in the future. A time without a day is of
    the last days.

    :param text: as `search_text.folded` returns it
    :param Speech speech: of the user
    :param date today: in the time zone of the user
    """
    parts = _Parts(speech)
    words = DIRECTION_MARKS.sub("", _with_plain_digits(text)).replace(",", " ").split()
    if not words or not all(parts.add(word.rstrip(".")) for word in words):
        return []
    return parts.moments(today)


def _with_plain_digits(text):
    """Return the text with the digits 0 to 9, and commas of other scripts as commas."""
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )
    return digits.replace("\u060c", ",")


class _Parts:
    """The parts of a moment, found word by word."""

    def __init__(self, speech):
        self.speech = speech
        self.year = self.month = self.day = self.before = self.time = self.period = None

    def add(self, word):
        """Take a word, and return whether it is a part of a moment that is not known yet."""
        if not word or word in self.speech.fillers:
            return True
        for name, value in self._meanings(word):
            if getattr(self, name) is None:
                setattr(self, name, value)
                return True
        short = SHORT_DATE.fullmatch(word)
        if short and self.month is None and self.day is None:
            one, other = map(int, short.groups())
            self.day, self.month = (one, other) if self.speech.is_day_first else (other, one)
            return True
        return False

    def _meanings(self, word):
        speech = self.speech
        if clock := TIME.fullmatch(word):
            hour, minute, period = clock.groups()
            if period:
                self.period = speech.periods.get(period, 12 if period == "pm" else 0)
            yield "time", (int(hour), int(minute))
        if word in speech.periods:
            yield "period", speech.periods[word]
        if word in speech.months:
            yield "month", speech.months[word]
        if word in speech.days:
            yield "before", speech.days[word]
        if YEAR.fullmatch(word):
            yield "year", int(word)
        if DAY_NUMBER.fullmatch(word):
            yield "day", int(word)

    def moments(self, today):
        """Return the moments as ISO texts."""
        try:
            days = self._days(today)
            times = self._times()
        except ValueError:
            return []
        if times:
            return [f"{day} {time}" for day in days for time in times]
        if self.time or self.period is not None:
            return []
        if self.month and self.year and not self.day:
            return [f"{self.year}-{self.month:02}"]
        return [str(day) for day in days] if self.day or self.before is not None else []

    def _days(self, today):
        if self.before is not None:
            return [] if self.day or self.month else [today - timedelta(days=self.before)]
        if self.day and self.month:
            if self.year:
                return [date(self.year, self.month, self.day)]
            day = date(today.year, self.month, self.day)
            return [day if day <= today else date(today.year - 1, self.month, self.day)]
        if self.day or self.month or self.year or not self.time:
            return []
        return [today - timedelta(days=before) for before in range(DAYS_OF_A_TIME)]

    def _times(self):
        if not self.time:
            return []
        hour, minute = self.time
        if self.period is not None:
            hours = [hour % 12 + self.period]
        elif self.speech.has_half_days and 1 <= hour <= 12:
            hours = [hour % 12, hour % 12 + 12]
        else:
            hours = [hour]
        return [f"{each:02}:{minute:02}" for each in hours if each < 24 and minute < 60]
