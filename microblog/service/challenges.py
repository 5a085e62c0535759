"""Challenges to sign in with: good for two minutes, at this server, once.

A challenge is its own record: the time, random bytes, and a tag under a key that lives as long as
the process. So a stranger who asks for many fills nothing; only those that were used are kept,
until their time is over.
"""

import hashlib
import hmac

from sqlalchemy.orm import Session

from microblog.protocol.login import LIFE_MS
from microblog.service.errors import SignedOut
from microblog.store import sessions

SECRET_BYTES = 32
RANDOM_BYTES = 10

_TIME_BYTES = 6
_TAG_BYTES = 16


def make_challenge(secret: bytes, random: bytes, now: int) -> bytes:
    """Return a challenge, 32 bytes; `random` is fresh, RANDOM_BYTES long."""
    start = now.to_bytes(_TIME_BYTES, "big") + random
    return start + _tag(secret, start)


def check_challenge(secret: bytes, challenge: bytes, time: int, now: int) -> None:
    """Check that we made a challenge, at that time, and not more than two minutes ago.

    Raises:
        SignedOut: one of these does not hold.
    """
    start = challenge[:-_TAG_BYTES]
    if not hmac.compare_digest(challenge[-_TAG_BYTES:], _tag(secret, start)):
        raise SignedOut
    if time != int.from_bytes(start[:_TIME_BYTES], "big") or not time <= now < time + LIFE_MS:
        raise SignedOut


def use_challenge(session: Session, challenge: bytes, time: int) -> None:
    """Use a challenge up, in the writer's transaction.

    Raises:
        SignedOut: it was used before.
    """
    if sessions.is_used(session, challenge):
        raise SignedOut
    sessions.use_challenge(session, challenge, time + LIFE_MS)


def _tag(secret: bytes, start: bytes) -> bytes:
    return hashlib.blake2b(start, key=secret, digest_size=_TAG_BYTES).digest()
