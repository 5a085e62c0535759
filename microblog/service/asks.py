"""Requests to follow: who a stream's keepers are, and what was asked of them.

A request is kept for thirty days, until its person comes on to the list, takes it back or leaves,
or a keeper declines it. The server can check everything about it but the reasons, which are sealed.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from microblog.protocol.ask import LIFE_MS, Ask, decode_ask, encode_ask, verify_ask
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.errors import NotAllowed as Forbidden
from microblog.protocol.errors import ProtocolError, WrongList
from microblog.protocol.stream import Stream
from microblog.service.directory import Directories
from microblog.service.errors import Following, NotFound, Refused, refuse
from microblog.service.sessions import Who, check_stays
from microblog.service.streams import load_stream
from microblog.store import asks, logs
from microblog.store.asks import AskRow
from microblog.store.followers import FollowerRow
from microblog.store.locks import BY_DIRECTORY, hold, of_log

AHEAD_MS = 2 * 60 * 1000
REPLY_BYTES = 4 * 1024 * 1024
#: The codes with which a request is refused, beside those of where it is put.
REFUSALS = (
    "422 not-allowed",
    "forked-directory",
    "not-authentic",
    "too-new",
    "unknown-device",
    "wrong-list",
    "wrong-log",
    "wrong-time",
)


def read_keepers(session: Session, log: bytes) -> list[bytes]:
    """Return who looks after a stream by its list, to anyone who knows its id.

    Raises:
        NotFound: there is no such stream.
    """
    return sorted(_read_stream(session, log).keepers())


def read_ask(who: Who, data: bytes) -> Ask:
    """Return a request in the body of a put, by who is signed in.

    Raises:
        ServiceError: its shape does not hold, or it is somebody else's.
    """
    try:
        ask = decode_ask(data)
        if (ask.asker.person, ask.asker.device) != (who.person, who.key):
            raise Forbidden("the asker and device are not those signed in")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    return ask


def put_ask(session: Session, directories: Directories, log: bytes, ask: Ask, now: int) -> None:
    """Keep a request that passed `read_ask`, in the writer's transaction.

    Raises:
        NotFound: there is no such stream.
        Following: its person is on the list already.
        ServiceError: it is not signed as it must be, or not sealed to keepers alone.
    """
    hold(session, BY_DIRECTORY, of_log(log))
    stream, asker = _read_stream(session, log), ask.asker
    try:
        verify_ask(ask, directories.read(session), log)
        if {keeper for keeper, _ in ask.boxes} - stream.keepers():
            raise WrongList("a reason is sealed to someone who is no keeper")
    except ProtocolError as error:
        raise refuse(error, "body") from None
    if not now - LIFE_MS < asker.time <= now + AHEAD_MS:
        raise Refused("wrong-time", "body: time is too long ago, or in the future")
    if asker.person in stream.roles:
        raise Following
    asks.delete_out_of_date(session, now - LIFE_MS)
    asks.put_ask(session, AskRow(log, asker.person, asker.time, encode_ask(ask)))


def delete_ask(session: Session, who: Who, log: bytes, person: bytes) -> None:
    """Remove a request, in the writer's transaction: its person does, or a keeper.

    Raises:
        NotFound: there is none, or it is neither theirs nor to a stream that they keep.
    """
    hold(session, BY_DIRECTORY, of_log(log))
    check_stays(session, who)
    may = who.person == person or who.person in _read_stream(session, log).keepers()
    if not may or not asks.delete_ask(session, log, person):
        raise NotFound


def read_asks(session: Session, who: Who, now: int) -> list[bytes]:
    """Return one's own requests, and those to streams that one keeps; the newest that fit."""
    found: list[bytes] = []
    kept: dict[bytes, bool] = {}
    room = REPLY_BYTES
    for row in asks.read_asks_near(session, who.person, now - LIFE_MS):
        if row.log not in kept:
            kept[row.log] = who.person in _read_stream(session, row.log).keepers()
        if row.person != who.person and not kept[row.log]:
            continue
        room -= len(row.ask)
        if room < 0:
            break
        found.append(row.ask)
    return found


def end_asks(session: Session, changed: Iterable[FollowerRow]) -> None:
    """Remove the requests of those whom an entry has put on a list, in its transaction."""
    for row in changed:
        if row.until_seq is None:
            asks.delete_ask(session, row.log, row.person)


def _read_stream(session: Session, log: bytes) -> Stream:
    head = None if log == DIRECTORY else logs.read_head(session, log)
    if head is None:
        raise NotFound
    return load_stream(head)
