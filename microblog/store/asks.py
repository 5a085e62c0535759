"""Requests to follow, one for each stream and person."""

from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from microblog.store.locks import may_sweep
from microblog.store.tables import asks, followers
from microblog.store.upsert import put


class AskRow(NamedTuple):
    """Who asks to follow which stream, since when, in the bytes that they signed."""

    log: bytes
    person: bytes
    time: int
    ask: bytes


_FOLLOWS = exists().where(
    and_(
        followers.c.log == asks.c.log,
        followers.c.person == bindparam("person"),
        followers.c.until_seq.is_(None),
    )
)
_NEAR = (
    select(asks)
    .where(or_(asks.c.person == bindparam("person"), _FOLLOWS), asks.c.time > bindparam("after"))
    .order_by(asks.c.time.desc(), asks.c.log, asks.c.person)
)


def read_asks_near(session: Session, person: bytes, after: int) -> list[AskRow]:
    """Return a person's own, and those to streams on whose list they are; newest first."""
    rows = session.execute(_NEAR, {"person": person, "after": after})
    return [AskRow(*row) for row in rows]


def read_asks_of(session: Session, person: bytes) -> list[AskRow]:
    """Return all requests of a person."""
    rows = session.execute(select(asks).where(asks.c.person == person))
    return [AskRow(*row) for row in rows]


def put_ask(session: Session, row: AskRow) -> None:
    """Set a request in place of the one with its log and person."""
    put(session, asks, [row._asdict()], ("log", "person"), ("time", "ask"))


def delete_ask(session: Session, log: bytes, person: bytes) -> bool:
    """Remove a request; return whether there was one."""
    chosen = and_(asks.c.log == log, asks.c.person == person)
    return session.scalar(delete(asks).where(chosen).returning(asks.c.time)) is not None


def delete_asks_of(session: Session, person: bytes) -> None:
    """Remove all requests of a person."""
    session.execute(delete(asks).where(asks.c.person == person))


def delete_out_of_date(session: Session, until: int) -> None:
    """Remove the requests that were made up to a time."""
    if may_sweep(session, b"asks"):
        session.execute(delete(asks).where(asks.c.time <= until))
