"""Signing in: a device or an invitation signs a challenge (PROTOCOL.md 6)."""

from microblog.protocol.encoding import encode
from microblog.protocol.primitives import sign, verify_signature

CHALLENGE_BYTES = 32
LIFE_MS = 2 * 60 * 1000


def sign_login(seed: bytes, fingerprint: bytes, origin: str, challenge: bytes, time: int) -> bytes:
    """Sign in with a device."""
    return sign(
        seed, "msb/1/login", _statement("msb/1/login", fingerprint, origin, challenge, time)
    )


def verify_login(
    key: bytes, fingerprint: bytes, origin: str, challenge: bytes, time: int, signature: bytes
) -> None:
    """Check a device's signature; raises NotAuthentic."""
    data = _statement("msb/1/login", fingerprint, origin, challenge, time)
    verify_signature(key, "msb/1/login", data, signature)


def sign_knock(seed: bytes, fingerprint: bytes, origin: str, challenge: bytes, time: int) -> bytes:
    """Sign in with an invitation's key."""
    return sign(
        seed, "msb/1/knock", _statement("msb/1/knock", fingerprint, origin, challenge, time)
    )


def verify_knock(
    key: bytes, fingerprint: bytes, origin: str, challenge: bytes, time: int, signature: bytes
) -> None:
    """Check an invitation's signature; raises NotAuthentic."""
    data = _statement("msb/1/knock", fingerprint, origin, challenge, time)
    verify_signature(key, "msb/1/knock", data, signature)


def _statement(label: str, fingerprint: bytes, origin: str, challenge: bytes, time: int) -> bytes:
    return encode([label, fingerprint, origin, challenge, time])
