"""What the database itself can say about its health."""

from sqlalchemy import and_, select, text
from sqlalchemy.orm import Session

from microblog.store.tables import bodies, entries


def check_pages(session: Session) -> list[str]:
    """Return what SQLite finds wrong with its pages and indexes, a line each."""
    rows = session.scalars(text("PRAGMA integrity_check"))
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
