"""The boxes of a stream's newest epoch: mine is opened, everybody's is checked and put right.

A box is fixed by the epoch's secret and its recipient (PROTOCOL.md 7.1), so each follower can see
which are missing or wrong on the server, and replace them.
"""

from dataclasses import replace

from microblog.client.feed import Feed
from microblog.client.keeping import put_note
from microblog.client.login import ask
from microblog.client.memory import Note
from microblog.client.session import Session
from microblog.client.transport import Refused
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, encode
from microblog.protocol.epoch import make_box

DAY_MS = 24 * 60 * 60 * 1000


def open_secrets(session: Session, feed: Feed) -> None:
    """Get the secrets that this client lacks, from its boxes and the history bundles, and read."""
    feed.read()
    for epoch in feed.epochs_to_open(session.me):
        box = dict(_stored(session, feed, epoch)).get(session.me)
        if box and feed.open_box(epoch, box, session.me, session.keys.reading_secrets):
            feed.read()
            return


def check_boxes(session: Session, feed: Feed) -> None:
    """Put right the boxes of the newest epoch that are missing or wrong on the server.

    This is done whenever the epoch, the list or somebody's key has changed, and once a day.
    """
    if feed.trouble is not None or session.trouble is not None or feed.is_waiting():
        return
    if session.me not in feed.admissions:
        return
    epoch, secret = feed.stream.epoch, feed.secrets[feed.stream.epoch]
    keys = reading_keys(session, feed)
    mark = _mark(session, epoch, keys)
    note = session.notes.get(feed.log, Note())
    if note.boxes == mark:
        return
    stored = dict(_stored(session, feed, epoch))
    right = {person: make_box(secret, feed.log, epoch, person, key) for person, key in keys.items()}
    wrong = [(person, box) for person, box in right.items() if stored.get(person) != box]
    try:
        if wrong:
            ask(session, lambda: session.transport.put_boxes(feed.log, epoch, wrong))
    except Refused:
        return  # a newer epoch, or somebody else was quicker: seen at the next refresh
    put_note(session, feed.log, replace(note, boxes=mark))


def reading_keys(session: Session, feed: Feed) -> dict[bytes, bytes]:
    """Return the directory's reading keys of those who may read what comes next.

    Whose key is stale is given their box as soon as they have another.
    """
    readers = [person for person, _ in feed.recipients(session.directory)]
    keys = {person: reading_key_of(session.directory, person) for person in readers}
    return {person: key for person, key in keys.items() if key is not None}


def reading_key_of(directory: Directory, person: bytes) -> bytes | None:
    """Return what something is sealed to for a person: nothing, while their key is stale.

    Whoever has the device that they lost may hold it.
    """
    known = directory.persons.get(person)
    return None if known is None or directory.is_stale(person) else known.reading_key


def _stored(session: Session, feed: Feed, epoch: int) -> list[tuple[bytes, bytes]]:
    try:
        return ask(session, lambda: session.transport.boxes(feed.log, epoch))
    except Refused:
        return []


def _mark(session: Session, epoch: int, keys: dict[bytes, bytes]) -> bytes:
    rows: list[Value] = [[person, key] for person, key in keys.items()]
    return encode([epoch, session.world.clock() // DAY_MS, rows])
