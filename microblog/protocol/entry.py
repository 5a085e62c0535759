"""One signed link of a log: its parts, its bytes, its id, its body (PROTOCOL.md 3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import Malformed, TooNew, Unreadable
from microblog.protocol.primitives import (
    NONCE_BYTES,
    TAG_BYTES,
    decrypt,
    derive,
    encrypt,
    hash_labelled,
    pad,
    sign,
    unpad,
    verify_signature,
)

DIRECTORY = bytes(16)
NO_ENTRY = bytes(32)
SALT_BYTES = 32
BLOCK_BYTES = 2048
MAX_PAYLOAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 64 * 1024
MAX_ENTRY_BYTES = 96 * 1024
MAX_APPEND = 64
MAX_BOXES = 200
MAX_BOX_BYTES = 256

_KIND = re.compile(r"\+?[a-z0-9-]{1,32}")


Boxes: TypeAlias = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Header:
    """What an author signs."""

    log: bytes
    seq: int
    prev: bytes
    kind: str
    author: bytes
    device: bytes
    epoch: int
    time: int
    directory_seq: int
    directory_head: bytes
    salt_hash: bytes
    body_hash: bytes
    payload: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Entry:
    """A decoded entry beside the very bytes it came as; nothing but its shape is verified yet."""

    header: Header
    raw_header: bytes
    signature: bytes
    body: bytes
    salt: bytes
    boxes: Boxes
    id: bytes


def encode_entry(entry: Entry) -> bytes:
    """Return the bytes in which an entry travels."""
    boxes = [[person, box] for person, box in entry.boxes]
    return encode([entry.raw_header, entry.signature, entry.body, entry.salt, boxes])


def decode_entry(data: bytes) -> Entry:
    """Return the entry in `data`, its shape and limits checked.

    Raises:
        Malformed: the shape or a limit does not hold.
        TooNew: the header is of another version.
    """
    if len(data) > MAX_ENTRY_BYTES:
        raise Malformed("the entry is too long")
    raw_header, signature, body, salt, boxes = shape.array(decode_array(data), 5, 5, "entry")
    if not isinstance(raw_header, bytes) or not isinstance(body, bytes):
        raise Malformed("header and body are not bytes")
    if len(body) > MAX_BODY_BYTES:
        raise Malformed("the body is too long")
    signature = shape.octets(signature, (64,), "signature")
    return Entry(
        decode_header(raw_header),
        raw_header,
        signature,
        body,
        shape.octets(salt, (0, SALT_BYTES), "salt"),
        _decode_boxes(boxes),
        entry_id(raw_header, signature),
    )


def decode_header(data: bytes) -> Header:
    """Return the header in `data`, its shape checked.

    Raises:
        Malformed: the shape does not hold.
        TooNew: it is of another version.
    """
    items = decode_array(data)
    if items and isinstance(items[0], str) and items[0] != "msb/1/entry":
        raise TooNew("the entry is of another version of the protocol")
    items = shape.array(items, 14, 14, "header")
    if items[0] != "msb/1/entry":
        raise Malformed("header does not say what it is")
    kind = items[4]
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise Malformed("kind is not a word")
    payload = items[13]
    if not isinstance(payload, list) or _is_too_long(payload, data):
        raise Malformed("payload is not an array, or too long")
    return Header(
        log=shape.octets(items[1], (16,), "log"),
        seq=shape.uint(items[2], 2**53 - 1, "seq"),
        prev=shape.octets(items[3], (32,), "prev"),
        kind=kind,
        author=shape.octets(items[5], (16,), "author"),
        device=shape.octets(items[6], (32,), "device key"),
        epoch=shape.uint(items[7], 2**53 - 1, "epoch"),
        time=shape.uint(items[8], 2**53 - 1, "time"),
        directory_seq=shape.uint(items[9], 2**53 - 1, "directory seq"),
        directory_head=shape.octets(items[10], (32,), "directory head"),
        salt_hash=shape.octets(items[11], (32,), "hash of the salt"),
        body_hash=shape.octets(items[12], (32,), "hash of the body"),
        payload=payload,
    )


def entry_id(raw_header: bytes, signature: bytes) -> bytes:
    """Return the id by which the next entry names this one."""
    return hash_labelled("msb/1/id", raw_header + signature)


def verify_entry(entry: Entry) -> None:
    """Check that an entry was signed by the device it names; whose that is, the directory says.

    Raises:
        NotAuthentic: the signature does not fit.
    """
    verify_signature(entry.header.device, "msb/1/entry", entry.raw_header, entry.signature)


def encode_header(header: Header) -> bytes:
    """Return the bytes that are signed."""
    return encode(_items(header))


def encode_core(header: Header) -> bytes:
    """Return the associated data of a body: the header before its body exists."""
    items = _items(header)
    return encode(["msb/1/core", *items[1:12], items[13]])


def hash_salt(salt: bytes) -> bytes:
    """Return what a header says of its salt."""
    return hash_labelled("msb/1/salt", salt)


def hash_body(salt: bytes, body: bytes) -> bytes:
    """Return what a header says of its body; with the salt, so that it cannot be guessed."""
    return hash_labelled("msb/1/body-hash", salt + body)


def write_plain_entry(header: Header, seed: bytes, salt: bytes, body: bytes) -> Entry:
    """Return a finished entry of the directory; the header's two hashes are filled in here."""
    header = replace(header, salt_hash=hash_salt(salt), body_hash=hash_body(salt, body))
    return sign_entry(header, seed, salt, body, ())


def write_sealed_entry(
    header: Header,
    keys: tuple[bytes, bytes],
    randoms: tuple[bytes, bytes],
    plain: bytes,
    boxes: Boxes,
) -> Entry:
    """Return a finished entry of a stream; the header's two hashes are filled in here.

    `keys` are the device's seed and the epoch's secret, `randoms` a fresh salt (32) and nonce (24).

    Raises:
        Malformed: the plaintext does not fit.
    """
    seed, epoch_secret = keys
    salt, nonce = randoms
    header = replace(header, salt_hash=hash_salt(salt))
    body = seal_body(header, epoch_secret, salt, nonce, plain)
    header = replace(header, body_hash=hash_body(salt, body))
    return sign_entry(header, seed, salt, body, boxes)


def sign_entry(header: Header, seed: bytes, salt: bytes, body: bytes, boxes: Boxes) -> Entry:
    """Return an entry with its signature; the header is signed as it is."""
    raw = encode_header(header)
    signature = sign(seed, "msb/1/entry", raw)
    identity = entry_id(raw, signature)
    return Entry(header, raw, signature, body, salt, tuple(sorted(boxes)), identity)


def seal_body(
    header: Header, epoch_secret: bytes, salt: bytes, nonce: bytes, plain: bytes
) -> bytes:
    """Return the body of a stream entry; `header` needs everything but the hash of the body.

    Raises:
        Malformed: the plaintext does not fit the one size that all bodies have.
    """
    padded = pad(plain, BLOCK_BYTES)
    if len(padded) > BLOCK_BYTES and not has_history(header.kind):
        raise Malformed("too long: a body holds at most 2,047 bytes")
    return nonce + encrypt(
        _body_key(header, epoch_secret, salt), nonce, padded, encode_core(header)
    )


def open_body(entry: Entry, epoch_secret: bytes) -> list[Value]:
    """Return the array inside a stream entry's body.

    Raises:
        Unreadable: withheld (missing, or not what the header says) or void (does not open).
    """
    check_body(entry)
    header, body = entry.header, entry.body
    size = len(body) - NONCE_BYTES - TAG_BYTES
    if size < BLOCK_BYTES or size % BLOCK_BYTES:
        raise Unreadable("void")
    if size > BLOCK_BYTES and not has_history(header.kind):
        raise Unreadable("void")
    key = _body_key(header, epoch_secret, entry.salt)
    padded = decrypt(key, body[:NONCE_BYTES], body[NONCE_BYTES:], encode_core(header))
    try:
        return decode_array(unpad(padded, BLOCK_BYTES))
    except Malformed:
        raise Unreadable("void") from None


def check_body(entry: Entry) -> None:
    """Check salt and body against the header's hashes.

    Raises:
        Unreadable: withheld, because one is missing or another.
    """
    header = entry.header
    if hash_salt(entry.salt) != header.salt_hash:
        raise Unreadable("withheld")
    if hash_body(entry.salt, entry.body) != header.body_hash:
        raise Unreadable("withheld")


def has_history(kind: str) -> bool:
    """Return whether entries of this kind carry a history bundle, which may be long."""
    return kind == "epoch"


def _body_key(header: Header, epoch_secret: bytes, salt: bytes) -> bytes:
    return derive(epoch_secret, "msb/1/body", header.log, header.epoch, salt)


def _items(header: Header) -> list[Value]:
    return [
        "msb/1/entry",
        header.log,
        header.seq,
        header.prev,
        header.kind,
        header.author,
        header.device,
        header.epoch,
        header.time,
        header.directory_seq,
        header.directory_head,
        header.salt_hash,
        header.body_hash,
        header.payload,
    ]


def _is_too_long(payload: Value, header: bytes) -> bool:
    # A payload's one encoding stands in its header, which hardly ever is that long itself.
    return len(header) > MAX_PAYLOAD_BYTES and len(encode(payload)) > MAX_PAYLOAD_BYTES


def _decode_boxes(value: Value) -> Boxes:
    boxes: list[tuple[bytes, bytes]] = []
    for row in shape.array(value, 0, MAX_BOXES, "boxes"):
        person, box = shape.array(row, 2, 2, "box")
        if not isinstance(box, bytes) or not 48 <= len(box) <= MAX_BOX_BYTES:
            raise Malformed("a box does not have the right number of bytes")
        boxes.append((shape.octets(person, (16,), "person"), box))
    if any(a[0] >= b[0] for a, b in pairwise(boxes)):
        raise Malformed("boxes are not sorted, or one occurs twice")
    return tuple(boxes)
