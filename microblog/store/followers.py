"""Who is, or was, on a stream's list; follows from the streams."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from microblog.store.quick import Quick, line_of, run
from microblog.store.sessions import SessionRow
from microblog.store.tables import followers, heads, persons
from microblog.store.upsert import put


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


class Hearer(NamedTuple):
    """Someone on a stream's list, or taken off it by an entry."""

    log: bytes
    person: bytes
    until_seq: int | None


# One statement reads the list and the head, so they fit together; who reads no further than
# `last_seq` gets nothing from after a removal, whenever that comes.
_REACH = (
    select(heads.c.log, heads.c.seq, heads.c.id, followers.c.until_seq)
    .select_from(followers.join(heads, heads.c.log == followers.c.log))
    .order_by(followers.c.log)
)
_HERE = exists().where(and_(persons.c.person == followers.c.person, persons.c.left_seq.is_(None)))
_MINE = _REACH.where(followers.c.person == bindparam("person"), _HERE)
_REACHES = Quick(_MINE, "person")
# One row, and not one for each stream: between two rows another thread may take the turn.
_NEWEST = """(SELECT {id} FROM log_head WHERE log = {one}), (SELECT {together} FROM person
JOIN follower ON follower.person = person.person
JOIN log_head ON log_head.log = follower.log
WHERE person.person = {person} AND person.left_seq IS NULL)"""
_NEWEST_LITE = "SELECT " + _NEWEST.format(
    id="hex(id)",
    one="?",
    together="group_concat(ifnull(follower.until_seq, hex(log_head.id)))",
    person="?",
)
_SHARED = partial(
    _NEWEST.format,
    together="string_agg(coalesce(follower.until_seq::text, encode(log_head.id, 'hex')), ','"
    " ORDER BY follower.log)",
    id="encode(id, 'hex')",
    one="%s",
)
_NEWEST_SHARED = "SELECT " + _SHARED(person="%s")
_NEWEST_OF = (
    f"SELECT {', '.join(f'session.{name}' for name in SessionRow._fields)}, "  # noqa: S608
    f"{_SHARED(person='session.person')} FROM session WHERE session.token_hash = %s"
)
_REACHES_AMONG = _MINE.where(followers.c.log.in_(bindparam("logs", expanding=True)))
_HEARERS = select(followers.c.log, followers.c.person, followers.c.until_seq).where(
    followers.c.log.in_(bindparam("logs", expanding=True)), _HERE
)
_FOLLOWERS = (
    select(followers).where(followers.c.log == bindparam("log")).order_by(followers.c.person)
)


def read_reaches(session: Session, person: bytes) -> list[Reach]:
    """Return all streams that a person, who has not left, may read something of."""
    return [Reach(*row) for row in _REACHES.all(session, person)]


def read_reaches_among(session: Session, person: bytes, logs: Sequence[bytes]) -> list[Reach]:
    """Return those of some streams that a person, who has not left, may read something of."""
    chosen = {"person": person, "logs": logs}
    return [Reach(*row) for row in session.execute(_REACHES_AMONG, chosen)]


def read_newest(session: Session, person: bytes, log: bytes) -> str:
    """Return a text that is another one as soon as any of these streams has gone on, or a log.

    It has the id of the newest entry of each, or where they were taken off: what is newer then is
    not theirs to hear of.
    """
    line = line_of(session)
    words = _NEWEST_SHARED if line.is_shared else _NEWEST_LITE
    ((one, all_theirs),) = run(line, words, (log, person))
    return _as_text(one, all_theirs)


def read_session_and_newest(
    session: Session, token_hash: bytes, log: bytes
) -> tuple[SessionRow, str] | None:
    """Return, on PostgreSQL, the session with a token, out of date or not, and `read_newest` of
    its person, at once.
    """
    rows = run(line_of(session), _NEWEST_OF, (log, token_hash))
    return (SessionRow(*rows[0][:-2]), _as_text(*rows[0][-2:])) if rows else None


def _as_text(one: str | None, all_theirs: str | None) -> str:
    return f"{one or ''} {all_theirs or ''}"


def read_hearers(session: Session, logs: Sequence[bytes]) -> list[Hearer]:
    """Return who is, or was, on the lists of some streams, and has not left."""
    return [Hearer(*row) for row in session.execute(_HEARERS, {"logs": logs})] if logs else []


def read_followers(session: Session, log: bytes) -> list[FollowerRow]:
    """Return who is, or was, on a stream's list."""
    return [FollowerRow(*row) for row in session.execute(_FOLLOWERS, {"log": log})]


def read_streams(session: Session) -> list[bytes]:
    """Return the streams that have, or had, followers."""
    return list(session.scalars(select(followers.c.log).distinct()))


def put_followers(session: Session, rows: Iterable[FollowerRow]) -> None:
    """Set rows, each in place of the one with its log and person."""
    changed = ("role", "since_seq", "until_seq")
    put(session, followers, (row._asdict() for row in rows), ("log", "person"), changed)


def replace_followers(session: Session, rows: Sequence[FollowerRow]) -> None:
    """Remove all rows and set these."""
    session.execute(delete(followers))
    if rows:
        session.execute(insert(followers), [row._asdict() for row in rows])
