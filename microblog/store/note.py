"""Each person's sealed note to themselves, with the number that goes up when it is replaced."""

from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog.store.tables import own_notes
from microblog.store.upsert import put


class NoteRow(NamedTuple):
    """A note as it is kept."""

    person: bytes
    number: int
    note: bytes


def read_note(session: Session, person: bytes) -> NoteRow | None:
    """Return someone's note, or None where they have put none."""
    row = session.execute(select(own_notes).where(own_notes.c.person == person)).first()
    return NoteRow(*row) if row else None


def put_note(session: Session, row: NoteRow) -> None:
    """Keep a note in place of the one before."""
    put(session, own_notes, [row._asdict()], ("person",), ("number", "note"))


def delete_note(session: Session, person: bytes) -> None:
    """Forget someone's note."""
    session.execute(delete(own_notes).where(own_notes.c.person == person))
