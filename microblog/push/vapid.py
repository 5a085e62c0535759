"""The key that this server's notices are signed with (RFC 8292): made once, kept in the data.

It says to a push service only that two notices come from one server. No word is ever under it.
"""

import base64
import os
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

FILE = "vapid.pem"
#: A push service takes none that is good for more than a day.
GOOD_SECONDS = 12 * 60 * 60


class BadKey(Exception):
    """The file of the key cannot be used; the message says why."""


class Vapid:
    """A key pair, and whom a push service may write to."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str = "") -> None:
        """Sign with a key."""
        self._key = key
        self._contact = contact

    @property
    def public(self) -> bytes:
        """The public key, as browsers take it: 65 bytes."""
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def authorize(self, origin: str, now: int) -> str:
        """Return what a request to a push service's origin says of who sends it."""
        # By the hour, so that it says no more of when than that.
        expires = now // 1000 // 3600 * 3600 + GOOD_SECONDS
        claims = {"aud": origin, "exp": expires, "sub": self._contact}
        token = jwt.encode(claims, self._key, algorithm="ES256")
        return f"vapid t={token}, k={encode(self.public)}"


def make_key(folder: Path, *, replace: bool = False) -> bytes:
    """Make a key pair, put it in a folder for this user's eyes only, and return its public half.

    Raises:
        FileExistsError: there is one, and it is not to be replaced.
        OSError: it cannot be written.
    """
    file = folder / FILE
    if file.exists() and not replace:
        raise FileExistsError
    key = ec.generate_private_key(ec.SECP256R1())
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    part = folder / f"{FILE}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as it:
        it.write(data)
        it.flush()
        os.fsync(it.fileno())
    try:
        if replace:
            part.replace(file)
        else:
            # Fails, where another has made one meanwhile.
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)
    return Vapid(key).public


def read_key(folder: Path, contact: str = "") -> Vapid | None:
    """Return the key pair in a folder; None: there is none.

    Raises:
        BadKey: the file is not one, or cannot be read.
    """
    try:
        data = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadKey(f"{FILE} cannot be read: {error.strerror}") from None
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError):
        raise BadKey(f"{FILE} is damaged, or no key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadKey(f"{FILE} is not a key of the right sort")
    return Vapid(key, contact)


def encode(data: bytes) -> str:
    """Return bytes as push services and browsers write them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
