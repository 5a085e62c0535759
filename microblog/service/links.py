"""The place where two devices of one person leave messages for each other, for ten minutes.

The server knows neither the code nor whose devices they are: the tag follows from the code, and the
messages are sealed with it. Whoever does not know the tag can neither read a message nor take its
place; a stranger can only fill the place with messages of their own, so it has an end.
"""

from sqlalchemy.orm import Session

from microblog.protocol.link import LIFE_MS, MAX_MESSAGE_BYTES, OFFER, PINS
from microblog.service.errors import Malformed, NotFound, Taken, TooMany
from microblog.store import links
from microblog.store.links import LinkRow
from microblog.store.locks import hold, of_place

MIN_MESSAGE_BYTES = 24 + 16
#: All but the last are a few keys and a name.
MAX_SHORT_BYTES = 1024
MAX_OPEN_TAGS = 1000


def check_slot(slot: str) -> int:
    """Return the number of a slot.

    Raises:
        Malformed: there is none of that number.
    """
    if slot not in map(str, range(OFFER, PINS + 1)):
        raise Malformed(f"slot: not {OFFER} to {PINS}")
    return int(slot)


def check_message(slot: int, message: bytes) -> None:
    """Check how long a message is.

    Raises:
        Malformed: it is too short or too long for its slot.
    """
    most = MAX_MESSAGE_BYTES if slot == PINS else MAX_SHORT_BYTES
    if not MIN_MESSAGE_BYTES <= len(message) <= most:
        raise Malformed("body: not a message of the right length for its slot")


def put_message(session: Session, tag: bytes, slot: int, message: bytes, now: int) -> None:
    """Keep a message, in the writer's transaction; the same once more changes nothing.

    Raises:
        NotFound: nothing was begun under this tag, or its ten minutes are over.
        Taken: another message is there.
        TooMany: too many devices are being linked.
    """
    # There are so many tags at the most, and a message is left once.
    hold(session, of_place(b"links"))
    links.delete_out_of_date(session, now)
    there = links.read_message(session, tag, slot)
    if there is not None:
        if there.message != message:
            raise Taken
        return
    first = links.read_message(session, tag, OFFER)
    if first is None and slot != OFFER:
        raise NotFound
    if first is None and links.count_tags(session) >= MAX_OPEN_TAGS:
        raise TooMany
    expires = first.expires if first else now + LIFE_MS
    links.add_message(session, LinkRow(tag, slot, message, expires))


def read_message(session: Session, tag: bytes, slot: int, now: int) -> bytes:
    """Return a message.

    Raises:
        NotFound: there is none yet, or its time is over.
    """
    row = links.read_message(session, tag, slot)
    if row is None or row.expires <= now:
        raise NotFound
    return row.message
