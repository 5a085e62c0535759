"""What a witness signs: how far it has seen a log grow, and when (PROTOCOL.md 10).

A server that hides the newest of a log, or shows it in two ways, cannot make such a head.
"""

from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.errors import ForkedDirectory, Malformed, NotAuthentic, TooNew
from microblog.protocol.log import Head
from microblog.protocol.primitives import sign, verify_signature
from microblog.protocol.staff import Witness

LATE_MS = 15 * 60 * 1000
OLD_MS = 24 * 60 * 60 * 1000
MAX_HEADS = 64
MAX_HEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class Sighting:
    """How far a log of a practice had come when a witness looked at it."""

    fingerprint: bytes
    log: bytes
    head: Head
    time: int


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A decoded head beside the very bytes that were signed; only its shape is verified yet."""

    sighting: Sighting
    statement: bytes
    signature: bytes


def write_head(seed: bytes, sighting: Sighting) -> bytes:
    """Return a head, signed by a witness."""
    statement = encode(
        [
            "msb/1/head",
            sighting.fingerprint,
            sighting.log,
            sighting.head.seq,
            sighting.head.id,
            sighting.time,
        ]
    )
    data = encode([statement, sign(seed, "msb/1/head", statement)])
    decode_head(data)
    return data


def decode_head(data: bytes) -> SignedHead:
    """Return the head in `data`, its shape checked.

    Raises:
        Malformed: the shape does not hold.
        TooNew: it is of another version.
    """
    if len(data) > MAX_HEAD_BYTES:
        raise Malformed("the head is too long")
    statement, signature = shape.array(decode_array(data), 2, 2, "head")
    if not isinstance(statement, bytes):
        raise Malformed("the statement is not bytes")
    items = decode_array(statement)
    if items and isinstance(items[0], str) and items[0] != "msb/1/head":
        raise TooNew("the head is of another version of the protocol")
    items = shape.array(items, 6, 6, "statement")
    if items[0] != "msb/1/head":
        raise Malformed("the statement does not say what it is")
    sighting = Sighting(
        fingerprint=shape.octets(items[1], (32,), "fingerprint"),
        log=shape.octets(items[2], (16,), "log"),
        head=Head(shape.uint(items[3], 2**53 - 1, "seq"), shape.octets(items[4], (32,), "id")),
        time=shape.uint(items[5], 2**53 - 1, "time"),
    )
    return SignedHead(sighting, statement, shape.octets(signature, (64,), "signature"))


def verify_head(signed: SignedHead, key: bytes, fingerprint: bytes) -> None:
    """Check that the witness of that key signed a head of a log of this practice.

    Raises:
        ForkedDirectory: it is of another practice.
        NotAuthentic: the signature does not fit.
    """
    if signed.sighting.fingerprint != fingerprint:
        raise ForkedDirectory("the head is of another practice")
    verify_signature(key, "msb/1/head", signed.statement, signed.signature)


def find_witness(signed: SignedHead, directory: Directory) -> bytes:
    """Return the key of the witness, named by the directory and not ended, that signed a head.

    Raises:
        ForkedDirectory: it is of another practice.
        NotAuthentic: none of them did.
    """
    fingerprint = directory.fingerprint or b""
    for witness in good_witnesses(directory):
        try:
            verify_head(signed, witness.key, fingerprint)
        except NotAuthentic:
            continue
        return witness.key
    raise NotAuthentic("no witness of this practice signed the head")


def good_witnesses(directory: Directory) -> tuple[Witness, ...]:
    """Return the witnesses that the directory names and has not ended."""
    named = directory.witnesses.values()
    return tuple(witness for witness in named if witness.until_seq is None)
