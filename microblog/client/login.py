"""Signing in as this device: when the server asks for it, and what is given back to one that was
restored.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from microblog.client.giving import give_back_directory
from microblog.client.keeping import put_note
from microblog.client.session import Session
from microblog.client.transport import Refused
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.log import Head
from microblog.protocol.login import sign_login
from microblog.protocol.primitives import signing_key

Answer = TypeVar("Answer")

#: What signing in as the device mends: nobody is signed in, or the server still knows this client
#: by an invitation or the founding link.
MENDED_BY_SIGNING_IN = frozenset({"signed-out", "not-allowed"})


def sign_in(session: Session) -> None:
    """Begin a session at the server with this device's key (PROTOCOL.md 6).

    A restore ends all sessions, so here is where its clients hear of it. A device that the backup
    does not know is let in once the directory is whole again.
    """
    keys = session.keys
    if may_show_less(session):
        give_back_directory(session.transport, session.memory.entries(DIRECTORY))
        for log, note in list(session.notes.items()):
            # Boxes are no part of what is given back: they are checked, and made, anew.
            put_note(session, log, replace(note, boxes=b""))
    challenge = session.transport.challenge()
    signature = sign_login(
        keys.device_seed, keys.fingerprint, keys.origin, challenge.challenge, challenge.time
    )
    session.transport.sign_in("device", signing_key(keys.device_seed), challenge, signature)


def may_show_less(session: Session) -> bool:
    """Return whether the server is being restored, so that it may show less than was seen.

    It is asked. A server that lies about it gains nothing: what was seen is remembered, and counts
    again as soon as it says that it is open.
    """
    if not session.restoring:
        session.restoring = session.transport.restoring()
    return session.restoring


def must_hold(session: Session, pin: Head, count: int) -> bool:
    """Return whether a log of so many entries must contain its pin, or may still be short of it."""
    return pin.seq < count or not may_show_less(session)


def ask(session: Session, attempt: Callable[[], Answer], *mended: str) -> Answer:
    """Return the server's answer, signing in as this device where it has to be, and once only.

    `mended`: codes beyond those by which this call, too, is refused to a session of the wrong sort.
    """
    try:
        return attempt()
    except Refused as refused:
        if refused.code not in MENDED_BY_SIGNING_IN.union(mended):
            raise
    sign_in(session)
    return attempt()
