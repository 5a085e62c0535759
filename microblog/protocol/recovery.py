"""The recovery sheet: a device made of paper, whose keys follow from what is printed on it.

PROTOCOL.md 5.2. Its keys are bound to the practice's fingerprint: in any other practice, a false
one too, the same letters give keys that nobody knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.errors import BadLetters, Malformed
from microblog.protocol.invitation import ALPHABET, encode_letters, read_letters
from microblog.protocol.log import Head
from microblog.protocol.primitives import derive, hash_labelled

SECRET_BYTES = 20
LETTERS = 32
CHECK_LETTERS = 4
GROUP = 4
GROUPS = 9

_SEQ_BYTES = 8
_FRAGMENT_BYTES = SECRET_BYTES + 32 + _SEQ_BYTES + 32
_MAX_UINT = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the link of a sheet holds: its secret, the practice, and a pin of the directory."""

    secret: bytes
    fingerprint: bytes
    directory: Head


def encode_sheet(secret: bytes) -> str:
    """Return the letters of a sheet, their check last; `secret` (20) is fresh."""
    letters = encode_letters(secret)
    return letters + _check(letters)


def read_sheet(typed: str) -> bytes:
    """Return the secret of a sheet from what someone typed of it.

    Raises:
        BadLetters: they are not those of any sheet; it says in which group the one mistake is that
            would explain it, if there is one such group.
    """
    try:
        letters = read_letters(typed, LETTERS + CHECK_LETTERS)
    except Malformed as error:
        raise BadLetters(str(error)) from None
    if not _fits(letters):
        groups = {at // GROUP for at, other in _mistakes(letters) if _fits(other)}
        raise BadLetters("the check does not fit", groups.pop() if len(groups) == 1 else None)
    number = 0
    for letter in letters[:LETTERS]:
        number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(SECRET_BYTES, "big")


def check_group(typed: str, letters: str, group: int) -> None:
    """Check one group of four letters that was typed back from a sheet, by all its letters.

    Raises:
        BadLetters: it is not that group.
    """
    try:
        right = read_letters(typed, GROUP) == letters[group * GROUP : (group + 1) * GROUP]
    except Malformed:
        right = False
    if not right:
        raise BadLetters("that is not what stands on the sheet", group)


def derive_device_seed(secret: bytes, fingerprint: bytes) -> bytes:
    """Return the seed of a sheet's signing key."""
    return derive(secret, "msb/1/recovery", fingerprint, "device")


def derive_box_secret(secret: bytes, fingerprint: bytes) -> bytes:
    """Return the secret part of a sheet's box key."""
    return derive(secret, "msb/1/recovery", fingerprint, "box")


def encode_sheet_link(sheet: Sheet) -> str:
    """Return what stands after `#` in the link of a sheet."""
    seq = sheet.directory.seq.to_bytes(_SEQ_BYTES, "big")
    return encode_base64url(sheet.secret + sheet.fingerprint + seq + sheet.directory.id)


def decode_sheet_link(fragment: str) -> Sheet:
    """Return what the link of a sheet holds, from what stands after `#`.

    Raises:
        Malformed: a part of the link is missing or mistyped.
    """
    data = decode_base64url(fragment)
    if len(data) != _FRAGMENT_BYTES:
        raise Malformed("the link is not complete")
    fingerprint, seq = data[SECRET_BYTES:-40], int.from_bytes(data[-40:-32], "big")
    if seq > _MAX_UINT:
        raise Malformed("the link is not complete")
    return Sheet(data[:SECRET_BYTES], fingerprint, Head(seq, data[-32:]))


def _check(letters: str) -> str:
    return encode_letters(hash_labelled("msb/1/recovery-check", letters.encode())[:5])[:4]


def _fits(letters: str) -> bool:
    return _check(letters[:LETTERS]) == letters[LETTERS:]


def _mistakes(letters: str) -> Iterator[tuple[int, str]]:
    """Yield what may have been meant: one letter another, or two neighbours the other way round."""
    for at, typed in enumerate(letters):
        before, after = letters[:at], letters[at + 1 :]
        yield from ((at, before + letter + after) for letter in ALPHABET if letter != typed)
        if after and after[0] != typed:
            yield at, before + after[0] + typed + after[1:]
