"""Requests and replies in the protocol's own encoding, and bytes as text."""

from collections.abc import Sequence
from itertools import pairwise

from microblog.protocol import base64url, shape
from microblog.protocol.ask import MAX_ASK_BYTES
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import (
    MAX_APPEND,
    MAX_BOX_BYTES,
    MAX_BOXES,
    MAX_ENTRY_BYTES,
    Entry,
    decode_entry,
)
from microblog.protocol.errors import Malformed as NotTheEncoding
from microblog.protocol.errors import ProtocolError
from microblog.protocol.link import MAX_MESSAGE_BYTES
from microblog.protocol.note import MAX_NOTE_BYTES
from microblog.service.errors import Malformed, refuse
from microblog.service.stored import array_head, bytes_head

MIN_BOX_BYTES = 48
MAX_ENTRIES_REQUEST_BYTES = MAX_APPEND * (MAX_ENTRY_BYTES + 5) + 8
MAX_ASK_REQUEST_BYTES = MAX_ASK_BYTES
MAX_LINK_REQUEST_BYTES = MAX_MESSAGE_BYTES + 6
MAX_NOTE_REQUEST_BYTES = MAX_NOTE_BYTES + 16
MAX_BOXES_REQUEST_BYTES = MAX_BOXES * (MAX_BOX_BYTES + 24) + 24


def encode_bytes(data: bytes) -> str:
    """Return bytes as base64url text."""
    return base64url.encode_base64url(data)


def decode_bytes(text: str, size: int, field: str) -> bytes:
    """Return the bytes, of one size, in base64url text.

    Raises:
        Malformed: they are not the one encoding of so many bytes.
    """
    try:
        data = base64url.decode_base64url(text)
    except NotTheEncoding as error:
        raise Malformed(f"{field}: {error}") from None
    if len(data) != size:
        raise Malformed(f"{field}: not {size} bytes")
    return data


def decode_entries(data: bytes) -> list[Entry]:
    """Return the entries in the body of an append, their shapes checked.

    Raises:
        ServiceError: the shape or a limit does not hold.
    """
    try:
        items = shape.array(decode_array(data), 1, MAX_APPEND, "entries")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    found: list[Entry] = []
    for number, item in enumerate(items):
        try:
            if not isinstance(item, bytes):
                raise NotTheEncoding("not bytes")
            found.append(decode_entry(item))
        except ProtocolError as error:
            raise refuse(error, f"entry {number}") from None
    return found


def encode_logs(logs: Sequence[tuple[bytes, Sequence[bytes], bool]]) -> bytes:
    """Return the reply to a fetch: rows of (log, entries' bytes, whether there is more)."""
    pieces = [array_head(len(logs))]
    for log, found, more in logs:
        pieces += (b"\x83\x50", log, array_head(len(found)))
        for data in found:
            pieces += (bytes_head(len(data)), data)
        pieces.append(b"\x01" if more else b"\x00")
    return b"".join(pieces)


def decode_boxes(data: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
    """Return (epoch, rows of person and box) from the body of a put.

    Raises:
        Malformed: the shape does not hold.
    """
    try:
        epoch, rows = shape.array(decode_array(data), 2, 2, "body")
        number = shape.uint(epoch, 2**53 - 1, "epoch")
        boxes = [_decode_box(row) for row in shape.array(rows, 1, MAX_BOXES, "boxes")]
        if any(a[0] >= b[0] for a, b in pairwise(boxes)):
            raise NotTheEncoding("boxes are not sorted, or one occurs twice")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    return number, boxes


def encode_boxes(rows: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the reply to a question for boxes: rows of person and box."""
    return encode([[person, box] for person, box in rows])


def encode_asks(asks: Sequence[bytes]) -> bytes:
    """Return the reply to a question for requests: each as its asker sent it."""
    return encode(list(asks))


def decode_link(data: bytes) -> bytes:
    """Return the sealed message in the body of a put.

    Raises:
        Malformed: the shape does not hold.
    """
    try:
        (message,) = shape.array(decode_array(data), 1, 1, "body")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    if not isinstance(message, bytes):
        raise Malformed("body: not bytes")
    return message


def encode_link(message: bytes) -> bytes:
    """Return the reply to a question for a message between two devices."""
    return encode([message])


def decode_note(data: bytes) -> tuple[int, bytes]:
    """Return (number, note) from the body of a put.

    Raises:
        Malformed: the shape does not hold.
    """
    try:
        number, note = shape.array(decode_array(data), 2, 2, "body")
        if not isinstance(note, bytes):
            raise NotTheEncoding("the note is not bytes")
        return shape.uint(number, 2**53 - 2, "number"), note
    except ProtocolError as error:
        raise refuse(error, "body") from None


def encode_note(number: int, note: bytes) -> bytes:
    """Return the reply to a question for one's own note."""
    return encode([number, note])


def _decode_box(value: object) -> tuple[bytes, bytes]:
    if not isinstance(value, list):
        raise NotTheEncoding("a box is not an array")
    person, box = shape.array(value, 2, 2, "box")
    if not isinstance(box, bytes) or not MIN_BOX_BYTES <= len(box) <= MAX_BOX_BYTES:
        raise NotTheEncoding("a box does not have the right number of bytes")
    return shape.octets(person, (16,), "person"), box
