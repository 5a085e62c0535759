"""Letting someone in: a link that travels one way and letters another (PROTOCOL.md 5)."""

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.errors import Malformed
from microblog.protocol.primitives import derive, hash_labelled, sign, stretch, verify_signature

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 16
LETTERS_BYTES = 5
PASSES = 3
MEMORY_KIB = 64 * 1024
LIFE_MS = 7 * 24 * 60 * 60 * 1000

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def encode_fragment(secret: bytes, fingerprint: bytes) -> str:
    """Return what stands after `#` in an invitation's link."""
    return encode_base64url(secret + fingerprint)


def decode_fragment(fragment: str) -> tuple[bytes, bytes]:
    """Return (secret, fingerprint) from what stands after `#`.

    Raises:
        Malformed: a part of the link is missing or mistyped.
    """
    data = decode_base64url(fragment)
    if len(data) != SECRET_BYTES + 32:
        raise Malformed("the link is not complete")
    return data[:SECRET_BYTES], data[SECRET_BYTES:]


def encode_letters(data: bytes) -> str:
    """Return a multiple of five bytes as letters that are hard to mishear, five bits each."""
    number = int.from_bytes(data, "big")
    count = len(data) * 8 // 5
    return "".join(ALPHABET[number >> 5 * (count - 1 - i) & 31] for i in range(count))


def read_letters(typed: str, count: int) -> str:
    """Return letters as `encode_letters` writes them, from what someone typed.

    Raises:
        Malformed: there are more or fewer than `count`, or one is not in the alphabet.
    """
    letters = typed.upper().translate(_READ_AS)
    strange = not typed.isascii() or any(letter not in ALPHABET for letter in letters)
    if strange or len(letters) != count:
        raise Malformed(f"not {count} letters or digits")
    return letters


def derive_invitation_seed(secret: bytes, letters: str, fingerprint: bytes) -> bytes:
    """Return the seed of the invitation's signing key; slow on purpose."""
    salt = hash_labelled("msb/1/invite-salt", secret)[:16]
    stretched = stretch(letters.encode(), salt, PASSES, MEMORY_KIB)
    return derive(stretched, "msb/1/invite", secret, fingerprint)


def sign_join(
    seed: bytes,
    fingerprint: bytes,
    invite: bytes,
    device: bytes,
    box_key: bytes,
    reading_key: bytes,
) -> bytes:
    """Sign a joiner's keys with the invitation's key."""
    return sign(seed, "msb/1/join", _join(fingerprint, invite, device, box_key, reading_key))


def verify_join(
    key: bytes,
    fingerprint: bytes,
    invite: bytes,
    keys: tuple[bytes, bytes, bytes],
    signature: bytes,
) -> None:
    """Check the invitation's signature over (device, box, reading key); raises NotAuthentic."""
    verify_signature(key, "msb/1/join", _join(fingerprint, invite, *keys), signature)


def _join(
    fingerprint: bytes, invite: bytes, device: bytes, box_key: bytes, reading_key: bytes
) -> bytes:
    return encode(["msb/1/join", fingerprint, invite, device, box_key, reading_key])
