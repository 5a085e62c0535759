"""Erasing words: body and salt go, header and signature stay, and the chain still verifies."""

from sqlalchemy.orm import Session

from microblog.protocol.entry import Entry
from microblog.protocol.shred import SHREDDED, read_shred
from microblog.store import logs
from microblog.store.writer import ask_for_truncation


def erase(session: Session, log: bytes, seq: int) -> None:
    """Remove body and salt of a post, in the transaction that stores its withdrawal.

    The pages are overwritten, and the journal that may hold older copies of them is emptied after
    the commit. Backups made before still have them, sealed.
    """
    logs.mark_withdrawn(session, log, seq, logs.ERASED)
    logs.delete_body(session, log, seq)
    ask_for_truncation(session)


def destroy(session: Session, entry: Entry) -> None:
    """Remove body and salt of all that a verified shred destroys, as `erase` does.

    A proposal destroys nothing.
    """
    log = entry.header.log
    seqs, seconded = read_shred(entry.header.payload)
    if seconded:
        logs.mark_destroyed(session, log, seqs, SHREDDED)
        logs.delete_bodies(session, log, seqs)
        ask_for_truncation(session)
