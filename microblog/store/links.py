"""Messages between two devices that are being linked, by tag and slot."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from microblog.store.tables import link_messages


class LinkRow(NamedTuple):
    """A sealed message, and until when it is kept."""

    tag: bytes
    slot: int
    message: bytes
    expires: int


_MESSAGE = select(link_messages).where(
    link_messages.c.tag == bindparam("tag"), link_messages.c.slot == bindparam("slot")
)


def read_message(session: Session, tag: bytes, slot: int) -> LinkRow | None:
    """Return the message in a slot, out of date or not."""
    row = session.execute(_MESSAGE, {"tag": tag, "slot": slot}).first()
    return LinkRow(*row) if row else None


def add_message(session: Session, row: LinkRow) -> None:
    """Add a message."""
    session.execute(insert(link_messages), row._asdict())


def count_tags(session: Session) -> int:
    """Return how many tags there are, out of date or not."""
    return session.scalar(select(func.count(link_messages.c.tag.distinct()))) or 0


def delete_out_of_date(session: Session, now: int) -> None:
    """Remove the messages whose time is over."""
    session.execute(delete(link_messages).where(link_messages.c.expires <= now))
