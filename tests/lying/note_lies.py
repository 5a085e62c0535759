"""Lies about what I have read: no note makes a post look read that I never saw."""

from __future__ import annotations

from dataclasses import replace

from microblog.protocol.note import Marks, OwnNote, Reader, seal_note
from tests.lying.device_lies import another, link, revoke
from tests.lying.scenario import Scenario, Served, serve
from tests.lying.telling import EVERYONE, add_epoch, look, record, told, words
from tests.vectors.practice import Staff, StreamLog, fresh
from tests.vectors.recorded import ANN, BEA, CAS

#: The posts of others, in the recorded stream, that Bea has not read.
OTHERS = [5, 6]


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [_elsewhere(), _beyond(), _anothers(), _of_another(), _thiefs()]


def note(log: StreamLog, read: int, entry: bytes = b"", who: Staff = BEA, by: Staff = BEA) -> bytes:
    """Return a note that all before a seq is read; whose it is, and whose key seals it."""
    entry_id = entry or log.entries[read - 1].id[:16]
    reader = Reader(log.directory.entries[0].id, who.id, 0)
    said = OwnNote((), ((log.log, Marks(0, read, entry_id)),))
    return seal_note(by.reading_secret, reader, said, fresh("nonce", 24))


def noted(log: StreamLog, said: bytes) -> Served:
    """Return all that is honest of a stream, with a note."""
    return serve(log.directory, log, note=said)


def _elsewhere() -> Scenario:
    """What stood elsewhere, as before a restore, was read, and not what stands there now."""
    log = record()
    return told(
        "says in a note that other posts are read",
        log,
        look(noted(log, note(log, 7, fresh("entry", 16))), trouble="", unread=OTHERS),
        look(noted(log, note(log, 6)), trouble="", unread=[6]),
    )


def _beyond() -> Scenario:
    """What is not there yet is not read before it comes, nor when it does."""
    log = record()
    before = noted(log, note(log, 8, fresh("entry", 16)))
    log.add(CAS, "post", [0], words("Later."))
    return told(
        "says in a note that a post is read before it is there",
        log,
        look(before, trouble="", unread=OTHERS),
        look(noted(log, note(log, 8, fresh("entry", 16))), trouble="", unread=[5, 6, 7]),
        look(noted(log, note(log, 8)), trouble="", unread=[]),
    )


def _anothers() -> Scenario:
    log = record()
    return told(
        "shows me a colleague's note",
        log,
        look(noted(log, note(log, 7, who=CAS, by=CAS)), trouble="", unread=OTHERS),
    )


def _of_another() -> Scenario:
    """A colleague seals one as mine, with their own key."""
    log = record()
    return told(
        "shows me a note that a colleague made in my name",
        log,
        look(noted(log, note(log, 7, by=CAS)), trouble="", unread=OTHERS),
    )


def _thiefs() -> Scenario:
    """Whoever has my lost device has the key that it had, and notes as read what came later."""
    stolen, log = another(BEA, "stolen"), record()
    link(log.directory, BEA, stolen)
    log = record("Sample A", log.directory)
    revoke(log.directory, ANN, stolen.device)
    add_epoch(log, ANN, EVERYONE)
    log.add(CAS, "post", [0], words("After the loss."))
    lie = told(
        "has a thief note as read what came after the loss",
        log,
        look(noted(log, note(log, 9)), trouble="", unread=[8]),
    )
    return replace(lie, thief=stolen)
