"""Sessions by the hash of their token, and the challenges that were used up to begin them."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from microblog.store.tables import challenges, sessions


class SessionRow(NamedTuple):
    """Who a token stands for, and until when."""

    token_hash: bytes
    sort: str
    person: bytes
    key: bytes
    expires: int


_SESSION = select(sessions).where(sessions.c.token_hash == bindparam("token_hash"))


def read_session(session: Session, token_hash: bytes) -> SessionRow | None:
    """Return the session with this token, out of date or not."""
    row = session.execute(_SESSION, {"token_hash": token_hash}).first()
    return SessionRow(*row) if row else None


def add_session(session: Session, row: SessionRow) -> None:
    """Add a session."""
    session.execute(insert(sessions), row._asdict())


def delete_session(session: Session, token_hash: bytes) -> None:
    """Remove the session with this token."""
    session.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def delete_sessions_of(session: Session, person: bytes) -> None:
    """Remove all sessions of a person."""
    session.execute(delete(sessions).where(sessions.c.person == person))


def delete_sessions_with(session: Session, key: bytes) -> None:
    """Remove all sessions that were begun with a key."""
    session.execute(delete(sessions).where(sessions.c.key == key))


def delete_sessions_of_sort(session: Session, sort: str) -> None:
    """Remove all sessions of a sort."""
    session.execute(delete(sessions).where(sessions.c.sort == sort))


def delete_all(session: Session) -> None:
    """Remove all sessions."""
    session.execute(delete(sessions))


def delete_out_of_date(session: Session, now: int) -> None:
    """Remove the sessions and challenges whose time is over."""
    session.execute(delete(sessions).where(sessions.c.expires <= now))
    session.execute(delete(challenges).where(challenges.c.expires <= now))


def is_used(session: Session, challenge: bytes) -> bool:
    """Return whether someone has signed in with a challenge."""
    row = session.execute(select(challenges.c.expires).where(challenges.c.challenge == challenge))
    return row.first() is not None


def use_challenge(session: Session, challenge: bytes, expires: int) -> None:
    """Note that a challenge is used up."""
    session.execute(insert(challenges), {"challenge": challenge, "expires": expires})
