"""Vectors of the note of my own."""

from dataclasses import asdict, replace
from typing import Any

from microblog.protocol.encoding import Value, encode
from microblog.protocol.note import (
    BLOCK_BYTES,
    MAX_ROWS,
    MAX_SINGLES,
    MAX_VISITS,
    VISIT_GAP_MS,
    Marks,
    OwnNote,
    Reader,
    merge_notes,
    seal_note,
)
from microblog.protocol.primitives import NONCE_BYTES, derive, encrypt, pad
from tests.vectors.case import Case, VectorFile
from tests.vectors.practice import fresh

SECRET = fresh("my reading key")
NONCE = fresh("nonce", NONCE_BYTES)
READER = Reader(fresh("fingerprint"), fresh("person", 16), 2)
HOUR = 60 * 60 * 1000
T0 = 1790000000000
LOGS = sorted(fresh(f"log {number}", 16) for number in range(3))
ENTRY, LATER = fresh("entry", 16), fresh("later", 16)
#: Read up to a post, two of which were made unread again, of which one was read after all.
MARKS = Marks(T0, 42, ENTRY, ((7, T0 + 1, 1), (9, T0 + 2, 0)))
NOTE = OwnNote(
    ((T0, T0 + HOUR), (T0 + 2 * HOUR, T0 + 2 * HOUR)),
    ((LOGS[0], Marks()), (LOGS[1], MARKS), (LOGS[2], Marks(0, 1, LATER))),
)


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    about = "The note of my own, sealed to myself."
    return [VectorFile("note.json", about, [*_sealed(), *_shapes(), *_merged(), *_visits()])]


def _seal(note: OwnNote = NOTE) -> bytes:
    return seal_note(SECRET, READER, note, NONCE)


def _sealed() -> list[Case]:
    def opens(name: str, error: str, raw: bytes, secret: bytes = SECRET, **changes: Any) -> Case:
        given = [secret, asdict(replace(READER, **changes)), raw]
        return Case(f"open {name}", "note.open_note", given, error)

    def seals(name: str, error: str, note: OwnNote) -> Case:
        return Case(f"seal {name}", "note.seal_note",
                    [SECRET, asdict(READER), _fields(note), NONCE], error)  # fmt: skip

    raw = _seal()

    def crowded(name: str, error: str, rows: int, singles: int) -> Case:
        return Case(f"seal {name}", "note.seal_crowded",
                    [SECRET, asdict(READER), rows, singles, NONCE], error)  # fmt: skip

    far = tuple((T0 * n, T0 * n) for n in range(1, MAX_VISITS + 2))
    most = Marks(2**53 - 1, 2**53 - 1, ENTRY, ((2**53 - 1, 2**53 - 1, 1),))
    return [
        seals("a note", "", NOTE),
        seals("a note with nothing in it", "", OwnNote()),
        seals("the largest numbers", "", OwnNote(((0, 2**53 - 1),), ((LOGS[0], most),))),
        crowded("all that fits", "", MAX_ROWS, MAX_SINGLES),
        crowded("a row too many", "Malformed", MAX_ROWS + 1, 0),
        crowded("a single post too many", "Malformed", 2, MAX_SINGLES + 1),
        seals("a visit too many", "Malformed", OwnNote(far)),
        opens("a note", "", raw),
        opens("a note with nothing in it", "", _seal(OwnNote())),
        opens("a note with another reading key", "Unreadable", raw, fresh("another")),
        opens("a note as of another reading key", "Unreadable", raw, number=1),
        opens("a note of another person", "Unreadable", raw, person=bytes(16)),
        opens("a note of another practice", "Unreadable", raw, fingerprint=bytes(32)),
        opens("a note with a changed byte", "Unreadable", raw[:-1] + bytes([raw[-1] ^ 1])),
        opens("a note cut short", "Malformed", raw[:-1]),
        opens("a note of nothing", "Malformed", b""),
        opens("a note longer than any", "Malformed", bytes(64 * 1024 + 1)),
        Case("the number of a note", "note.read_number", [raw]),
        Case("the number of a note cut short", "note.read_number", [raw[:-1]], "Malformed"),
        Case("the number of a newer note", "note.read_number",
             [encode(["msb/2/note", 2, b""])], "TooNew"),
    ]  # fmt: skip


def _shapes() -> list[Case]:
    def outer(name: str, error: str, value: Value) -> Case:
        return Case(f"open a note {name}", "note.open_note",
                    [SECRET, asdict(READER), encode(value)], error)  # fmt: skip

    def inner(name: str, error: str, value: Value, block: int = BLOCK_BYTES) -> Case:
        context = encode(["msb/1/note", READER.fingerprint, READER.person, READER.number])
        key = derive(SECRET, "msb/1/note-key")
        sealed = NONCE + encrypt(key, NONCE, pad(encode(value), block), context)
        return outer(name, error, ["msb/1/note", READER.number, sealed])

    def row(name: str, error: str, *items: Value) -> Case:
        return inner(name, error, [[], [list(items)]])

    def visits(name: str, error: str, *rows: Value) -> Case:
        return inner(name, error, [list(rows), []])

    log = LOGS[0]
    return [
        outer("of another version", "TooNew", ["msb/2/note", 2, NONCE]),
        outer("that does not say what it is", "Malformed", [7, 2, NONCE]),
        outer("without a number", "Malformed", ["msb/1/note", b"", NONCE]),
        outer("that is not sealed", "Malformed", ["msb/1/note", 2, "text"]),
        outer("of four items", "Malformed", ["msb/1/note", 2, NONCE, 7]),
        outer("of no items", "Malformed", []),
        outer("sealed in nothing", "Unreadable", ["msb/1/note", 2, b""]),
        inner("padded to another length", "Unreadable", [[], []], 512),
        inner("by a newer version", "", [[], [], 7]),
        inner("with one list", "Malformed", [[]]),
        inner("with numbers for lists", "Malformed", [7, 7]),
        row("with a row by a newer version", "", log, 0, 1, ENTRY, [], 7),
        row("with a short row", "Malformed", log, 0, 1, ENTRY),
        row("with a short log", "Malformed", log[1:], 0, 1, ENTRY, []),
        row("with a row that is read without an entry", "Malformed", log, 0, 1, b"", []),
        row("with a row that is not read with an entry", "Malformed", log, 0, 0, ENTRY, []),
        row("with a single post of four", "Malformed", log, 0, 0, b"", [[7, T0, 1, 1]]),
        row("with a single post that is neither", "Malformed", log, 0, 0, b"", [[7, T0, 2]]),
        row("with single posts out of order", "Malformed", log, 0, 0, b"", [[8, 1, 1], [7, 1, 1]]),
        row("with a single post twice", "Malformed", log, 0, 0, b"", [[7, 1, 1], [7, 2, 1]]),
        inner("with rows out of order", "Malformed",
              [[], [[log, 0, 0, b"", []] for log in LOGS[::-1]]]),
        inner("with a row twice", "Malformed", [[], [[log, 0, 0, b"", []]] * 2]),
        visits("with a visit that ends before it begins", "Malformed", [T0, T0 - 1]),
        visits("with a visit of three", "Malformed", [T0, T0, T0]),
        visits("with visits out of order", "Malformed", [T0, T0], [0, 0]),
        visits("with visits that touch", "Malformed", [0, 0], [VISIT_GAP_MS, VISIT_GAP_MS]),
        visits("with visits that only just do not", "",
               [0, 0], [VISIT_GAP_MS + 1, VISIT_GAP_MS + 1]),
    ]  # fmt: skip


def _merged() -> list[Case]:
    def merges(name: str, one: Marks, other: Marks) -> list[Case]:
        # Which is which does not matter.
        pairs = ((name, one, other), (f"{name}, the other way", other, one))
        return [Case(f"merge {title}", "note.merge_marks", [_fields(a), _fields(b)])
                for title, a, b in pairs]  # fmt: skip

    other = OwnNote(((T0 + HOUR, T0 + 3 * HOUR),), ((LOGS[1], Marks(T0, 50, LATER)),))
    merged = merge_notes(NOTE, other)
    return [
        *merges("further read", MARKS, Marks(T0, 43, LATER)),
        *merges("read less, but since all was made unread", MARKS, Marks(T0 + 1, 0)),
        *merges("as far read, by another entry", Marks(0, 5, ENTRY), Marks(0, 5, LATER)),
        *merges("a post unread again, and later read",
                Marks(0, 9, ENTRY, ((4, T0, 1),)), Marks(0, 9, ENTRY, ((4, T0 + 1, 0),))),
        *merges("a post unread again and read at once",
                Marks(0, 9, ENTRY, ((4, T0, 1),)), Marks(0, 9, ENTRY, ((4, T0, 0),))),
        *merges("posts of both", Marks(0, 9, ENTRY, ((4, T0, 1),)),
                Marks(0, 9, ENTRY, ((2, T0, 1), (6, T0, 0)))),
        Case("merge two notes", "note.merge_notes", [_fields(NOTE), _fields(other)]),
        Case("merge two notes the other way", "note.merge_notes", [_fields(other), _fields(NOTE)]),
        Case("merge a note with itself", "note.merge_notes", [_fields(merged), _fields(merged)]),
        Case("merge a note with nothing", "note.merge_notes", [_fields(OwnNote()), _fields(NOTE)]),
    ]  # fmt: skip


def _visits() -> list[Case]:
    def last(name: str, now: int, *visits: tuple[int, int]) -> Case:
        return Case(f"last here, {name}", "note.last_here", [list(map(list, visits)), now])

    many = [[T0 + n * HOUR, T0 + n * HOUR] for n in range(MAX_VISITS + 3)]
    evening, gap = (T0, T0 + HOUR), VISIT_GAP_MS
    return [
        Case("merge visits that overlap", "note.merge_visits", [[[0, 50]], [[40, 90]]]),
        Case("merge visits within one", "note.merge_visits", [[[0, 90]], [[40, 50]]]),
        Case("merge visits that a third joins", "note.merge_visits",
             [[[0, 0], [2 * gap, 2 * gap]], [[gap, gap]]]),
        Case("merge more visits than are kept", "note.merge_visits", [many[:10], many[8:]]),
        Case("merge no visits", "note.merge_visits", [[], []]),
        last("never before", T0),
        last("on a first visit", evening[1] + gap, evening),
        last("after one", evening[1] + gap + 1, evening),
        last("on a second visit, on whichever device", T0 + 9 * HOUR + gap, evening,
             (T0 + 9 * HOUR, T0 + 9 * HOUR)),
        last("with a visit by a clock that is ahead", T0 + 9 * HOUR, evening,
             (T0 + 20 * HOUR, T0 + 21 * HOUR)),
    ]  # fmt: skip


def _fields(value: Any) -> dict[str, Any]:
    if isinstance(value, OwnNote):
        rows = [[log, _fields(marks)] for log, marks in value.rows]
        return {"visits": list(map(list, value.visits)), "rows": rows}
    fields: dict[str, Any] = asdict(value)
    return {**fields, "singles": list(map(list, value.singles))}
