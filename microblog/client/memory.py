"""What a client remembers between starts: entries as they came, and a note on each log.

Every record is sealed under KDF(device seed, "msb/1/store") with its name bound in (PROTOCOL.md 8),
so that what is read back is what this device wrote: verified entries and the state that they add up
to are taken as verified. Names are random ids and counters. One process at a time: the database is
locked for as long as it is open. An erased body is overwritten on the disk.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from microblog.protocol import shape
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import ProtocolError, Unreadable
from microblog.protocol.log import Head
from microblog.protocol.note import Marks, Single, merge_marks
from microblog.protocol.primitives import NONCE_BYTES, decrypt, derive, encrypt

MANY = 2**32
MAX_UINT = 2**53 - 1
NOTE = 0  # the counter of a log's note; entry n has n + 1
WAIT_SECONDS = 45

_TABLE = """
CREATE TABLE IF NOT EXISTS record (
    log BLOB NOT NULL, counter INTEGER NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (log, counter)
) WITHOUT ROWID
"""


class StorageBusy(Exception):
    """Another process of this client is using the same folder."""


class StorageFull(Exception):
    """Nothing can be kept: no space, no permission, or a damaged file."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a log beside its entries.

    `pin`: how far it was seen; it must never be shorter, or another. `read`: posts up to this seq
    are read (-1: none), since all was last made unread, `again` (ms; 0: never), but for some of the
    `singles` (see protocol/note). `secrets` by epoch. `rolled_back`: the server once denied what
    the pin says. `boxes`: for what list the boxes were last checked. `state`: see `snapshot`.
    `seen`: the people who were on the screen as the team; who is not among them is new to whoever
    posts.
    """

    pin: Head | None = None
    read: int = -1
    secrets: Mapping[int, bytes] = field(default_factory=dict)
    rolled_back: bool = False
    boxes: bytes = b""
    state: bytes = b""
    seen: tuple[bytes, ...] = ()
    again: int = 0
    singles: tuple[Single, ...] = ()


def marks_of(note: Note) -> Marks:
    """Return what is read of a log as my other devices hear of it; without the last one's id."""
    return Marks(note.again, note.read + 1, b"", note.singles)


def with_marks(note: Note, marks: Marks) -> Note:
    """Return a note that says what it said and what some marks say, whichever is later."""
    merged = merge_marks(marks_of(note), marks)
    return replace(note, read=merged.read - 1, again=merged.again, singles=merged.singles)


class Memory:
    """The file `memory` in a folder; or nothing but this process, if there is no folder.

    Raises:
        StorageBusy: another process has it open.
        StorageFull: it cannot be read or written.
    """

    def __init__(
        self,
        home: Path | None,
        seed: bytes,
        random: Callable[[int], bytes] = secrets.token_bytes,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self.stored = home is not None
        self._key = derive(seed, "msb/1/store")
        self._random = random
        path = _prepare(home / "memory") if home else ":memory:"
        try:
            self._database = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)
            self._begin()
        except sqlite3.Error as error:
            raise _storage_error(error) from None

    def logs(self) -> list[bytes]:
        """Return the logs that something is remembered of."""
        query = "SELECT DISTINCT log FROM record WHERE length(log) = 16 ORDER BY log"
        return [log for (log,) in self._read(query)]

    def entries(self, log: bytes) -> list[bytes]:
        """Return a log's entries from 0 on, without a gap."""
        query = "SELECT counter, sealed FROM record WHERE log = ? AND counter > 0 ORDER BY counter"
        entries: list[bytes] = []
        for counter, sealed in self._read(query, log):
            entry = self._open(log, counter, sealed) if counter == len(entries) + 1 else None
            if entry is None:
                break  # a gap, or a record of another device: the rest is fetched again
            entries.append(entry)
        return entries

    def entry(self, log: bytes, seq: int) -> bytes | None:
        """Return one entry of a log, or None if it is not kept."""
        query = "SELECT sealed FROM record WHERE log = ? AND counter = ?"
        for (sealed,) in self._read(query, log, seq + 1):
            return self._open(log, seq + 1, sealed)
        return None

    def note(self, log: bytes) -> Note:
        """Return what is noted of a log."""
        query = "SELECT sealed FROM record WHERE log = ? AND counter = 0"
        for (sealed,) in self._read(query, log):
            return decode_note(self._open(log, NOTE, sealed))
        return Note()

    def put(self, log: bytes, entries: Mapping[int, bytes], note: Note) -> None:
        """Put entries in their places by seq, and a new note, all or nothing."""
        records = [(seq + 1, entry) for seq, entry in sorted(entries.items())]
        records.append((NOTE, encode_note(note)))
        rows = [(log, counter, self._seal(log, counter, data)) for counter, data in records]
        try:
            with closing(self._database.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
                cursor.execute("COMMIT")
        except sqlite3.Error as error:
            if self._database.in_transaction:
                self._database.rollback()
            raise _storage_error(error) from None

    def aside(self, name: str) -> bytes | None:
        """Return what is kept beside the logs, None if nothing is."""
        query = "SELECT sealed FROM record WHERE log = ? AND counter = 0"
        for (sealed,) in self._read(query, name.encode()):
            return self._open(name.encode(), NOTE, sealed)
        return None

    def put_aside(self, name: str, data: bytes) -> None:
        """Keep something beside the logs; a name is never as long as a log's id."""
        sealed = self._seal(name.encode(), NOTE, data)
        query = "INSERT OR REPLACE INTO record VALUES (?, ?, ?)"
        self._read(query, name.encode(), NOTE, sealed)

    def forget(self) -> None:
        """Remove everything."""
        self._read("DELETE FROM record")

    def close(self) -> None:
        """Let other processes have it."""
        self._database.close()

    def _begin(self) -> None:
        for statement in (
            "PRAGMA secure_delete = ON",
            "PRAGMA synchronous = FULL",
            "BEGIN EXCLUSIVE",
            # Not before: whoever waits would keep a lock to read, and two such wait for each other.
            "PRAGMA locking_mode = EXCLUSIVE",
            _TABLE,
            "COMMIT",
        ):
            self._database.execute(statement)

    def _read(self, query: str, *values: bytes | int) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _storage_error(error) from None

    def _seal(self, log: bytes, counter: int, data: bytes) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return nonce + encrypt(self._key, nonce, data, _name(log, counter))

    def _open(self, log: bytes, counter: int, sealed: bytes) -> bytes | None:
        nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return decrypt(self._key, nonce, ciphertext, _name(log, counter))
        except Unreadable:
            return None


def encode_note(note: Note) -> bytes:
    """Return a note as bytes."""
    pin: list[Value] = [note.pin.seq, note.pin.id] if note.pin else []
    rows: list[Value] = [[epoch, note.secrets[epoch]] for epoch in sorted(note.secrets)]
    rolled_back, seen = int(note.rolled_back), list(note.seen)
    marks: list[Value] = [note.again, list(map(list, note.singles))]
    return encode([pin, note.read + 1, rows, rolled_back, note.boxes, note.state, seen, *marks])


def decode_note(data: bytes | None) -> Note:
    """Return the note in some bytes; one that cannot be read is as good as none."""
    if data is None:
        return Note()
    try:
        items = shape.array(decode_array(data), 7, 9, "note")
        # The last two came later: an older note goes without.
        pin, read, rows, rolled_back, boxes, state, seen, again, singles = [*items, 0, []][:9]
        return Note(
            _pin(shape.array(pin, 0, 2, "pin")),
            shape.uint(read, MANY, "read") - 1,
            dict(map(_secret, shape.array(rows, 0, MANY, "secrets"))),
            shape.uint(rolled_back, 1, "rolled back") == 1,
            boxes if isinstance(boxes, bytes) else b"",
            state if isinstance(state, bytes) else b"",
            tuple(shape.octets(p, (16,), "person") for p in shape.array(seen, 0, MANY, "seen")),
            shape.uint(again, MAX_UINT, "again"),
            tuple(map(_single, shape.array(singles, 0, MANY, "singles"))),
        )
    except ProtocolError:
        return Note()


def _pin(items: Sequence[Value]) -> Head | None:
    if not items:
        return None
    return Head(shape.uint(items[0], MANY, "seq"), shape.octets(items[1], (32,), "id"))


def _single(value: Value) -> Single:
    seq, changed, unread = shape.array(value, 3, 3, "single")
    return (
        shape.uint(seq, MANY, "seq"),
        shape.uint(changed, MAX_UINT, "changed"),
        shape.uint(unread, 1, "unread"),
    )


def _secret(value: Value) -> tuple[int, bytes]:
    row = shape.array(value, 2, 2, "secret")
    return shape.uint(row[0], MANY, "epoch"), shape.octets(row[1], (32,), "secret")


def _name(log: bytes, counter: int) -> bytes:
    return f"{encode_base64url(log)}/{counter}".encode()


def _prepare(path: Path) -> Path:
    # SQLite would make a file that others may read.
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageFull(f"{path} cannot be written: {error.strerror}") from None
    return path


def _storage_error(error: sqlite3.Error) -> Exception:
    if "locked" in str(error):
        return StorageBusy("another microblog is using the same folder")
    return StorageFull(f"what is kept on this machine cannot be read or written: {error}")
