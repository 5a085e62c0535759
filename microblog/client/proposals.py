"""What I am asked once: to let someone's supervisor in, for all the children we both know.

Who supervises whom is what each says of themselves in the verified directory. It gives nobody
anything: a keeper decides, and is told by name.
"""

from collections.abc import Iterator

from microblog.client.feed import Feed
from microblog.client.memory import Memory
from microblog.client.session import Session
from microblog.client.showing import show_person
from microblog.client.shown_overview import Proposal
from microblog.protocol import shape
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.errors import ProtocolError

MOST_DISMISSED = 10_000
KEY_LENGTH = 45  # two ids of 22 letters and a stroke


def proposals(session: Session) -> tuple[Proposal, ...]:
    """Return what I am asked, by name, without what I have said no to."""
    found: dict[tuple[bytes, bytes], list[str]] = {}
    for feed in session.feeds.values():
        if _may_add(session, feed):
            for pair in _missing(session, feed):
                found.setdefault(pair, []).append(encode_base64url(feed.log))
    rows = [_proposal(session, *pair, logs) for pair, logs in found.items()]
    dismissed = read_dismissed(session.memory)
    asked = (row for row in rows if row.key not in dismissed)
    return tuple(sorted(asked, key=lambda row: (row.person.name, row.person.id, row.key)))


def dismiss_proposal(session: Session, key: str) -> None:
    """Ask me this no more on this device."""
    keys = read_dismissed(session.memory) | {key}
    session.memory.put_aside("dismissed", encode(sorted(keys)))


def read_dismissed(memory: Memory) -> set[str]:
    """Return what was dismissed on this device."""
    try:
        kept = decode_array(memory.aside("dismissed") or encode([]))
        keys = shape.array(kept, 0, MOST_DISMISSED, "dismissed")
        return {shape.text(key, 0, KEY_LENGTH, "key") for key in keys}
    except ProtocolError:
        return set()


def _proposal(session: Session, person: bytes, supervisor: bytes, logs: list[str]) -> Proposal:
    return Proposal(
        person=show_person(session.directory, person),
        supervisor=show_person(session.directory, supervisor),
        logs=tuple(sorted(logs)),
        key=f"{encode_base64url(person)}/{encode_base64url(supervisor)}",
    )


def _may_add(session: Session, feed: Feed) -> bool:
    about = feed.about()
    if feed.trouble is not None or feed.is_waiting() or (about is not None and about.closed):
        return False
    return session.me in feed.stream.roles and session.me in feed.stream.keepers()


def _missing(session: Session, feed: Feed) -> Iterator[tuple[bytes, bytes]]:
    """Yield those on a team whose supervisor works here and is not on it, with that supervisor."""
    persons = session.directory.persons
    listed = {person for person, _ in feed.recipients(session.directory)}
    for person in sorted(listed):
        known = persons.get(persons[person].supervisor) if person in persons else None
        if known is not None and known.left is None and known.id not in listed:
            yield person, known.id
