"""What a stream is about: a child or a household, inside its encrypted bodies (PROTOCOL.md 7.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, encode
from microblog.protocol.errors import Malformed, Unreadable

SORTS = ("child", "household")
BIRTHS = ("born", "due", "unknown")
MAX_NAME = 120
MAX_KNOWN_AS = 8
MAX_HOUSEHOLDS = 8
MAX_PEOPLE = 30

_ITEMS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A child or household: names, birth, households (log, from, to), people (name, relation)."""

    sort: str
    name: str
    known_as: tuple[str, ...] = ()
    birth: tuple[str, str] = ("unknown", "")
    households: tuple[tuple[bytes, str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    school: str = ""
    protected: bool = False
    closed: bool = False
    newer: bool = False


def encode_about(about: About) -> bytes:
    """Return the plaintext of an about.

    Raises:
        Malformed: it breaks a rule, which the message names.
    """
    items: list[Value] = [
        "msb/1/about", about.sort, about.name, list(about.known_as), list(about.birth),
        [list(row) for row in about.households], [list(row) for row in about.people],
        about.school, int(about.protected), int(about.closed),
    ]  # fmt: skip
    _check_items(items)
    return encode(items)


def read_about(items: Sequence[Value]) -> About:
    """Return the about in an opened body.

    Raises:
        Unreadable: void, because a rule does not hold.
    """
    try:
        return _check_items(items)
    except Malformed:
        raise Unreadable("void") from None


def _check_items(items: Sequence[Value]) -> About:
    if len(items) < _ITEMS or items[0] != "msb/1/about":
        raise Malformed("not an about")
    how, date = shape.array(items[4], 2, 2, "birth")
    return About(
        sort=shape.word(items[1], SORTS, "sort"),
        name=shape.text(items[2], 1, MAX_NAME, "name"),
        known_as=tuple(
            shape.text(item, 1, MAX_NAME, "known as")
            for item in shape.array(items[3], 0, MAX_KNOWN_AS, "known as")
        ),
        birth=(shape.word(how, BIRTHS, "birth"), shape.date(date, "birth")),
        households=tuple(map(_household, shape.array(items[5], 0, MAX_HOUSEHOLDS, "households"))),
        people=tuple(map(_relative, shape.array(items[6], 0, MAX_PEOPLE, "people"))),
        school=shape.text(items[7], 0, MAX_NAME, "school"),
        protected=shape.uint(items[8], 1, "protected") == 1,
        closed=shape.uint(items[9], 1, "closed") == 1,
        newer=len(items) > _ITEMS,
    )


def _household(value: Value) -> tuple[bytes, str, str]:
    row = shape.array(value, 3, 3, "household")
    since, until = shape.date(row[1], "from"), shape.date(row[2], "to")
    return shape.octets(row[0], (16,), "household"), since, until


def _relative(value: Value) -> tuple[str, str]:
    row = shape.array(value, 2, 2, "person")
    name = shape.text(row[0], 1, MAX_NAME, "name")
    return name, shape.text(row[1], 0, MAX_NAME, "relation")
