"""Asking to follow, with a follow slip, and answering those who ask.

Who asks holds nothing of the stream, so who its keepers are is the server's word: the client shows
them by name, and seals the reason to their keys in the verified directory, before anything is sent.
"""

from collections.abc import Sequence

from microblog.client.asks import open_asks, people, reason_of, requests
from microblog.client.boxes import reading_key_of
from microblog.client.directory import refresh_directory
from microblog.client.finishing import refresh_log
from microblog.client.login import ask
from microblog.client.messages import Asking, Slip
from microblog.client.session import Session, check_trusted, feed_of, read_id
from microblog.client.team import grant
from microblog.client.transport import Refused
from microblog.client.writing import nfc
from microblog.protocol import shape
from microblog.protocol.ask import (
    MAX_REASON,
    Asker,
    decode_ask,
    decode_slip,
    encode_slip,
    seal_reason,
    write_ask,
)
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.errors import NotAllowed
from microblog.protocol.primitives import signing_key

SEED_BYTES = 32


def slip(session: Session, log: str) -> str:
    """Return the link of a follow slip: it names the stream by its id, and opens nothing.

    Raises:
        NotFollowed: the stream is none of mine.
        NotAllowed: I am not on its team.
    """
    feed = feed_of(session, read_id(log))
    if session.me not in feed.admissions:
        raise NotAllowed("you are not on this team")
    return f"{session.keys.origin}/ask#{encode_slip(feed.log, session.keys.fingerprint)}"


def read_slip(session: Session, fragment: str) -> Slip:
    """Return whom a slip lets me ask: by the server's word, unless I follow the stream already.

    Raises:
        InTrouble: the directory cannot be trusted.
        Malformed: a part of the link is missing or mistyped.
        WrongLog: it is a slip of another practice.
        Refused: not-found, there is no such stream.
        Unreachable: the server did not answer.
    """
    log = decode_slip(fragment, session.keys.fingerprint)
    refresh_directory(session)
    check_trusted(session)
    following = _follows(session, log)
    ids = session.feeds[log].stream.keepers() if following else _keepers(session, log)
    keepers = people(session, [person for person in ids if _can_read(session, person)])
    return Slip(log=encode_base64url(log), following=following, keepers=keepers)


def ask_to_follow(session: Session, fragment: str, reason: str, shown: Sequence[str]) -> Asking:
    """Ask the keepers to let me in, for a reason that only they can open.

    If they are others than those `shown` on the screen, nothing is sent, and they are returned.

    Raises:
        Malformed: the reason is missing or too long.
        NotAllowed: I am on the team already, or nobody is there who could let me in.
        As `read_slip`.
    """
    reason = shape.text(nfc(reason.strip()), 1, MAX_REASON, "reason")
    found = read_slip(session, fragment)
    if found.following:
        raise NotAllowed("you are on this team already")
    if not found.keepers:
        raise NotAllowed("nobody is there who could let you in")
    if {person.id for person in found.keepers} != set(shown):
        return Asking(sent=False, keepers=found.keepers)
    log, keys = read_id(found.log), session.keys
    device = signing_key(keys.device_seed)
    asker = Asker(keys.fingerprint, log, session.me, device, session.world.clock())
    boxes = [_sealed(session, asker, read_id(person.id), reason) for person in found.keepers]
    data = write_ask(keys.device_seed, asker, boxes)
    ask(session, lambda: session.transport.put_ask(log, data))
    _drop(session, log, session.me)
    session.asks.append(decode_ask(data))
    return Asking(sent=True, keepers=found.keepers)


def approve(session: Session, log: str, person: str) -> None:
    """Let someone in who asks, as a follower, for the reason that they gave.

    The server forgets the request with the grant. Who was let in meanwhile stays what they are.

    Raises:
        NotAllowed: nobody by that id asks to follow it.
        As `grant`.
    """
    if not any((row.log, row.person.id) == (log, person) for row in requests(session)):
        raise NotAllowed("nobody by that id asks to follow this")
    pair = (read_id(log), read_id(person))
    item = next(it for it in open_asks(session) if (it.asker.log, it.asker.person) == pair)
    if pair[1] not in refresh_log(session, pair[0]).admissions:
        grant(session, log, person, "follower", reason_of(session, item))
    _drop(session, *pair)


def decline(session: Session, log: str, person: str) -> None:
    """Have the server forget a request to a stream that I keep; who asked may ask again.

    Raises:
        Unreachable: the server did not answer.
    """
    try:
        ask(session, lambda: session.transport.delete_ask(read_id(log), read_id(person)))
    except Refused as refused:
        if refused.code != "not-found":
            raise
    _drop(session, read_id(log), read_id(person))


def take_back(session: Session, log: str) -> None:
    """Have the server forget what I asked.

    Raises:
        Unreachable: the server did not answer.
    """
    decline(session, log, encode_base64url(session.me))


def _follows(session: Session, log: bytes) -> bool:
    feed = session.feeds.get(log)
    return feed is not None and session.me in feed.admissions


def _keepers(session: Session, log: bytes) -> set[bytes]:
    return set(ask(session, lambda: session.transport.keepers(log))) - {session.me}


def _can_read(session: Session, person: bytes) -> bool:
    directory = session.directory
    here = directory.works_here(person, len(directory.ids) - 1)
    return here and reading_key_of(directory, person) is not None


def _sealed(session: Session, asker: Asker, keeper: bytes, reason: str) -> tuple[bytes, bytes]:
    key = reading_key_of(session.directory, keeper)
    if key is None:
        raise NotAllowed("nobody who could open this works here by that id")
    return keeper, seal_reason(session.world.random(SEED_BYTES), asker, key, reason)


def _drop(session: Session, log: bytes, person: bytes) -> None:
    pair = (log, person)
    session.asks = [it for it in session.asks if (it.asker.log, it.asker.person) != pair]
