"""The reason inside a grant or a withdrawal (PROTOCOL.md 7)."""

from collections.abc import Sequence

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.errors import Malformed, Unreadable

MAX_WHY = 120


def encode_why(why: str, via: bytes) -> bytes:
    """Return the plaintext of a reason; `via` is the household it came through, or empty.

    Raises:
        Malformed: the reason is too long.
    """
    shape.text(why, 0, MAX_WHY, "why")
    return encode(["msb/1/why", why, via])


def read_why(items: Sequence[Value]) -> tuple[str, bytes]:
    """Return (why, via) from an opened body.

    Raises:
        Unreadable: void, because the shape does not hold.
    """
    try:
        if len(items) < 3 or items[0] != "msb/1/why":
            raise Malformed("not a reason")
        return shape.text(items[1], 0, MAX_WHY, "why"), shape.octets(items[2], (0, 16), "via")
    except Malformed:
        raise Unreadable("void") from None
