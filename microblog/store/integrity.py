"""What the database itself can say about its health."""

from sqlalchemy import and_, select, text
from sqlalchemy.orm import Session

from microblog.store.dialect import is_shared
from microblog.store.tables import bodies, entries


def check_pages(session: Session) -> list[str]:
    """Return what SQLite finds wrong with its pages and indexes, a line each.

    PostgreSQL has checksums, which it checks whenever it reads a page; to read all is a command of
    its own (pg_amcheck, by its superuser).
    """
    if is_shared(session):
        return []
    rows = session.scalars(text("PRAGMA integrity_check"))
    return [f"database: {line}" for line in rows if line != "ok"]


def glance_at_pages(session: Session) -> list[str]:
    """Return what SQLite finds wrong with its pages at a glance: not whether indexes fit."""
    rows = session.scalars(text("PRAGMA quick_check"))
    return [f"database: {line}" for line in rows if line != "ok"]


def read_lost_bodies(session: Session) -> list[tuple[bytes, int]]:
    """Return the places of bodies that belong to no entry."""
    joined = bodies.outerjoin(
        entries, and_(entries.c.log == bodies.c.log, entries.c.seq == bodies.c.seq)
    )
    rows = session.execute(
        select(bodies.c.log, bodies.c.seq).select_from(joined).where(entries.c.log.is_(None))
    )
    return [(row.log, row.seq) for row in rows]
