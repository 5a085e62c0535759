"""Who a witness is: its seed, and of which practice it is one, in a file that only it can read."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from microblog.client.vault import read_file, write_file
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.errors import Malformed
from microblog.protocol.primitives import signing_key

SEED_BYTES = FINGERPRINT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Standing:
    """A witness's seed, and the fingerprint of its practice."""

    seed: bytes
    fingerprint: bytes

    @property
    def key(self) -> str:
        """The key by which a steward names it."""
        return encode_base64url(signing_key(self.seed))

    @property
    def practice(self) -> str:
        """The practice's fingerprint, as it is read out."""
        return encode_base64url(self.fingerprint)


def load_standing(path: Path) -> Standing | None:
    """Return who a witness is, or None if there is none yet.

    Raises:
        Malformed: the file is not one of a witness.
        OSError: it cannot be read.
    """
    try:
        data = read_file(path)
    except FileNotFoundError:
        return None
    if len(data) != SEED_BYTES + FINGERPRINT_BYTES:
        raise Malformed(f"{path} does not hold a witness's key")
    return Standing(data[:SEED_BYTES], data[SEED_BYTES:])


def make_standing(path: Path, fingerprint: bytes) -> Standing:
    """Make a witness of a practice, and keep who it is; raises OSError if it cannot be kept."""
    made = Standing(secrets.token_bytes(SEED_BYTES), fingerprint)
    write_file(path, made.seed + made.fingerprint)
    return made


def read_fingerprint(text: str) -> bytes:
    """Return a practice's fingerprint as it is read out.

    Raises:
        Malformed: it is none.
    """
    data = decode_base64url(text.strip())
    if len(data) != FINGERPRINT_BYTES:
        raise Malformed("that is not a practice's fingerprint")
    return data
