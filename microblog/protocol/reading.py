"""Reading keys on their way to one of their person's devices (PROTOCOL.md 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from microblog.protocol import shape
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.errors import Malformed, Unreadable
from microblog.protocol.primitives import box_key, open_box, seal_box


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose reading keys they are, in which practice, and for which of their devices."""

    fingerprint: bytes
    person: bytes
    device: bytes


def seal_reading(seed: bytes, owner: Owner, recipient: bytes, secrets: Sequence[bytes]) -> bytes:
    """Seal a person's private reading keys, oldest first, to a box key; `seed` is fresh."""
    items: list[Value] = [*_start(owner), list(secrets)]
    return seal_box(seed, recipient, encode(items))


def open_reading(
    box_secret: bytes, sealed: bytes, owner: Owner, keys: Sequence[bytes]
) -> tuple[bytes, ...]:
    """Return the private reading keys that were sealed to a device, oldest first.

    Args:
        box_secret: the device's.
        sealed: what an entry of its person says was sealed to it.
        owner: who the device is.
        keys: the person's public reading keys by the directory, oldest first.

    Raises:
        Unreadable: void, because it does not open, is another's, or holds what is no key of theirs.
    """
    try:
        items = shape.array(decode_array(open_box(box_secret, sealed)), 5, 2**16, "reading keys")
        secrets = [
            shape.octets(item, (32,), "reading key")
            for item in shape.array(items[4], 0, 2**16, "reading keys")
        ]
    except Malformed:
        raise Unreadable("void") from None
    if items[:4] != _start(owner):
        raise Unreadable("void")
    places = [_place(keys, box_key(secret)) for secret in secrets]
    if any(place < 0 for place in places) or places != sorted(set(places)):
        raise Unreadable("void")
    return tuple(secrets)


def _start(owner: Owner) -> list[Value]:
    return ["msb/1/reading", owner.fingerprint, owner.person, owner.device]


def _place(keys: Sequence[bytes], key: bytes) -> int:
    return keys.index(key) if key in keys else -1
