"""The rows of the ledger of notices: how far each device was woken, and what a push service said.

A device goes by its key and by when it asked, so that one that asks anew begins anew.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, delete, select
from sqlalchemy.orm import Session

from microblog.store.upsert import put

metadata = MetaData()

#: One row: when someone last looked whether there is anything to tell.
looks = Table("look", metadata, Column("id", Integer, primary_key=True), Column("time", BigInteger))
#: What became of a device's notices. Never to which address: that is looked up.
woken = Table(
    "woken",
    metadata,
    Column("device", LargeBinary(32), primary_key=True),
    # When it asked, and when it last asked to try it.
    Column("time", BigInteger, nullable=False),
    Column("tried", BigInteger, nullable=False),
    # When the newest one was taken; 0: none was.
    Column("sent", BigInteger, nullable=False),
    # Not before then; and how often in a row it was tried in vain.
    Column("next", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    # The push service's answer, 0 without one; and whether it was that there is no such address.
    Column("code", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
)
#: How far a device was woken for the posts of a stream.
marks = Table(
    "mark",
    metadata,
    Column("device", LargeBinary(32), primary_key=True),
    Column("log", LargeBinary(16), primary_key=True),
    Column("posts", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


class WokenRow(NamedTuple):
    """What became of a device's notices."""

    device: bytes
    time: int
    tried: int = 0
    sent: int = 0
    next: int = 0
    tries: int = 0
    code: int = 0
    gone: int = 0


def read_looked(session: Session) -> int | None:
    """Return when someone last looked whether there is anything to tell; None: never."""
    return session.scalar(select(looks.c.time))


def put_looked(session: Session, time: int) -> None:
    """Set when someone last looked."""
    put(session, looks, [{"id": 1, "time": time}], ("id",), ("time",))


def read_woken(session: Session) -> dict[bytes, WokenRow]:
    """Return what became of everyone's notices, by device."""
    rows = (WokenRow(*row) for row in session.execute(select(woken)))
    return {row.device: row for row in rows}


def read_state(session: Session) -> tuple[int | None, dict[bytes, WokenRow]]:
    """Return when someone last looked, and what became of everyone's notices, by device."""
    return read_looked(session), read_woken(session)


def put_woken(session: Session, row: WokenRow) -> None:
    """Set what became of a device's notices."""
    put(session, woken, [row._asdict()], ("device",), WokenRow._fields[1:])


def read_marks(session: Session) -> dict[bytes, dict[bytes, int]]:
    """Return how far every device was woken, by device and log."""
    found: dict[bytes, dict[bytes, int]] = {}
    for row in session.execute(select(marks)):
        found.setdefault(row.device, {})[row.log] = row.posts
    return found


def put_marks(session: Session, device: bytes, rows: Iterable[tuple[bytes, int]]) -> None:
    """Set how far a device was woken for some logs."""
    values = ({"device": device, "log": log, "posts": posts} for log, posts in rows)
    put(session, marks, values, ("device", "log"), ("posts",))


def delete_marks(session: Session, device: bytes, logs: Iterable[bytes]) -> None:
    """Forget how far a device was woken for some logs."""
    for log in logs:
        session.execute(delete(marks).where(marks.c.device == device, marks.c.log == log))


def delete_device(session: Session, device: bytes) -> None:
    """Forget a device."""
    session.execute(delete(woken).where(woken.c.device == device))
    session.execute(delete(marks).where(marks.c.device == device))
