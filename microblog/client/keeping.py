"""What a session remembers from one start to the next: opened from its memory, and saved to it."""

from dataclasses import replace

from microblog.client.feed import Feed, restore
from microblog.client.heads import HEADS, decode_heads
from microblog.client.keyring import complete_keys
from microblog.client.memory import Memory, Note
from microblog.client.place import load_place
from microblog.client.session import Keys, Session, World, later, rolled_back
from microblog.client.shown import Trouble
from microblog.client.snapshot import (
    decode_directory,
    decode_stream,
    encode_directory,
    encode_stream,
)
from microblog.client.transport import Transport
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, encode_entry
from microblog.protocol.errors import ForkedLog, RolledBack
from microblog.protocol.stream import Stream
from microblog.protocol.witness import good_witnesses


def open_session(keys: Keys, transport: Transport, memory: Memory, world: World) -> Session:
    """Return a session with all that is remembered; the server is not asked yet."""
    session = Session(keys, transport, memory, world, Directory(keys.fingerprint))
    session.place = load_place(memory)
    for log in memory.logs():
        session.notes[log] = memory.note(log)
    for log, pin in keys.pins:
        note = session.notes.get(log, Note())
        session.notes[log] = replace(note, pin=later(note.pin, pin))
    for log, note in session.notes.items():
        if log == DIRECTORY:
            _restore_directory(session, note)
        elif note.pin is not None:
            session.feeds[log] = _restore_feed(session, log, note)
    complete_keys(session)
    session.vouched = decode_heads(memory.aside(HEADS))
    _restore_forks(session)
    return session


def _restore_directory(session: Session, note: Note) -> None:
    directory = decode_directory(note.state)
    if directory is not None and directory.fingerprint == session.keys.fingerprint:
        session.directory = directory
    if note.rolled_back:
        session.trouble = rolled_back(len(session.directory.ids))


def _restore_forks(session: Session) -> None:
    """Stop again, before the server is asked, what a witness has seen another of."""
    good = {witness.key for witness in good_witnesses(session.directory)}
    for log, vouched in session.vouched.items():
        if good.isdisjoint(seen.key for seen in vouched.against):
            continue
        if log in session.feeds:
            session.feeds[log].stop(ForkedLog("a witness has seen another log than this one"))
        elif log == DIRECTORY and session.trouble is None:
            count = len(session.directory.ids)
            session.trouble = Trouble(error=ForkedLog.__name__, seq=count)


def _restore_feed(session: Session, log: bytes, note: Note) -> Feed:
    feed, stream = None, decode_stream(note.state)
    if stream is not None and stream.head is not None:
        kept = session.memory.entries(log)[: stream.head.seq + 1]
        feed = restore(stream, kept, note.secrets)
    if feed is None:
        feed = Feed(log, Stream(log), secrets=dict(note.secrets))
    feed.read()
    if note.rolled_back:
        feed.stop(RolledBack("the log went back"))
    return feed


def save_feed(session: Session, feed: Feed) -> None:
    """Remember what is new of a stream: entries, secrets, public state, and its pin."""
    old = session.notes.get(feed.log, Note())
    note = replace(
        old,
        pin=later(old.pin, feed.stream.head),
        secrets=dict(feed.secrets),
        rolled_back=feed.is_rolled_back(),
        state=encode_stream(feed.stream),
    )
    changed = {seq: encode_entry(feed.entries[seq]) for seq in sorted(feed.unsaved)}
    put_note(session, feed.log, note, changed)
    feed.unsaved.clear()


def save_directory(session: Session, entries: dict[int, bytes]) -> None:
    """Remember what is new of the directory."""
    old = session.notes.get(DIRECTORY, Note())
    trouble = session.trouble
    note = replace(
        old,
        pin=later(old.pin, session.directory.head),
        rolled_back=trouble is not None and trouble.error == RolledBack.__name__,
        state=encode_directory(session.directory) if entries else old.state,
    )
    put_note(session, DIRECTORY, note, entries)


def put_note(
    session: Session, log: bytes, note: Note, entries: dict[int, bytes] | None = None
) -> None:
    """Remember a note, and entries by seq, if anything changed."""
    if entries or note != session.notes.get(log):
        session.memory.put(log, entries or {}, note)
        session.notes[log] = note
