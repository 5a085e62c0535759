"""Two devices of one person find each other: a code that one shows and the other is given.

PROTOCOL.md 5.1. Four sealed messages lie at the server, in numbered places under a tag; code, key
and tag follow from the letters, which are never sent. So whoever does not have the letters can
neither read nor write a message, and what opens comes from the other end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import BadLetters, Malformed, NotAuthentic, Unreadable
from microblog.protocol.invitation import encode_letters, read_letters
from microblog.protocol.log import Head
from microblog.protocol.primitives import NONCE_BYTES, decrypt, derive, encrypt, hash_labelled

CODE_BYTES = 13
LETTERS = 20
TAG_BYTES = 16
LIFE_MS = 10 * 60 * 1000
MAX_MESSAGE_BYTES = 96 * 1024
MAX_PINS = 1500
OFFER, WELCOME, CONSENT, PINS = 1, 2, 3, 4

_MAX_NAME = 120
_MANY = 2**16
_MAX_UINT = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Link:
    """What follows from the letters: the key of all messages, and the tag under which they lie."""

    key: bytes
    tag: bytes


@dataclass(frozen=True, slots=True)
class Offer:
    """A new device's public keys, and what it is to be called."""

    device: bytes
    box_key: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whose device it is to be, in which practice, and until when (ms; 0: no end).

    `practice` and `name` are what is shown until the directory is there.
    """

    fingerprint: bytes
    person: bytes
    until: int
    practice: str
    name: str


@dataclass(frozen=True, slots=True)
class Pins:
    """The entry that let the device in, and how far the old one has seen each log."""

    fingerprint: bytes
    person: bytes
    entry: bytes
    heads: tuple[tuple[bytes, Head], ...]


def encode_code(data: bytes) -> str:
    """Return the letters of a new code; `data` (13) is fresh, of which 100 bits count."""
    return encode_letters(data)


def read_code(typed: str) -> str:
    """Return the letters as `encode_code` writes them, from what someone typed.

    Raises:
        BadLetters: there are more or fewer, or one is not in the alphabet.
    """
    try:
        return read_letters(typed, LETTERS)
    except Malformed as error:
        raise BadLetters(str(error)) from None


def derive_link(letters: str) -> Link:
    """Return the key and the tag of a code."""
    key = hash_labelled("msb/1/link", letters.encode())
    return Link(key, derive(key, "msb/1/link-tag")[:TAG_BYTES])


def seal_offer(link: Link, nonce: bytes, offer: Offer) -> bytes:
    """Seal what the new device offers; `nonce` (24) is fresh.

    Raises:
        Malformed: its name is too long.
    """
    shape.text(offer.name, 0, _MAX_NAME, "device name")
    return _seal(link, OFFER, nonce, ["msb/1/offer", offer.device, offer.box_key, offer.name])


def open_offer(link: Link, message: bytes) -> Offer:
    """Return what a new device offers.

    Raises:
        NotAuthentic: the message was not sealed with these letters, for this place.
        Malformed: it is no offer.
    """
    _, device, box_key, name = _open(link, OFFER, message, "msb/1/offer", 4)
    return Offer(
        shape.octets(device, (32,), "device key"),
        shape.octets(box_key, (32,), "box key"),
        shape.text(name, 0, _MAX_NAME, "device name"),
    )


def seal_welcome(link: Link, nonce: bytes, welcome: Welcome) -> bytes:
    """Seal, once their person has agreed, whose device it is to be; `nonce` (24) is fresh."""
    items: list[Value] = [
        "msb/1/welcome", welcome.fingerprint, welcome.person, welcome.until,
        welcome.practice, welcome.name,
    ]  # fmt: skip
    return _seal(link, WELCOME, nonce, items)


def open_welcome(link: Link, message: bytes) -> Welcome:
    """Return whose device this is to be; raises as `open_offer` does."""
    items = _open(link, WELCOME, message, "msb/1/welcome", 6)
    _, fingerprint, person, until, practice, name = items
    return Welcome(
        shape.octets(fingerprint, (32,), "fingerprint"),
        shape.octets(person, (16,), "person"),
        shape.uint(until, _MAX_UINT, "until"),
        shape.text(practice, 0, _MAX_NAME, "practice name"),
        shape.text(name, 0, _MAX_NAME, "name"),
    )


def seal_consent(link: Link, nonce: bytes, signature: bytes) -> bytes:
    """Seal the new device's signature that it is to be the person's; `nonce` (24) is fresh."""
    return _seal(link, CONSENT, nonce, ["msb/1/consent", signature])


def open_consent(link: Link, message: bytes) -> bytes:
    """Return the new device's signature, not verified yet; raises as `open_offer` does."""
    _, signature = _open(link, CONSENT, message, "msb/1/consent", 2)
    return shape.octets(signature, (64,), "signature")


def seal_pins(link: Link, nonce: bytes, pins: Pins) -> bytes:
    """Seal what the new device must find at the server; `nonce` (24) is fresh."""
    rows: list[Value] = [[log, head.seq, head.id] for log, head in pins.heads[:MAX_PINS]]
    items: list[Value] = ["msb/1/pins", pins.fingerprint, pins.person, pins.entry, rows]
    return _seal(link, PINS, nonce, items)


def open_pins(link: Link, message: bytes) -> Pins:
    """Return what must be found at the server; raises as `open_offer` does."""
    _, fingerprint, person, entry, rows = _open(link, PINS, message, "msb/1/pins", 5)
    return Pins(
        shape.octets(fingerprint, (32,), "fingerprint"),
        shape.octets(person, (16,), "person"),
        shape.octets(entry, (32,), "entry"),
        tuple(map(_pin, shape.array(rows, 0, MAX_PINS, "pins"))),
    )


def _pin(value: Value) -> tuple[bytes, Head]:
    log, seq, entry_id = shape.array(value, 3, 3, "pin")
    head = Head(shape.uint(seq, _MAX_UINT, "seq"), shape.octets(entry_id, (32,), "id"))
    return shape.octets(log, (16,), "log"), head


def _seal(link: Link, slot: int, nonce: bytes, items: Sequence[Value]) -> bytes:
    key = derive(link.key, "msb/1/link-key", slot)
    return nonce + encrypt(key, nonce, encode(list(items)), link.tag + bytes([slot]))


def _open(link: Link, slot: int, message: bytes, label: str, count: int) -> list[Value]:
    key = derive(link.key, "msb/1/link-key", slot)
    nonce, sealed = message[:NONCE_BYTES], message[NONCE_BYTES:]
    try:
        plain = decrypt(key, nonce, sealed, link.tag + bytes([slot]))
    except Unreadable:
        raise NotAuthentic("the message was not sealed with these letters") from None
    items = shape.array(decode_array(plain), count, _MANY, "message")
    shape.word(items[0], (label,), "message")
    return items[:count]
