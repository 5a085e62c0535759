"""The streams that a person follows, or followed."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from microblog.protocol.entry import DIRECTORY
from microblog.service.sessions import Who, hash_token, who_is
from microblog.store import followers, logs
from microblog.store.seen import Seen

#: Tags that were read since anything was written, by person and device.
SeenTags: TypeAlias = Seen[tuple[bytes, bytes], bytes]


class Followed(NamedTuple):
    """A stream and the newest entry of it that someone may have; `until` is set once removed."""

    log: bytes
    seq: int
    id: bytes
    until: int | None


def read_followed(session: Session, who: Who) -> list[Followed]:
    """Return the streams on whose list someone is or was, each as far as they may read it."""
    found: list[Followed] = []
    for reach in followers.read_reaches(session, who.person):
        head_id = reach.head_id
        if reach.until_seq is not None:
            head_id = logs.read_ids(session, reach.log, reach.until_seq, 1)[0]
        found.append(Followed(reach.log, reach.last_seq, head_id, reach.until_seq))
    return found


def find_tag(seen: SeenTags, open_store: Callable[[], Session], who: Who) -> bytes:
    """Return 16 bytes that change whenever there is anything new for someone.

    They hang on how far each of their streams has come, and the directory, and on nothing else: a
    head's id fixes all that led to it.
    """
    tag = seen.find((who.person, who.key), lambda: _read_tag(open_store(), who))
    if tag is None:
        raise TypeError("nobody has no tag")
    return tag


def read_who_and_tag(session: Session, token: bytes, now: int) -> tuple[Who | None, bytes]:
    """Return who a token stands for, and their tag, read at once where nothing is remembered;
    None: nobody is signed in by it.
    """
    found = followers.read_session_and_newest(session, hash_token(token), DIRECTORY)
    who = who_is(found[0], now) if found else None
    return who, _make_tag(who, found[1]) if who and found else b""


def _read_tag(session: Session, who: Who) -> bytes:
    return _make_tag(who, followers.read_newest(session, who.person, DIRECTORY))


def _make_tag(who: Who, newest: str) -> bytes:
    return hashlib.blake2b(who.key + newest.encode(), digest_size=16).digest()
