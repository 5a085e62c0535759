"""Asking to follow: a slip names a stream, a signed request asks its keepers (PROTOCOL.md 7.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from microblog.protocol import shape
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import (
    ForkedDirectory,
    Malformed,
    NotAuthentic,
    TooNew,
    Unreadable,
    WrongLog,
)
from microblog.protocol.primitives import (
    TAG_BYTES,
    hash_labelled,
    open_box,
    pad,
    seal_box,
    sign,
    unpad,
    verify_signature,
)

MAX_REASON = 120
MAX_KEEPERS = 200
REASON_BYTES = 640
SEALED_BYTES = shape.KEY_BYTES + TAG_BYTES + REASON_BYTES
MAX_ASK_BYTES = 144 * 1024
LIFE_MS = 30 * 24 * 60 * 60 * 1000

Sealed: TypeAlias = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks to follow which stream, when: what is signed beside the sealed reasons."""

    fingerprint: bytes
    log: bytes
    person: bytes
    device: bytes
    time: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A decoded request beside the very bytes it came as; only its shape is verified yet."""

    asker: Asker
    boxes_hash: bytes
    boxes: Sealed
    statement: bytes
    signature: bytes


def encode_slip(log: bytes, fingerprint: bytes) -> str:
    """Return what stands after `#` in the link of a follow slip."""
    return encode_base64url(log + fingerprint)


def decode_slip(fragment: str, fingerprint: bytes) -> bytes:
    """Return the stream that a slip names, from what stands after `#`.

    Raises:
        Malformed: a part of the link is missing or mistyped.
        WrongLog: it is a slip of another practice.
    """
    data = decode_base64url(fragment)
    if len(data) != shape.ID_BYTES + len(fingerprint):
        raise Malformed("the link is not complete")
    if data[shape.ID_BYTES :] != fingerprint:
        raise WrongLog("the slip is of another practice")
    return data[: shape.ID_BYTES]


def seal_reason(seed: bytes, asker: Asker, reading_key: bytes, reason: str) -> bytes:
    """Return a reason for one keeper; `seed` (32) is fresh.

    It names whose it is, so that nobody can put it into a request of theirs.

    Raises:
        Malformed: the reason is too long.
    """
    shape.text(reason, 0, MAX_REASON, "reason")
    plain = encode(["msb/1/ask-reason", asker.log, asker.person, reason])
    return seal_box(seed, reading_key, pad(plain, REASON_BYTES))


def open_reason(secret: bytes, asker: Asker, sealed: bytes) -> str:
    """Return the reason that was sealed to the public key of `secret`.

    Raises:
        Unreadable: void, because it does not open, or is not this asker's for this stream.
    """
    items = _decode_void(unpad(open_box(secret, sealed), REASON_BYTES))
    if len(items) < 4 or items[:3] != ["msb/1/ask-reason", asker.log, asker.person]:
        raise Unreadable("void")
    try:
        return shape.text(items[3], 0, MAX_REASON, "reason")
    except Malformed:
        raise Unreadable("void") from None


def write_ask(seed: bytes, asker: Asker, boxes: Sealed) -> bytes:
    """Return a request, signed by the asker's device; `boxes` are (keeper, sealed) in any order.

    Raises:
        Malformed: there is no keeper, or one twice, or too many.
    """
    rows = _rows(sorted(boxes))
    statement = encode(
        [
            "msb/1/ask",
            asker.fingerprint,
            asker.log,
            asker.person,
            asker.device,
            asker.time,
            _hash(rows),
        ]
    )
    data = encode([statement, sign(seed, "msb/1/ask", statement), rows])
    decode_ask(data)
    return data


def encode_ask(ask: Ask) -> bytes:
    """Return the bytes in which a request travels."""
    return encode([ask.statement, ask.signature, _rows(ask.boxes)])


def decode_ask(data: bytes) -> Ask:
    """Return the request in `data`, its shape and limits checked.

    Raises:
        Malformed: the shape or a limit does not hold.
        TooNew: it is of another version.
    """
    if len(data) > MAX_ASK_BYTES:
        raise Malformed("the request is too long")
    statement, signature, boxes = shape.array(decode_array(data), 3, 3, "request")
    if not isinstance(statement, bytes):
        raise Malformed("the statement is not bytes")
    items = decode_array(statement)
    if items and isinstance(items[0], str) and items[0] != "msb/1/ask":
        raise TooNew("the request is of another version of the protocol")
    items = shape.array(items, 7, 7, "statement")
    if items[0] != "msb/1/ask":
        raise Malformed("the statement does not say what it is")
    asker = Asker(
        fingerprint=shape.octets(items[1], (32,), "fingerprint"),
        log=shape.octets(items[2], (16,), "log"),
        person=shape.octets(items[3], (16,), "person"),
        device=shape.octets(items[4], (32,), "device key"),
        time=shape.uint(items[5], 2**53 - 1, "time"),
    )
    boxes_hash = shape.octets(items[6], (32,), "hash of the sealed reasons")
    signature = shape.octets(signature, (64,), "signature")
    return Ask(asker, boxes_hash, _read_boxes(boxes), statement, signature)


def verify_ask(ask: Ask, directory: Directory, log: bytes) -> None:
    """Check a request completely: a good device of someone who works here asks to follow `log`.

    Raises:
        ForkedDirectory: it was made for another practice.
        WrongLog: it asks for another stream.
        UnknownDevice: the device is not the asker's, or the asker has left.
        NotAuthentic: the signature does not fit, or the sealed reasons are not those signed for.
    """
    asker = ask.asker
    if asker.fingerprint != directory.fingerprint:
        raise ForkedDirectory("the request is of another practice")
    if asker.log != log:
        raise WrongLog("the request is to follow another stream")
    directory.check_device(asker.device, asker.person, len(directory.ids) - 1, asker.time)
    verify_signature(asker.device, "msb/1/ask", ask.statement, ask.signature)
    if _hash(_rows(ask.boxes)) != ask.boxes_hash:
        raise NotAuthentic("the sealed reasons are not those that were signed for")


def _read_boxes(value: Value) -> Sealed:
    boxes = []
    for row in shape.array(value, 1, MAX_KEEPERS, "sealed reasons"):
        person, sealed = shape.array(row, 2, 2, "sealed reason")
        boxes.append(
            (
                shape.octets(person, (16,), "keeper"),
                shape.octets(sealed, (SEALED_BYTES,), "sealed reason"),
            )
        )
    if any(before >= after for (before, _), (after, _) in pairwise(boxes)):
        raise Malformed("the sealed reasons are not in order of their keepers")
    return boxes


def _rows(boxes: Sealed) -> list[Value]:
    return [[person, sealed] for person, sealed in boxes]


def _hash(rows: list[Value]) -> bytes:
    return hash_labelled("msb/1/ask-boxes", encode(rows))


def _decode_void(plain: bytes) -> list[Value]:
    try:
        return decode_array(plain)
    except Malformed:
        raise Unreadable("void") from None
