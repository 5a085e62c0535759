"""Dates and times as people write them here: the day comes first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from microblog.client.when import add_days

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_EARLIEST = 1900
_NOBODY_KNOWS = ("", "not sure when", "not known", "unknown")
_NO_DATE = "that is not a date that can be read"

_WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[, ]+")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])(.*)")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})(?![0-9])(.*)"
)  # fmt: skip
_DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{3,9})[-/., ]*"
    r"([0-9]{4}|[0-9]{2})(?![0-9])(.*)"
)
_MONTH_NAMED = re.compile(
    r"([a-z]{3,9})[-. ]*([0-9]{1,2})(?:st|nd|rd|th)?[, ]+([0-9]{4})(?![0-9])(.*)"
)
_MONTH_ONLY = re.compile(r"([a-z]{3,9})[-/., ]*'?([0-9]{4}|[0-9]{2})")
_MONTH_NUMBER = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_YEAR_ONLY = re.compile(r"[0-9]{4}")

_CLOCK = re.compile(
    r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)? ?(am|pm|hrs|h)?"
)  # fmt: skip
_HOUR = re.compile(r"([0-9]{1,2})() ?(am|pm)")
_FOUR = re.compile(r"([0-9]{2})([0-9]{2})() ?(?:hrs|h)?")
_BEFORE_CLOCK = re.compile(r"^(?:t| at |[ ,]+)")


@dataclass(frozen=True, slots=True)
class Dated:
    """What a cell says: `at` as in a post, or what is `wrong`, as the end of a sentence."""

    at: str = ""
    wrong: str = ""


def read_date(cell: str, latest: str) -> Dated:
    """Return when a cell says that something was; nothing, if it is empty or nobody knows.

    Nothing may be later than the day `latest`, and of two digits the year is the last such one up
    to it.
    """
    text = _WEEKDAY.sub("", _plain(cell))
    if text in _NOBODY_KNOWS:
        return Dated()
    written = _day_in(text)
    return _read_day(written, latest) if written else _read_month(text, latest)


def read_clock(cell: str) -> str:
    """Return a time of day as HH:MM; empty: it is none."""
    text = _plain(cell)
    found = _CLOCK.fullmatch(text) or _HOUR.fullmatch(text) or _FOUR.fullmatch(text)
    if not found:
        return ""
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    is_hour = hour < 24
    if half in ("am", "pm"):
        is_hour = 1 <= hour <= 12
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if is_hour and minute < 60 else ""


def _day_in(text: str) -> tuple[str, str, str, str] | None:
    """Return a date's year, month and day as they were written, and what stands after it."""
    if found := _YEAR_FIRST.fullmatch(text):
        return found[1], found[2], found[3], found[4]
    if found := _DAY_FIRST.fullmatch(text) or _DAY_NAMED.fullmatch(text):
        return found[3], found[2], found[1], found[4]
    if found := _MONTH_NAMED.fullmatch(text):
        return found[3], found[1], found[2], found[4]
    return None


def _read_day(written: tuple[str, str, str, str], latest: str) -> Dated:
    years, months, days, rest = written
    month, day = _month(months), int(days)
    if month < 0:
        return Dated(wrong=_NO_DATE)
    if not 1 <= month <= 12:
        return Dated(wrong=f"day first: there is no month {month}")

    def build(year: int) -> str:
        return f"{year:04}-{month:02}-{day:02}"

    date = build(_year(years, lambda year: build(year) <= latest))
    if day == 0 or add_days(date, 0) != date:
        return Dated(wrong=f"{_MONTHS[month - 1].capitalize()} {date[:4]} has no day {day}")
    time = _BEFORE_CLOCK.sub("", rest)
    clock = read_clock(time) if time else ""
    if time and not clock:
        return Dated(wrong=f"“{time}” is not a time that can be read")
    return _bounded(f"{date}T{clock}" if clock else date, latest)


def _read_month(text: str, latest: str) -> Dated:
    if _YEAR_ONLY.fullmatch(text):
        return _bounded(text, latest)
    if found := _YEAR_MONTH.fullmatch(text):
        years, months = found[1], found[2]
    elif found := _MONTH_ONLY.fullmatch(text) or _MONTH_NUMBER.fullmatch(text):
        years, months = found[2], found[1]
    else:
        return Dated(wrong=_NO_DATE)
    month = _month(months)
    if month < 0:
        return Dated(wrong=_NO_DATE)
    if not 1 <= month <= 12:
        return Dated(wrong=f"there is no month {month}")
    year = _year(years, lambda one: f"{one:04}-{month:02}" <= latest)
    return _bounded(f"{year:04}-{month:02}", latest)


def _bounded(at: str, latest: str) -> Dated:
    if int(at[:4]) < _EARLIEST:
        return Dated(wrong=f"the year {at[:4]} is too long ago")
    day = at[: len("2026-01-01")]
    return Dated(wrong="that is still to come") if day > latest[: len(day)] else Dated(at=at)


def _month(text: str) -> int:
    """Return a month's number; below 0: it is none."""
    if text.isdigit():
        return int(text)
    if text == "sept":
        return 9
    named = (number for number, month in enumerate(_MONTHS, 1) if month.startswith(text))
    return next(named, -1)


def _year(text: str, is_past: Callable[[int], bool]) -> int:
    year = int(text)
    if len(text) == len("2026"):
        return year
    return 2000 + year if is_past(2000 + year) else 1900 + year


def _plain(cell: str) -> str:
    """Return a cell as it is compared: in small letters, with one space between words."""
    text = re.sub("[ \t\r\n\u00a0]+", " ", cell).strip(" ")
    return re.sub(r"([ap])\.m\.?", r"\1m", text.lower())
