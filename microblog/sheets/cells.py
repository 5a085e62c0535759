"""What stands in a cell: numbers as they are written, days and times as their format shows them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

# Built-in formats that show a day, and those that show a time: ECMA-376, part 1, 18.8.30.
_DAY_FORMATS: Final = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_TIME_FORMATS: Final = frozenset({*range(18, 23), *range(32, 36), 45, 46, 47, 55, 56})
# No spreadsheet takes a longer one, and looking for brackets in a very long one never ends.
_LONGEST_FORMAT: Final = 255
_NO_PART: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|am/pm|a/p')
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_ISO: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::[\d.]+)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII
)
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d))?)?)?", re.ASCII)
_FIFTEEN: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_DAY_SECONDS: Final = 86_400
_LAST_DAY: Final = 2_958_465
"""31 December 9999."""


def shows(number: int, code: str | None) -> tuple[bool, bool]:
    """Say whether a number format shows a day, and whether it shows a time."""
    if code is None:
        return number in _DAY_FORMATS, number in _TIME_FORMATS
    if len(code) > _LONGEST_FORMAT:
        return False, False
    letters = _NO_PART.sub("", code.lower()).split(";")[0]
    if letters == "general":
        return False, False
    time = "h" in letters or "s" in letters or "[m" in letters
    day = "d" in letters or "y" in letters or ("m" in letters and not time)
    return day, time


def number_text(raw: str) -> str:
    """Return a number as a person would write it: fifteen digits at most, no exponent."""
    raw = raw.strip(" \t\r\n")
    if _WHOLE.fullmatch(raw):
        return str(int(raw))
    if not _NUMBER.fullmatch(raw) or abs(float(raw)) == float("inf"):
        return raw
    text = format(_FIFTEEN.create_decimal(Decimal(float(raw))), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text


def moment_text(raw: str, day: bool, time: bool, since_1904: bool) -> str:
    """Return a number that is shown as a day or a time: YYYY-MM-DD, YYYY-MM-DDTHH:MM or HH:MM."""
    raw = raw.strip(" \t\r\n")
    if not _NUMBER.fullmatch(raw) or abs(float(raw)) > 10_000_000:
        return number_text(raw)
    seconds = int(float(raw) * _DAY_SECONDS + 0.5)
    days, seconds = divmod(seconds, _DAY_SECONDS)
    clock = f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
    if not day:
        return clock if days == 0 and float(raw) >= 0 else number_text(raw)
    if since_1904:
        days += 1462
    if not 1 <= days <= _LAST_DAY or float(raw) < 0:
        return number_text(raw)
    # There is a 29 February 1900 in spreadsheets, day 60, which never was.
    first = datetime(1899, 12, 31 if days < 60 else 30, tzinfo=UTC)
    date = (first + timedelta(days=days)).date().isoformat()
    return f"{date}T{clock}" if time or seconds >= 60 else date


def iso_text(raw: str) -> str:
    """Return a day that is written out in a file, to the minute."""
    found = _ISO.fullmatch(raw.strip(" \t\r\n"))
    if not found:
        return raw
    return f"{found[1]}T{found[2]}" if found[2] else found[1]


def day_first(cell: str) -> str:
    """Return a day as it is written here, 31/05/2026 14:30, 05/2026 or 2026; all else stays."""
    found = _DAY.fullmatch(cell)
    if not found:
        return cell
    year, month, day, clock = found.groups()
    days = "/".join(part for part in (day, month, year) if part)
    return f"{days} {clock}" if clock else days


def serial(cell: str) -> float | None:
    """Return the number by which spreadsheets know a day; None: it is none, or too early."""
    try:
        moment = datetime.fromisoformat(cell).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not _DAY.fullmatch(cell) or moment < datetime(1900, 3, 1, tzinfo=UTC):
        return None
    return (moment - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1)


def is_number(cell: str) -> bool:
    """Say whether a cell may go out as a number without losing a digit."""
    return _PLAIN_NUMBER.fullmatch(cell) is not None and number_text(cell) == cell
