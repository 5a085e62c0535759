"""Who is, or was, on a stream's list; follows from the streams."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from microblog.store.tables import followers, heads, persons


class FollowerRow(NamedTuple):
    """A person on a stream's list since one seq and, once removed, until another."""

    log: bytes
    person: bytes
    role: str
    since_seq: int
    until_seq: int | None


class Reach(NamedTuple):
    """How far someone may read a stream: to its head, or to the epoch that removed them."""

    log: bytes
    head_seq: int
    head_id: bytes
    until_seq: int | None

    @property
    def last_seq(self) -> int:
        """The newest seq they may have."""
        return self.head_seq if self.until_seq is None else self.until_seq


# One statement reads the list and the head, so they fit together; who reads no further than
# `last_seq` gets nothing from after a removal, whenever that comes.
_REACH = (
    select(heads.c.log, heads.c.seq, heads.c.id, followers.c.until_seq)
    .select_from(followers.join(heads, heads.c.log == followers.c.log))
    .order_by(followers.c.log)
)
_HERE = exists().where(and_(persons.c.person == followers.c.person, persons.c.left_seq.is_(None)))
_REACHES = _REACH.where(followers.c.person == bindparam("person"), _HERE)
_REACHES_AMONG = _REACHES.where(followers.c.log.in_(bindparam("logs", expanding=True)))
_FOLLOWERS = (
    select(followers).where(followers.c.log == bindparam("log")).order_by(followers.c.person)
)


def read_reaches(session: Session, person: bytes) -> list[Reach]:
    """Return all streams that a person, who has not left, may read something of."""
    return [Reach(*row) for row in session.execute(_REACHES, {"person": person})]


def read_reaches_among(session: Session, person: bytes, logs: Sequence[bytes]) -> list[Reach]:
    """Return those of some streams that a person, who has not left, may read something of."""
    chosen = {"person": person, "logs": logs}
    return [Reach(*row) for row in session.execute(_REACHES_AMONG, chosen)]


def read_followers(session: Session, log: bytes) -> list[FollowerRow]:
    """Return who is, or was, on a stream's list."""
    return [FollowerRow(*row) for row in session.execute(_FOLLOWERS, {"log": log})]


def read_streams(session: Session) -> list[bytes]:
    """Return the streams that have, or had, followers."""
    return list(session.scalars(select(followers.c.log).distinct()))


def put_followers(session: Session, rows: Iterable[FollowerRow]) -> None:
    """Set rows, each in place of the one with its log and person."""
    values = [row._asdict() for row in rows]
    if not values:
        return
    statement = upsert(followers)
    changed = {name: statement.excluded[name] for name in ("role", "since_seq", "until_seq")}
    session.execute(
        statement.on_conflict_do_update(index_elements=["log", "person"], set_=changed), values
    )


def replace_followers(session: Session, rows: Sequence[FollowerRow]) -> None:
    """Remove all rows and set these."""
    session.execute(delete(followers))
    if rows:
        session.execute(insert(followers), [row._asdict() for row in rows])
