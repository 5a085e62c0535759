"""Entries between the form in which they are kept and the one in which they travel."""

from functools import cache

from microblog.protocol import shape
from microblog.protocol.encoding import encode
from microblog.protocol.entry import Entry, decode_entry
from microblog.protocol.post import PLAIN, QUIET
from microblog.store.logs import BodyRow, EntryRow, StoredEntry


def load_entry(row: StoredEntry) -> Entry:
    """Return a stored entry; body and salt are empty where they were erased."""
    return decode_entry(load_bytes(*row[1:]))


def load_bytes(header: bytes, signature: bytes, body: bytes | None, salt: bytes | None) -> bytes:
    """Return the bytes in which a stored entry travels; boxes are asked for apart from it.

    They are put together, not encoded again: they are the very bytes that came.
    """
    body, salt = body or b"", salt or b""
    return b"".join((
        b"\x85", bytes_head(len(header)), header, b"\x58\x40", signature,
        bytes_head(len(body)), body, bytes_head(len(salt)), salt, b"\x80",
    ))  # fmt: skip


@cache
def bytes_head(length: int) -> bytes:
    """Return what stands before so many bytes in the protocol's encoding."""
    return encode(bytes(length))[:-length] if length else encode(b"")


@cache
def array_head(count: int) -> bytes:
    """Return what stands before so many items of an array."""
    return encode([0] * count)[:-count] if count else encode([])


def entry_row(entry: Entry) -> EntryRow:
    """Return the row that keeps an entry."""
    header = entry.header
    mark = shape.uint(header.payload[0], QUIET, "mark") if header.kind == "post" else PLAIN
    return EntryRow(
        header.log, header.seq, entry.id, header.kind, header.author, header.time, mark,
        entry.raw_header, entry.signature,
    )  # fmt: skip


def body_row(entry: Entry) -> BodyRow:
    """Return the row that keeps an entry's words."""
    return BodyRow(entry.header.log, entry.header.seq, entry.body, entry.salt)
