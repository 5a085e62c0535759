"""Who is signed in: by a device, an invitation, the founding link or a witness's key.

A session is a random token that only its holder has; we keep its hash. It ends after twelve hours,
with the time of its device, when it is deleted, and in the very transaction in which its person
leaves, or its device or invitation is revoked.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.orm import Session

from microblog.protocol.device import is_good
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import ProtocolError
from microblog.protocol.login import verify_knock, verify_login
from microblog.protocol.staff import Device, Invite
from microblog.protocol.witness import good_witnesses
from microblog.service.challenges import Keys, check_challenge, use_challenge
from microblog.service.directory import Directories
from microblog.service.errors import SignedOut
from microblog.store import logs, sessions
from microblog.store.locks import BY_DIRECTORY, hold
from microblog.store.locks import DIRECTORY as WHOLE_DIRECTORY
from microblog.store.seen import Seen
from microblog.store.sessions import SessionRow

#: Sessions that were read and have not ended since, by the hash of their token.
SeenSessions: TypeAlias = Seen[bytes, SessionRow]

DEVICE = "device"
INVITATION = "invitation"
FOUNDING = "founding"
WITNESS = "witness"

TOKEN_BYTES = 32
LIFE_MS = 12 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Who:
    """Someone signed in; `person` is empty for the founding link and a witness."""

    sort: str
    person: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What is sent to sign in; nothing about it is verified."""

    sort: str
    key: bytes
    challenge: bytes
    time: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone signs in: our origin, and the keys that our challenges are made with."""

    origin: str
    keys: Keys


def check_proof(
    session: Session, directories: Directories, place: Place, proof: Proof, now: int
) -> None:
    """Check challenge and signature before the writer is troubled.

    Raises:
        SignedOut: something about it is wrong.
    """
    key = place.keys.read(session, proof.time)
    if key is None:
        raise SignedOut
    check_challenge(key, proof.challenge, proof.time, now)
    directory = directories.read(session)
    verify = verify_knock if proof.sort == INVITATION else verify_login
    try:
        verify(
            proof.key,
            directory.fingerprint or b"",
            place.origin,
            proof.challenge,
            proof.time,
            proof.signature,
        )
    except ProtocolError:
        raise SignedOut from None
    _find_person(directory, proof, now)


def open_session(
    session: Session, directories: Directories, proof: Proof, token: bytes, now: int
) -> Who:
    """Begin a session for a proof that was checked, in the writer's transaction.

    Raises:
        SignedOut: the challenge was used, or the person or invitation is good no longer.
    """
    hold(session, BY_DIRECTORY)
    who, expires = _find_person(directories.read(session), proof, now)
    sessions.delete_out_of_date(session, now)
    use_challenge(session, proof.challenge, proof.time)
    sessions.add_session(
        session, SessionRow(hash_token(token), who.sort, who.person, who.key, expires)
    )
    return who


def open_founding_session(session: Session, token: bytes, now: int) -> Who:
    """Begin the one session of the founding link, in the writer's transaction; it ends any before.

    Raises:
        SignedOut: the practice is founded.
    """
    hold(session, WHOLE_DIRECTORY)
    if logs.read_head(session, DIRECTORY) is not None:
        raise SignedOut
    sessions.delete_out_of_date(session, now)
    sessions.delete_sessions_of_sort(session, FOUNDING)
    row = SessionRow(hash_token(token), FOUNDING, b"", b"", now + LIFE_MS)
    sessions.add_session(session, row)
    return Who(FOUNDING, b"", b"")


def find_session(
    seen: SeenSessions, open_store: Callable[[], Session], token: bytes, now: int
) -> Who | None:
    """Return who a token stands for; None where nobody is signed in by it."""
    hashed = hash_token(token)
    row = seen.find(hashed, lambda: sessions.read_session(open_store(), hashed))
    return who_is(row, now) if row else None


def who_is(row: SessionRow, now: int) -> Who | None:
    """Return who is signed in by a session; None: it is out of date."""
    return Who(row.sort, row.person, row.key) if row.expires > now else None


def check_here(directory: Directory, who: Who, now: int) -> None:
    """Check, where the newest directory is at hand, that nobody has shut out, since they asked,
    the device of whoever is about to write; as `check_stays`.

    Raises:
        SignedOut: somebody has.
    """
    if who.sort == DEVICE:
        _find_device(directory, who.key, now)


def check_stays(session: Session, who: Who) -> None:
    """Check that nobody has ended, since they asked, the session of whoever is about to write.

    In the writer's transaction, which holds the directory, so that nobody does now.

    Raises:
        SignedOut: it was ended.
    """
    if not sessions.has_session(session, who.person, who.key):
        raise SignedOut


def close_session(session: Session, token: bytes) -> None:
    """End the session of a token, in the writer's transaction."""
    sessions.delete_session(session, hash_token(token))


def hash_token(token: bytes) -> bytes:
    """Return the form in which a token is kept; it is random, so a plain hash is enough."""
    return hashlib.sha256(token).digest()


def _find_person(directory: Directory, proof: Proof, now: int) -> tuple[Who, int]:
    """Return who a key stands for, and until when they may stay signed in."""
    if proof.sort == INVITATION:
        invite = _find_invite(directory, proof.key, now)
        return Who(INVITATION, invite.person, invite.key), min(now + LIFE_MS, invite.expiry)
    if proof.sort == WITNESS:
        _check_witness(directory, proof.key)
        return Who(WITNESS, b"", proof.key), now + LIFE_MS
    device = _find_device(directory, proof.key, now)
    expires = min(now + LIFE_MS, device.until or now + LIFE_MS)
    return Who(DEVICE, device.person, device.key), expires


def _find_device(directory: Directory, key: bytes, now: int) -> Device:
    device = directory.devices.get(key)
    if device is None or not directory.works_here(device.person, len(directory.ids) - 1):
        raise SignedOut
    if not is_good(device, now):
        raise SignedOut
    return device


def _check_witness(directory: Directory, key: bytes) -> None:
    if key not in {witness.key for witness in good_witnesses(directory)}:
        raise SignedOut


def _find_invite(directory: Directory, key: bytes, now: int) -> Invite:
    for invite in directory.invites.values():
        if invite.key == key and not invite.spent and now <= invite.expiry:
            return invite
    raise SignedOut
