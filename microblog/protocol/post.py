"""What a post says (PROTOCOL.md 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.errors import Malformed, Unreadable

KINDS = ("hunch", "observation", "told", "words", "records", "visit", "decision")
SURES = ("niggle", "fairly", "sure")
SIDES = ("well", "worried")
HOWS = ("same", "different", "correction", "copied")
OUTCOMES = ("seen", "alone", "not-seen", "not-let-in", "nobody-in", "not-brought")
SCALES = tuple(str(point) for point in range(11))
MAX_TEXT = 280
MAX_NOTES = 120
MAX_PARTS = 999

# What the server sees of a post: nothing more, tell supervisors, or no news (a row brought in).
PLAIN = 0
NUDGE = 1
QUIET = 2

_ITEMS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post's words and marks, empty where absent; `newer`: it holds more than we know."""

    text: str
    kind: str = "hunch"
    sure: str = ""
    scale: str = ""
    side: str = ""
    happened: str = ""
    written: int = 0
    refers: tuple[bytes, ...] = ()
    how: str = ""
    source: str = ""
    original: str = ""
    outcome: str = ""
    reason: str = ""
    review: str = ""
    part: int = 0
    parts: int = 0
    row: bytes = b""
    newer: bool = False


def encode_post(post: Post) -> bytes:
    """Return the plaintext of a post.

    Raises:
        Malformed: it breaks a rule, which the message names.
    """
    items: list[Value] = [
        "msb/1/post", post.text, post.kind, post.sure, post.scale, post.side, post.happened,
        post.written, list(post.refers), post.how, post.source, post.original, post.outcome,
        post.reason, post.review, post.part, post.parts, post.row,
    ]  # fmt: skip
    if _check_items(items).newer:
        raise Malformed("kind, sure, side, how or outcome is not a known word")
    return encode(items)


def read_post(items: Sequence[Value]) -> Post:
    """Return the post in an opened body.

    Raises:
        Unreadable: void, because a rule does not hold.
    """
    try:
        return _check_items(items)
    except Malformed:
        raise Unreadable("void") from None


def _check_items(items: Sequence[Value]) -> Post:
    if len(items) < _ITEMS or items[0] != "msb/1/post":
        raise Malformed("not a post")
    words = ((items[2], KINDS), (items[3], ("", *SURES)), (items[5], ("", *SIDES)),
             (items[9], ("", *HOWS)), (items[12], ("", *OUTCOMES)))  # fmt: skip
    post = Post(
        text=shape.text(items[1], 0, MAX_TEXT, "text"),
        kind=shape.text(items[2], 1, 32, "kind"),
        sure=shape.text(items[3], 0, 32, "sure"),
        scale=shape.word(items[4], ("", *SCALES), "scale"),
        side=shape.text(items[5], 0, 32, "side"),
        happened=shape.moment(items[6], "happened"),
        written=shape.uint(items[7], 2**53 - 1, "written"),
        refers=_refers(items[8]),
        how=shape.text(items[9], 0, 32, "how"),
        source=shape.text(items[10], 0, MAX_NOTES, "source"),
        original=shape.text(items[11], 0, MAX_NOTES, "original"),
        outcome=shape.text(items[12], 0, 32, "outcome"),
        reason=shape.text(items[13], 0, MAX_NOTES, "reason"),
        review=_review(items[14]),
        part=shape.uint(items[15], MAX_PARTS, "part"),
        parts=shape.uint(items[16], MAX_PARTS, "parts"),
        row=shape.octets(items[17], (0, 32), "row"),
        newer=len(items) > _ITEMS or any(value not in known for value, known in words),
    )
    _check_whole(post)
    return post


def _check_whole(post: Post) -> None:
    if not post.text and not post.how and post.part < 2:
        raise Malformed("text is empty")
    if len(post.source) + len(post.original) + len(post.reason) > MAX_NOTES:
        raise Malformed("source, original author and reason are too long together")
    if post.part > post.parts or (post.parts > 0 and post.part == 0):
        raise Malformed("part is not one of the parts")


def _refers(value: Value) -> tuple[bytes, ...]:
    return tuple(shape.octets(item, (32,), "refers") for item in shape.array(value, 0, 2, "refers"))


def _review(value: Value) -> str:
    date = shape.date(value, "review")
    if date and len(date) != len("2026-01-31"):
        raise Malformed("review is not a whole date")
    return date
