"""What was taken out of a stream, from which dates, and why (PROTOCOL.md 12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.errors import Malformed, Unreadable

EXPORT = "+export"
MAX_FORMAT = 32
MAX_REASON = 120


@dataclass(frozen=True, slots=True)
class Export:
    """What the team is told; dates are empty for the beginning, and for now."""

    format: str
    start: str
    end: str
    why: str


def encode_export(export: Export) -> bytes:
    """Return the plaintext of an export's body.

    Raises:
        Malformed: a text is too long, or a date is none.
    """
    shape.text(export.format, 1, MAX_FORMAT, "format")
    shape.date(export.start, "from")
    shape.date(export.end, "to")
    shape.text(export.why, 0, MAX_REASON, "why")
    return encode(["msb/1/export", export.format, export.start, export.end, export.why])


def read_export(items: Sequence[Value]) -> Export:
    """Return what an opened body says.

    Raises:
        Unreadable: void, because the shape does not hold.
    """
    try:
        if len(items) < 5 or items[0] != "msb/1/export":
            raise Malformed("not an export")
        return Export(
            shape.text(items[1], 1, MAX_FORMAT, "format"),
            shape.date(items[2], "from"),
            shape.date(items[3], "to"),
            shape.text(items[4], 0, MAX_REASON, "why"),
        )
    except Malformed:
        raise Unreadable("void") from None
