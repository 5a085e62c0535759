"""Challenges to sign in with: good for two minutes, at this server, once.

A challenge is its own record: the time, random bytes, and a tag under the key of its day, which all
processes of this server share. So a stranger who asks for many fills nothing; only those that were
used are kept, until their time is over.
"""

import hashlib
import hmac

from sqlalchemy.orm import Session

from microblog.protocol.login import LIFE_MS
from microblog.service.errors import SignedOut
from microblog.store import sessions

KEY_BYTES = 32
RANDOM_BYTES = 10
DAY_MS = 24 * 60 * 60 * 1000

_TIME_BYTES = 6
_TAG_BYTES = 16


class Keys:
    """The keys of days, as far as this process knows them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[int, bytes] = {}

    def read(self, session: Session, now: int) -> bytes | None:
        """Return the key of a day; None: nobody has made it yet."""
        day = now // DAY_MS
        key = self._known.get(day) or sessions.read_challenge_key(session, day)
        if key is not None and day not in self._known:
            # No challenge is older than two minutes.
            self._known = {day: key}
        return key


def add_key(session: Session, now: int, key: bytes) -> None:
    """Make a key that of the day, in the writer's transaction, unless another was quicker."""
    sessions.add_challenge_key(session, now // DAY_MS, key)


def make_challenge(key: bytes, random: bytes, now: int) -> bytes:
    """Return a challenge, 32 bytes; `random` is fresh, RANDOM_BYTES long."""
    start = now.to_bytes(_TIME_BYTES, "big") + random
    return start + _tag(key, start)


def check_challenge(key: bytes, challenge: bytes, time: int, now: int) -> None:
    """Check that we made a challenge, at that time, and not more than two minutes ago.

    Raises:
        SignedOut: one of these does not hold.
    """
    start = challenge[:-_TAG_BYTES]
    if not hmac.compare_digest(challenge[-_TAG_BYTES:], _tag(key, start)):
        raise SignedOut
    if time != int.from_bytes(start[:_TIME_BYTES], "big") or not time <= now < time + LIFE_MS:
        raise SignedOut


def use_challenge(session: Session, challenge: bytes, time: int) -> None:
    """Use a challenge up, in the writer's transaction.

    Raises:
        SignedOut: it was used before.
    """
    if not sessions.use_challenge(session, challenge, time + LIFE_MS):
        raise SignedOut


def _tag(key: bytes, start: bytes) -> bytes:
    return hashlib.blake2b(start, key=key, digest_size=_TAG_BYTES).digest()
