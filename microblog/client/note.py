"""The note of my own, which carries to my other devices how far I have read and when I was here.

PROTOCOL.md 8.1. The server keeps it and cannot read it; it can show an old one, or none. So it only
ever says read what stands in this device's own copy of a stream, and nothing waits for it.
"""

from collections.abc import Sequence
from dataclasses import replace

from microblog.client.feed import Feed
from microblog.client.keeping import put_note
from microblog.client.login import ask
from microblog.client.marks import newest
from microblog.client.memory import Note, marks_of, with_marks
from microblog.client.place import EVERY_MS, be_here
from microblog.client.session import Session
from microblog.client.transport import Refused
from microblog.protocol import note as notes
from microblog.protocol.errors import ProtocolError
from microblog.protocol.note import Marks, OwnNote, Reader
from microblog.protocol.primitives import NONCE_BYTES, box_key

#: Being here is no news to my other devices more often than that, until this one is left.
HERE_EVERY_MS = 10 * 60 * 1000
_TRIES = 3
_NEVER = 2**53


def carry(session: Session, *, now: bool = False) -> None:
    """Take from the note what my other devices have read, and tell them what this one has.

    `now`: though it was just done.

    Raises:
        Unreachable: the server did not answer; it is done the next time.
    """
    place, time = session.place, session.world.clock()
    if not now and place.looked is not None and abs(time - place.looked) < EVERY_MS:
        return
    place.looked = time
    be_here(place, session.memory, time)
    for _ in range(_TRIES):
        _take(session, *ask(session, session.transport.own_note))
        if _tell(session, EVERY_MS if now else HERE_EVERY_MS):
            return


def leave(session: Session) -> None:
    """Leave behind what was read since, as the keys leave memory; raises as `carry` does."""
    if session.place.looked is not None:
        _tell(session, HERE_EVERY_MS)


def _tell(session: Session, here_ms: int) -> bool:
    """Put what the server lacks; False if another device of mine was quicker."""
    written = _write(session, here_ms)
    if written is None:
        return True
    place = session.place
    try:
        ask(session, lambda: session.transport.put_own_note(place.number, written))
    except Refused as refused:
        if refused.code == "stale-note":
            return False
        raise
    place.number += 1
    place.as_of, place.carried = _newest_key(session)[0], _said(session)
    return True


# Taking


def _take(session: Session, number: int, data: bytes) -> None:
    place = session.place
    place.number, place.as_of, place.carried = number, -1, OwnNote()
    opened = _open(session, data)
    if opened is None:
        return
    reader, note = opened
    below = _trusted_below(session, reader.number)
    rows: list[tuple[bytes, Marks]] = []
    for log, marks in note.rows:
        feed = session.feeds.get(log)
        believed = _believe(feed, marks, below) if feed else None
        if believed is not None:
            put_note(session, log, with_marks(session.notes.get(log, Note()), believed))
        # What cannot be seen from here is left to those who can.
        handed = below == _NEVER and not (feed and 0 < marks.read <= len(feed.entries))
        if believed is not None or handed:
            rows.append((log, believed or marks))
    place.visits = notes.merge_visits(place.visits, note.visits)
    place.as_of, place.carried = reader.number, OwnNote(note.visits, tuple(rows))


def _open(session: Session, data: bytes) -> tuple[Reader, OwnNote] | None:
    try:
        reader = Reader(session.keys.fingerprint, session.me, notes.read_number(data))
        secret = _secret(session, reader.number)
        return (reader, notes.open_note(secret, reader, data)) if secret else None
    except ProtocolError:
        return None


def _believe(feed: Feed, marks: Marks, below: int) -> Marks | None:
    """Return marks as far as the very entry stands here, and was written before the first loss of
    a device that has the key; None if another stands there, or none yet.
    """
    read, entries = marks.read, feed.entries
    if read > len(entries) or (read and _start(entries[read - 1].id) != marks.id):
        return None
    while read and entries[read - 1].header.directory_seq >= below:
        read -= 1
    return replace(marks, read=read, id=_start(entries[read - 1].id) if read else b"")


def _trusted_below(session: Session, number: int) -> int:
    """Return from which directory seq on a note with that key counts for nothing: whoever has a
    revoked device has the keys that it had.
    """
    me = session.directory.persons[session.me]
    since = me.reading_keys[number][0]
    return min((seq for seq in me.revoked if seq > since), default=_NEVER)


# Telling


def _write(session: Session, here_ms: int) -> bytes | None:
    """Return the sealed note, or None if it says no more than the server's, but that I am here,
    for less than so much longer.
    """
    place, (number, secret) = session.place, _newest_key(session)
    if secret is None:
        return None
    note, carried = _said(session), place.carried
    here = _end(note) - _end(carried)
    if place.as_of == number and here < here_ms and note.rows == carried.rows:
        return None
    reader = Reader(session.keys.fingerprint, session.me, number)
    return notes.seal_note(secret, reader, note, session.world.random(NONCE_BYTES))


def _said(session: Session) -> OwnNote:
    """Return all that this device and the server's note say together, as far as there is room."""
    rows: list[tuple[bytes, Marks]] = []
    for log, note in session.notes.items():
        feed, marks = session.feeds.get(log), marks_of(note)
        if feed is None or not (marks.read or marks.again):
            continue
        read = min(marks.read, len(feed.entries))
        last = _start(feed.entries[read - 1].id) if read else b""
        rows.append((log, replace(marks, read=read, id=last)))
    mine = OwnNote(session.place.visits, tuple(sorted(rows)))
    return _fit(session, notes.merge_notes(session.place.carried, mine))


def _fit(session: Session, note: OwnNote) -> OwnNote:
    """Return the rows of the streams with the newest posts, and the singles that were said last."""

    def time_of(row: tuple[bytes, Marks]) -> int:
        feed = session.feeds.get(row[0])
        return -feed.entries[-1].header.time if feed and feed.entries else 0

    rows: Sequence[tuple[bytes, Marks]] = note.rows
    if len(rows) > notes.MAX_ROWS:
        rows = sorted(rows, key=time_of)[: notes.MAX_ROWS]
    every = [(log, single) for log, marks in rows for single in marks.singles]
    if len(every) <= notes.MAX_SINGLES:
        return OwnNote(note.visits, tuple(sorted(rows)))
    least = newest(single for _, single in every)[-1][1]
    fitting = [
        (log, replace(marks, singles=tuple(it for it in marks.singles if it[1] > least)))
        for log, marks in rows
    ]
    return OwnNote(note.visits, tuple(sorted(fitting)))


def _newest_key(session: Session) -> tuple[int, bytes | None]:
    me = session.directory.persons.get(session.me)
    number = len(me.reading_keys) - 1 if me else -1
    # Whoever has a device that was lost has a stale key.
    stale = me is None or session.directory.is_stale(session.me)
    return number, None if stale else _secret(session, number)


def _secret(session: Session, number: int) -> bytes | None:
    me = session.directory.persons.get(session.me)
    if me is None or not 0 <= number < len(me.reading_keys):
        return None
    key = me.reading_keys[number][1]
    return next((it for it in session.keys.reading_secrets if box_key(it) == key), None)


def _end(note: OwnNote) -> int:
    return note.visits[-1][1] if note.visits else 0


def _start(entry_id: bytes) -> bytes:
    return entry_id[: notes.ENTRY_BYTES]
