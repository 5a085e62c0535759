"""Entries between the form in which they are kept and the one in which they travel."""

from microblog.protocol.encoding import encode
from microblog.protocol.entry import Entry, decode_entry
from microblog.store.logs import BodyRow, EntryRow, StoredEntry


def load_entry(row: StoredEntry) -> Entry:
    """Return a stored entry; body and salt are empty where they were erased."""
    return decode_entry(load_bytes(row))


def load_bytes(row: StoredEntry) -> bytes:
    """Return the bytes in which a stored entry travels; boxes are asked for apart from it."""
    return encode([row.header, row.signature, row.body or b"", row.salt or b"", []])


def entry_row(entry: Entry) -> EntryRow:
    """Return the row that keeps an entry."""
    header = entry.header
    nudge = 1 if header.kind == "post" and list(header.payload) == [1] else 0
    return EntryRow(
        header.log, header.seq, entry.id, header.kind, header.author, header.time, nudge,
        entry.raw_header, entry.signature,
    )  # fmt: skip


def body_row(entry: Entry) -> BodyRow:
    """Return the row that keeps an entry's words."""
    return BodyRow(entry.header.log, entry.header.seq, entry.body, entry.salt)
