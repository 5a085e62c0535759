"""Which of the two databases a session works on, for the few places where that matters."""

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

SHARED = "postgresql"


def is_shared(where: Session | Connection | Engine) -> bool:
    """Return whether it is PostgreSQL, which many processes write, and not SQLite."""
    bind = where.bind or where.get_bind() if isinstance(where, Session) else where
    return bind.dialect.name == SHARED
