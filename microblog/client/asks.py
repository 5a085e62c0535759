"""Requests to follow, as the server has them: mine, and those to the streams that I keep.

Each is verified when it is fetched, and looked at anew whenever it is shown: what the logs have
settled since is no request any longer, whatever the server says. They are kept in memory only.
"""

from collections.abc import Iterator

from microblog.client.login import ask
from microblog.client.session import Session
from microblog.client.showing import show_person
from microblog.client.shown import Person
from microblog.client.shown_overview import Asked, Request
from microblog.client.transport import Refused, Unreachable
from microblog.protocol.ask import LIFE_MS, Ask, decode_ask, open_reason, verify_ask
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.errors import ProtocolError, Unreadable


def fetch_asks(session: Session) -> None:
    """Fetch and verify requests; where that fails, those known before stay."""
    try:
        served = ask(session, session.transport.asks)
    except (Refused, Unreachable, ProtocolError):
        return
    session.asks = [item for data in served for item in _verified(session, data)]


def _verified(session: Session, data: bytes) -> Iterator[Ask]:
    try:
        item = decode_ask(data)
        verify_ask(item, session.directory, item.asker.log)
    except ProtocolError:
        return  # not theirs, whatever the server says
    yield item


def requests(session: Session) -> tuple[Request, ...]:
    """Return who asks to follow a stream that I keep, the oldest first."""
    now = session.world.clock()
    rows = [
        Request(
            log=encode_base64url(item.asker.log),
            person=show_person(session.directory, item.asker.person),
            reason=reason_of(session, item),
            time=min(item.asker.time, now),
        )
        for item in open_asks(session)
        if _keeps(session, item.asker.log) and item.asker.person != session.me
    ]
    return tuple(sorted(rows, key=lambda row: (row.time, row.log, row.person.id)))


def asked(session: Session) -> tuple[Asked, ...]:
    """Return what I asked and is open, the oldest first; I do not know whom it is about."""
    rows = [
        Asked(
            log=encode_base64url(item.asker.log),
            keepers=people(session, [keeper for keeper, _ in item.boxes]),
            time=item.asker.time,
        )
        for item in open_asks(session)
        if item.asker.person == session.me
    ]
    return tuple(sorted(rows, key=lambda row: (row.time, row.log)))


def open_asks(session: Session) -> list[Ask]:
    """Return the newest verified request of each person to each stream, if nothing settled it."""
    newest: dict[tuple[bytes, bytes], Ask] = {}
    for item in sorted(session.asks, key=lambda item: item.asker.time):
        newest[item.asker.log, item.asker.person] = item
    return [item for item in newest.values() if _is_open(session, item)]


def _is_open(session: Session, item: Ask) -> bool:
    asker, directory = item.asker, session.directory
    if not directory.works_here(asker.person, len(directory.ids) - 1):
        return False
    if asker.time <= session.world.clock() - LIFE_MS:
        return False
    feed = session.feeds.get(asker.log)
    if feed is None:
        return asker.person == session.me
    if asker.person in feed.admissions:
        return False
    # Who was let in for a request, and taken off since, has not asked again.
    removal = feed.removals.get(asker.person)
    return removal is None or feed.entries[removal].header.time < asker.time


def _keeps(session: Session, log: bytes) -> bool:
    feed = session.feeds.get(log)
    return feed is not None and session.me in feed.stream.keepers()


def reason_of(session: Session, item: Ask) -> str:
    """Return why someone asks; empty if it was not sealed to me, or does not open."""
    for keeper, sealed in item.boxes:
        for secret in reversed(session.keys.reading_secrets if keeper == session.me else ()):
            try:
                return open_reason(secret, item.asker, sealed)
            except Unreadable:
                continue
    return ""


def people(session: Session, ids: list[bytes]) -> tuple[Person, ...]:
    """Return people by name."""
    shown = [show_person(session.directory, person) for person in ids]
    return tuple(sorted(shown, key=lambda person: (person.name, person.id)))
