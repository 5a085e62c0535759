"""When something happened, and how far days lie apart: by the calendar, in this machine's own time.

A day is YYYY-MM-DD. A day is not always 24 hours long, so none is ever counted from a difference of
times; and its number is worked out here, because a signed date may be one that no calendar of the
machine's knows (year 0, 31 February).
"""

from datetime import datetime
from typing import TypeAlias

from microblog.client.shown import Post
from microblog.client.shown_picture import When

_LAST_MS = 253_402_128_000_000  # 9999-12-30, before any time zone ends
_DAY = len("2026-01-01")
_MONTHS = 12
_WEEK = 7

#: What things that happened are sorted by.
Order: TypeAlias = tuple[bool, str, str, str]


def when_of(post: Post) -> When:
    """Return when something happened: as its writer said, or else when it was posted.

    Of a row brought in that does not say, it is not known, and the time of bringing it in says
    nothing.
    """
    if post.happened:
        first, last = _span(post.happened)
        return When(at=post.happened, first=first, last=last, posted=False)
    if post.row:
        return When(at="", first="", last="", posted=False)
    at = local_time(post.time)
    return When(at=at, first=at[:_DAY], last=at[:_DAY], posted=True)


def compare_when(a: When, b: When) -> int:
    """Order by the first day on which it may have been, then the last, then the time.

    What is not known comes last.
    """
    one, other = when_order(a), when_order(b)
    return (one > other) - (one < other)


def when_order(when: When) -> Order:
    """Return what sorts as `compare_when` does."""
    return (not when.first, when.first, when.last, when.at[_DAY:] if when.first else "")


def days_between(start: str, end: str) -> int:
    """Return how many days after one day another is; below 0: before."""
    return _number(end) - _number(start)


def add_days(day: str, count: int) -> str:
    """Return the day so many days later; below 0: earlier."""
    return _day(_number(day) + count)


def monday_of(day: str) -> str:
    """Return the Monday of a day's week."""
    number = _number(day)
    return _day(number - (number + 3) % _WEEK)  # day 0 is 1970-01-01, a Thursday


def months_back(day: str, count: int) -> str:
    """Return the day so many months before; where that month is shorter, its last."""
    year, month, date = _parts(day)
    year, month = divmod(max(0, year * _MONTHS + month - 1 - count), _MONTHS)
    return _text(year, month + 1, min(date, _days_in(year, month + 1)))


def today(now: int) -> str:
    """Return the day it is on this machine."""
    return local_time(now)[:_DAY]


def local_time(time_ms: int) -> str:
    """Return a time as posts write when something happened: local, to the minute.

    Whoever signs an entry can write any time into it; one beyond the calendar is shown as its end.
    """
    moment = datetime.fromtimestamp(min(time_ms, _LAST_MS) / 1000).astimezone()
    return moment.strftime("%Y-%m-%dT%H:%M")


def _span(at: str) -> tuple[str, str]:
    # The days between which it lies; one that is none, such as 31 February, is its month's last.
    parts = list(map(int, at[:_DAY].split("-")))
    if len(parts) == 1:
        return _text(parts[0], 1, 1), _text(parts[0], _MONTHS, 31)
    end = _days_in(parts[0], parts[1])
    if len(parts) == 2:
        return _text(parts[0], parts[1], 1), _text(parts[0], parts[1], end)
    day = _text(parts[0], parts[1], min(parts[2], end))
    return day, day


def _number(day: str) -> int:
    # Days since 1970-01-01. Years are counted from March, so that a leap day is a year's last.
    year, month, date = _parts(day)
    era, in_era = divmod(year - 1 if month <= 2 else year, 400)
    in_year = (153 * ((month + 9) % _MONTHS) + 2) // 5 + date - 1
    return 146_097 * era + 365 * in_era + in_era // 4 - in_era // 100 + in_year - 719_468


def _day(number: int) -> str:
    era, in_era = divmod(number + 719_468, 146_097)
    years = (in_era - in_era // 1_460 + in_era // 36_524 - in_era // 146_096) // 365
    in_year = in_era - (365 * years + years // 4 - years // 100)
    march = (5 * in_year + 2) // 153
    month = march + 3 if march < 10 else march - 9
    year = years + 400 * era + (1 if month <= 2 else 0)
    return _text(year, month, in_year - (153 * march + 2) // 5 + 1)


def _parts(day: str) -> tuple[int, int, int]:
    year, month, date = map(int, day.split("-"))
    return year, month, date


def _days_in(year: int, month: int) -> int:
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _text(year: int, month: int, date: int) -> str:
    return f"{year:04}-{month:02}-{date:02}"
