"""A note of my own: how far I have read, and when I was here, for all my devices (PROTOCOL.md 8.1).

It is sealed to myself, so the server that keeps it can neither read nor make one, only show an old
one. Whatever order devices merge their notes in, the same comes out, and nothing that was said last
is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import Malformed, TooNew
from microblog.protocol.primitives import NONCE_BYTES, decrypt, derive, encrypt, pad, unpad

BLOCK_BYTES = 1024
MAX_NOTE_BYTES = 64 * 1024
MAX_VISITS = 16
MAX_ROWS = 800
MAX_SINGLES = 1000
ENTRY_BYTES = 16
#: Who is away for less is still on the same visit, on whichever device.
VISIT_GAP_MS = 30 * 60 * 1000

_MANY = 2**16
_MAX_UINT = 2**53 - 1

#: (from, until), in ms.
Visit: TypeAlias = tuple[int, int]
#: (seq, when that was said in ms, 1 for unread again and 0 for read after all).
Single: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose note it is, in which practice, and the number of their reading key, from 0."""

    fingerprint: bytes
    person: bytes
    number: int


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a log is read: all before seq `read`, and the start of the id of the last of these.

    `again`: when all was last made unread, in ms, 0 if never. `singles`: posts before `read` that
    were made unread again one by one, in order of seq.
    """

    again: int = 0
    read: int = 0
    id: bytes = b""
    singles: tuple[Single, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnNote:
    """When I was here, in order; and how far I have read of each log, in order of their ids."""

    visits: tuple[Visit, ...] = ()
    rows: tuple[tuple[bytes, Marks], ...] = ()


def seal_note(secret: bytes, reader: Reader, note: OwnNote, nonce: bytes) -> bytes:
    """Seal a note with the reader's private reading key; `nonce` (24) is fresh.

    Raises:
        Malformed: there is more in it than fits.
    """
    rows: list[Value] = [
        [log, marks.again, marks.read, marks.id, list(map(list, marks.singles))]
        for log, marks in note.rows
    ]
    plain: list[Value] = [list(map(list, note.visits)), rows]
    _read(plain)
    key, context = derive(secret, "msb/1/note-key"), encode(_start(reader))
    sealed = nonce + encrypt(key, nonce, pad(encode(plain), BLOCK_BYTES), context)
    data = encode(["msb/1/note", reader.number, sealed])
    if len(data) > MAX_NOTE_BYTES:
        raise Malformed("the note is too long")
    return data


def read_number(data: bytes) -> int:
    """Return which of its person's reading keys a note says that it is sealed with, from 0.

    Raises:
        Malformed: the shape does not hold.
        TooNew: it is of another version.
    """
    number, _ = _split(data)
    return number


def open_note(secret: bytes, reader: Reader, data: bytes) -> OwnNote:
    """Return a note of the reader's own.

    Raises:
        Malformed: the shape does not hold.
        TooNew: it is of another version.
        Unreadable: void, because this key did not seal it for this reader.
    """
    _, sealed = _split(data)
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    key, context = derive(secret, "msb/1/note-key"), encode(_start(reader))
    padded = decrypt(key, nonce, ciphertext, context)
    return _read(decode_array(unpad(padded, BLOCK_BYTES)))


def merge_notes(one: OwnNote, other: OwnNote) -> OwnNote:
    """Return what two notes say together; which is which does not matter."""
    rows = dict(one.rows)
    for log, marks in other.rows:
        rows[log] = merge_marks(rows[log], marks) if log in rows else marks
    return OwnNote(merge_visits(one.visits, other.visits), tuple(sorted(rows.items())))


def merge_marks(one: Marks, other: Marks) -> Marks:
    """Return the later word on a log: read further, unless all was made unread since."""
    last = max(one, other, key=lambda marks: (marks.again, marks.read, marks.id))
    singles: dict[int, Single] = {}
    for single in (*one.singles, *other.singles):
        known = singles.get(single[0])
        # In doubt it is unread.
        if known is None or single[1:] > known[1:]:
            singles[single[0]] = single
    return Marks(last.again, last.read, last.id, tuple(sorted(singles.values())))


def merge_visits(one: Sequence[Visit], other: Sequence[Visit]) -> tuple[Visit, ...]:
    """Return the newest visits of two lists, in order; those close together are one."""
    visits: list[Visit] = []
    for start, end in sorted((*one, *other)):
        if visits and start - visits[-1][1] <= VISIT_GAP_MS:
            first, last = visits[-1]
            visits[-1] = (first, max(last, end))
        else:
            visits.append((start, end))
    return tuple(visits[-MAX_VISITS:])


def last_here(visits: Sequence[Visit], now: int) -> int:
    """Return when the visit before this one ended; 0: there was none."""
    before = [end for _, end in merge_visits(visits, [(now, now)]) if end < now - VISIT_GAP_MS]
    return before[-1] if before else 0


def _start(reader: Reader) -> list[Value]:
    return ["msb/1/note", reader.fingerprint, reader.person, reader.number]


def _split(data: bytes) -> tuple[int, bytes]:
    if len(data) > MAX_NOTE_BYTES:
        raise Malformed("the note is too long")
    items = decode_array(data)
    if items and isinstance(items[0], str) and items[0] != "msb/1/note":
        raise TooNew("the note is of another version of the protocol")
    label, number, sealed = shape.array(items, 3, 3, "note")
    if label != "msb/1/note":
        raise Malformed("the note does not say what it is")
    if not isinstance(sealed, bytes):
        raise Malformed("the note is not sealed")
    return shape.uint(number, _MAX_UINT, "number"), sealed


def _read(items: Sequence[Value]) -> OwnNote:
    first, second = shape.array(list(items), 2, _MANY, "note")[:2]
    visits = read_visits(first)
    note = OwnNote(visits, tuple(map(_read_row, shape.array(second, 0, MAX_ROWS, "rows"))))
    logs = [log for log, _ in note.rows]
    if logs != sorted(set(logs)):
        raise Malformed("rows are not in order, or one occurs twice")
    if sum(len(marks.singles) for _, marks in note.rows) > MAX_SINGLES:
        raise Malformed("too many single posts")
    return note


def read_visits(value: Value) -> tuple[Visit, ...]:
    """Return the visits in some value, their shape checked.

    Raises:
        Malformed: it does not hold, or they are not in order.
    """
    visits = tuple(map(_read_visit, shape.array(value, 0, MAX_VISITS, "visits")))
    if merge_visits(visits, ()) != visits:
        raise Malformed("visits are not in order, or too close")
    return visits


def _read_visit(value: Value) -> Visit:
    start, end = shape.array(value, 2, 2, "visit")
    visit = shape.uint(start, _MAX_UINT, "from"), shape.uint(end, _MAX_UINT, "until")
    if visit[0] > visit[1]:
        raise Malformed("a visit ends before it begins")
    return visit


def _read_row(value: Value) -> tuple[bytes, Marks]:
    log, again, read, entry_id, singles = shape.array(value, 5, _MANY, "row")[:5]
    count = shape.uint(read, _MAX_UINT, "read")
    marks = Marks(
        shape.uint(again, _MAX_UINT, "again"),
        count,
        shape.octets(entry_id, (ENTRY_BYTES if count else 0,), "id"),
        tuple(map(_read_single, shape.array(singles, 0, MAX_SINGLES, "singles"))),
    )
    seqs = [seq for seq, _, _ in marks.singles]
    if seqs != sorted(set(seqs)):
        raise Malformed("single posts are not in order, or one occurs twice")
    return shape.octets(log, (16,), "log"), marks


def _read_single(value: Value) -> Single:
    seq, changed, unread = shape.array(value, 3, 3, "single")
    return (
        shape.uint(seq, _MAX_UINT, "seq"),
        shape.uint(changed, _MAX_UINT, "changed"),
        shape.uint(unread, 1, "unread"),
    )
