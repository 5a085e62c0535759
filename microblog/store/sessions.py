"""Sessions by the hash of their token, and the challenges that were used up to begin them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Delete, Insert, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from microblog.store.locks import may_sweep
from microblog.store.quick import Quick
from microblog.store.tables import challenge_keys, challenges, sessions
from microblog.store.upsert import add_once


class SessionRow(NamedTuple):
    """Who a token stands for, and until when."""

    token_hash: bytes
    sort: str
    person: bytes
    key: bytes
    expires: int


#: In a session's `info`: in it sessions were begun or ended. Whoever remembers one hears of it.
SIGN_INS = "sessions begun or ended"

# Asked with every request.
_SESSION = Quick(select(sessions).where(sessions.c.token_hash == bindparam("hash")), "hash")


_STANDING = select(sessions.c.token_hash).where(
    sessions.c.token_hash.in_(bindparam("token_hashes", expanding=True)),
    sessions.c.expires > bindparam("now"),
)
_AT_ONCE = 500


def read_session(session: Session, token_hash: bytes) -> SessionRow | None:
    """Return the session with this token, out of date or not."""
    row = _SESSION.first(session, token_hash)
    return SessionRow(*row) if row else None


def has_session(session: Session, person: bytes, key: bytes) -> bool:
    """Return whether someone has a session that was begun with a key, out of date or not."""
    query = select(sessions.c.expires).where(sessions.c.person == person, sessions.c.key == key)
    return session.execute(query.limit(1)).first() is not None


def read_standing(session: Session, token_hashes: Sequence[bytes], now: int) -> set[bytes]:
    """Return those of some tokens whose sessions have neither ended nor gone out of date."""
    found: set[bytes] = set()
    for at in range(0, len(token_hashes), _AT_ONCE):
        some = {"token_hashes": token_hashes[at : at + _AT_ONCE], "now": now}
        found.update(session.scalars(_STANDING, some))
    return found


def add_session(session: Session, row: SessionRow) -> None:
    """Add a session."""
    _change(session, insert(sessions).values(row._asdict()))


def delete_session(session: Session, token_hash: bytes) -> None:
    """Remove the session with this token."""
    _change(session, delete(sessions).where(sessions.c.token_hash == token_hash))


def delete_sessions_of(session: Session, person: bytes) -> None:
    """Remove all sessions of a person."""
    _change(session, delete(sessions).where(sessions.c.person == person))


def delete_sessions_with(session: Session, key: bytes) -> None:
    """Remove all sessions that were begun with a key."""
    _change(session, delete(sessions).where(sessions.c.key == key))


def delete_sessions_of_sort(session: Session, sort: str) -> None:
    """Remove all sessions of a sort."""
    _change(session, delete(sessions).where(sessions.c.sort == sort))


def delete_all(session: Session) -> None:
    """Remove all sessions."""
    _change(session, delete(sessions))


def delete_out_of_date(session: Session, now: int) -> None:
    """Remove the sessions and challenges whose time is over."""
    if not may_sweep(session, b"sessions"):
        return
    _change(session, delete(sessions).where(sessions.c.expires <= now))
    session.execute(delete(challenges).where(challenges.c.expires <= now))


def use_challenge(session: Session, challenge: bytes, expires: int) -> bool:
    """Use a challenge up; return whether it was not used up already, by whoever was quicker."""
    row = {"challenge": challenge, "expires": expires}
    return add_once(session, challenges, row, ("challenge",))


def read_challenge_key(session: Session, day: int) -> bytes | None:
    """Return the key that a day's challenges are made with; None: none was made."""
    query = select(challenge_keys.c.key).where(challenge_keys.c.day == day)
    key: bytes | None = session.scalar(query)
    return key


def add_challenge_key(session: Session, day: int, key: bytes) -> None:
    """Make a key that of a day, unless there is one; those of long ago are forgotten."""
    session.execute(delete(challenge_keys).where(challenge_keys.c.day < day - 1))
    add_once(session, challenge_keys, {"day": day, "key": key}, ("day",))


def _change(session: Session, statement: Insert | Delete) -> None:
    session.info[SIGN_INS] = True
    session.execute(statement)
