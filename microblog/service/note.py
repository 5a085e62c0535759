"""The note that someone leaves for their own devices: sealed to themselves, for nobody else.

The server can tell neither what is in it nor whether it is true; it keeps the newest, and lets a
device replace only what that device has seen.
"""

from sqlalchemy.orm import Session

from microblog.protocol.note import MAX_NOTE_BYTES
from microblog.service.errors import Malformed, StaleNote
from microblog.service.sessions import Who, check_stays
from microblog.store import note as notes
from microblog.store.locks import BY_DIRECTORY, hold, of_person
from microblog.store.note import NoteRow

NOTHING = (0, b"")


def read_note(session: Session, who: Who) -> tuple[int, bytes]:
    """Return one's own note and its number; 0 and nothing where there is none."""
    row = notes.read_note(session, who.person)
    return (row.number, row.note) if row else NOTHING


def check_note(note: bytes) -> None:
    """Check how long a note is.

    Raises:
        Malformed: it is empty, or too long.
    """
    if not 1 <= len(note) <= MAX_NOTE_BYTES:
        raise Malformed("body: not a note of the right length")


def put_note(session: Session, who: Who, number: int, note: bytes) -> None:
    """Replace the note of that number, in the writer's transaction.

    Raises:
        StaleNote: it is no longer there, or another is.
    """
    hold(session, BY_DIRECTORY, of_person(who.person))
    check_stays(session, who)
    if number != read_note(session, who)[0]:
        raise StaleNote
    notes.put_note(session, NoteRow(who.person, number + 1, note))
