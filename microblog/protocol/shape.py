"""Checks of decoded values against the shape that a rule asks for; `what` names the value."""

import re
from collections.abc import Sequence

from microblog.protocol.encoding import Value
from microblog.protocol.errors import Malformed

ID_BYTES = 16
KEY_BYTES = 32

_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_MOMENT = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]"
)


def array(value: Value, least: int, most: int, what: str) -> list[Value]:
    """Return the value if it is an array of `least` to `most` items; else raise Malformed."""
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise Malformed(f"{what} is not an array of the right length")
    return value


def uint(value: Value, most: int, what: str) -> int:
    """Return the value if it is a whole number up to `most`; else raise Malformed."""
    if not isinstance(value, int) or value > most:
        raise Malformed(f"{what} is not a number in range")
    return value


def octets(value: Value, sizes: Sequence[int], what: str) -> bytes:
    """Return the value if it is bytes of one of these sizes; else raise Malformed."""
    if not isinstance(value, bytes) or len(value) not in sizes:
        raise Malformed(f"{what} does not have the right number of bytes")
    return value


def text(value: Value, least: int, most: int, what: str) -> str:
    """Return the value if it is text of `least` to `most` code points; else raise Malformed."""
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise Malformed(f"{what} is not text of the right length")
    return value


def word(value: Value, words: Sequence[str], what: str) -> str:
    """Return the value if it is one of these words; else raise Malformed."""
    if not isinstance(value, str) or value not in words:
        raise Malformed(f"{what} is not a known word")
    return value


def date(value: Value, what: str) -> str:
    """Return the value if it is empty, a year, a month or a date; else raise Malformed."""
    if not isinstance(value, str) or (value and not _DATE.fullmatch(value)):
        raise Malformed(f"{what} is not a date")
    return value


def moment(value: Value, what: str) -> str:
    """Return the value if it is empty, a date, or a date and time; else raise Malformed."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    return date(value, what)
