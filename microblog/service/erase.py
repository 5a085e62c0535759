"""Erasing words: body and salt go, header and signature stay, and the chain still verifies."""

from sqlalchemy.orm import Session

from microblog.store import logs
from microblog.store.writer import ask_for_truncation

ERASED = 2


def erase(session: Session, log: bytes, seq: int) -> None:
    """Remove body and salt of a post, in the transaction that stores its withdrawal.

    The pages are overwritten, and the journal that may hold older copies of them is emptied after
    the commit. Backups made before still have them, sealed.
    """
    logs.mark_withdrawn(session, log, seq, ERASED)
    logs.delete_body(session, log, seq)
    ask_for_truncation(session)
