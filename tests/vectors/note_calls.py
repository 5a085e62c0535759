"""What the vectors may call of the note of my own."""

from collections.abc import Callable, Mapping
from typing import Any

from microblog.protocol import note


def _marks(fields: Mapping[str, Any]) -> note.Marks:
    return note.Marks(**{**fields, "singles": tuple(map(tuple, fields["singles"]))})


def _note(fields: Mapping[str, Any]) -> note.OwnNote:
    return note.OwnNote(
        tuple(map(tuple, fields["visits"])),
        tuple((log, _marks(marks)) for log, marks in fields["rows"]),
    )


def _seal_crowded(
    secret: bytes, reader: Mapping[str, Any], rows: int, singles: int, nonce: bytes
) -> int:
    """Seal rows with large numbers, over which so many single posts are spread; return its size."""
    most = 2**53 - 1
    logs = [number.to_bytes(16, "big") for number in range(rows)]
    said = [
        note.Marks(most, most, bytes(16), tuple((seq, most, 1) for seq in range(at, singles, rows)))
        for at in range(rows)
    ]
    crowd = note.OwnNote(((0, most),), tuple(zip(logs, said, strict=True)))
    return len(note.seal_note(secret, _reader(reader), crowd, nonce))


def _reader(fields: Mapping[str, Any]) -> note.Reader:
    return note.Reader(**fields)


NOTE_CALLS: Mapping[str, Callable[..., Any]] = {
    "note.seal_note": lambda secret, reader, said, nonce: note.seal_note(
        secret, _reader(reader), _note(said), nonce
    ),
    "note.seal_crowded": _seal_crowded,
    "note.read_number": note.read_number,
    "note.open_note": lambda secret, reader, data: note.open_note(secret, _reader(reader), data),
    "note.merge_notes": lambda one, other: note.merge_notes(_note(one), _note(other)),
    "note.merge_marks": lambda one, other: note.merge_marks(_marks(one), _marks(other)),
    "note.merge_visits": lambda one, other: note.merge_visits(
        list(map(tuple, one)), list(map(tuple, other))
    ),
    "note.last_here": lambda visits, now: note.last_here(list(map(tuple, visits)), now),
}
