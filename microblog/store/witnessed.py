"""The newest head of each log that each witness has signed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from microblog.store.tables import followers, witnessed
from microblog.store.upsert import put


class WitnessedRow(NamedTuple):
    """How far a witness saw a log, when, and the bytes that it signed."""

    log: bytes
    key: bytes
    seq: int
    time: int
    head: bytes


_FOLLOWS = exists().where(
    and_(
        followers.c.log == witnessed.c.log,
        followers.c.person == bindparam("person"),
        followers.c.until_seq.is_(None),
    )
)
_NEAR = (
    select(witnessed)
    .where(or_(witnessed.c.log == bindparam("directory"), _FOLLOWS))
    .order_by(witnessed.c.log, witnessed.c.key)
)
_OF = select(witnessed).where(
    witnessed.c.key == bindparam("key"), witnessed.c.log.in_(bindparam("logs", expanding=True))
)


def read_heads_near(session: Session, person: bytes, directory: bytes) -> list[WitnessedRow]:
    """Return the heads of the directory and of the streams on whose list a person is."""
    chosen = {"person": person, "directory": directory}
    return [WitnessedRow(*row) for row in session.execute(_NEAR, chosen)]


def read_heads_of(session: Session, key: bytes, logs: Sequence[bytes]) -> dict[bytes, WitnessedRow]:
    """Return the heads that one witness has signed of some logs."""
    rows = session.execute(_OF, {"key": key, "logs": logs})
    return {row.log: WitnessedRow(*row) for row in rows}


def put_heads(session: Session, rows: Iterable[WitnessedRow]) -> None:
    """Set heads, each in place of the one with its log and key."""
    values = (row._asdict() for row in rows)
    put(session, witnessed, values, ("log", "key"), ("seq", "time", "head"))
