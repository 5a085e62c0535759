"""A witness at work: it checks that every log only grows, and signs how far each has come.

It is given headers and nothing else, so that it can read no word, and keeps them in a store of its
own, sealed under its key. How far a log has come is written down before it is signed: whatever ends
this program, it never signs less than it has signed, or anything else in its place. A log that went
back is not signed any more, ever; one that does not verify is not for as long as that is so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from microblog.client.feed import Feed, restore
from microblog.client.memory import Memory, Note
from microblog.client.session import World
from microblog.client.shown import Trouble
from microblog.client.snapshot import (
    decode_directory,
    decode_stream,
    encode_directory,
    encode_stream,
)
from microblog.client.transport import Refused
from microblog.client.watching import WitnessTransport
from microblog.protocol.directory import Directory
from microblog.protocol.entry import DIRECTORY, decode_entry, encode_entry
from microblog.protocol.errors import DirectoryBehind, HeldBack, ProtocolError, RolledBack
from microblog.protocol.log import Head
from microblog.protocol.login import sign_login
from microblog.protocol.primitives import signing_key
from microblog.protocol.stream import Stream
from microblog.protocol.witness import MAX_HEADS, Sighting, write_head

MAX_LOGS = 256

Item = TypeVar("Item")


class NotNamed(Exception):
    """The directory of the practice does not name this witness, or names it no longer."""


class Restoring(Exception):
    """The server is being put back from a backup, and may show less until it is open again."""


@dataclass(slots=True)
class Watch:
    """A witness's seed, what it has seen of each log, and what is wrong with some."""

    seed: bytes
    fingerprint: bytes
    transport: WitnessTransport
    memory: Memory
    world: World
    directory: Directory
    notes: dict[bytes, Note] = field(default_factory=dict)
    troubles: dict[bytes, Trouble] = field(default_factory=dict)

    @property
    def key(self) -> bytes:
        """The public key by which a steward names this witness."""
        return signing_key(self.seed)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one look: how many logs there are, how many were signed, what is wrong."""

    logs: int
    signed: int
    troubles: Mapping[bytes, Trouble]


def open_watch(
    seed: bytes, fingerprint: bytes, transport: WitnessTransport, memory: Memory, world: World
) -> Watch:
    """Return a witness with all that it remembers; the server is not asked yet."""
    watch = Watch(seed, fingerprint, transport, memory, world, Directory(fingerprint))
    for log in memory.logs():
        watch.notes[log] = memory.note(log)
    known = decode_directory(watch.notes.get(DIRECTORY, Note()).state)
    if known is not None and known.fingerprint == fingerprint:
        watch.directory = known
    return watch


def look(watch: Watch) -> Look:
    """Look at all logs once, and sign those in which nothing is wrong.

    Raises:
        NotNamed: no steward has named this witness yet.
        Restoring: the server is being put back; nothing is looked at meanwhile.
        Unreachable: the server did not answer.
    """
    if watch.transport.restoring():
        raise Restoring("the server is being put back from a backup")
    _sign_in(watch)
    watch.troubles.clear()
    listed = watch.transport.list_logs()
    _look_at_directory(watch, listed.get(DIRECTORY))
    # Without a directory that can be trusted nothing else can be judged.
    if DIRECTORY not in watch.troubles:
        _look_at_streams(watch, {log: it for log, it in listed.items() if log != DIRECTORY})
    signed = _sign(watch, listed) if DIRECTORY not in watch.troubles else 0
    return Look(len(listed), signed, dict(watch.troubles))


def _sign_in(watch: Watch) -> None:
    challenge = watch.transport.challenge()
    signature = sign_login(
        watch.seed,
        watch.fingerprint,
        watch.transport.origin,
        challenge.challenge,
        challenge.time,
    )
    try:
        watch.transport.sign_in("witness", watch.key, challenge, signature)
    except Refused as refused:
        if refused.code != "signed-out":
            raise
        raise NotNamed("no steward has named this witness") from None


# The directory


def _look_at_directory(watch: Watch, head: Head | None) -> None:
    note = watch.notes.get(DIRECTORY, Note())
    if note.rolled_back or not _is_further(watch, DIRECTORY, note, head):
        return
    _fetch_directory(watch)
    if DIRECTORY not in watch.troubles and not _holds(watch.directory.ids, head):
        error = HeldBack("the server does not give what it lists")
        _stop(watch, DIRECTORY, error, len(watch.directory.ids))


def _fetch_directory(watch: Watch) -> None:
    more = True
    while more:
        first = len(watch.directory.ids)
        replies = [it for it in watch.transport.headers({DIRECTORY: first}) if it.log == DIRECTORY]
        raws = [raw for reply in replies for raw in reply.entries]
        watch.directory, error = watch.directory.extend(map(decode_entry, raws))
        count = len(watch.directory.ids)
        if count > first:
            state = encode_directory(watch.directory)
            note = Note(pin=watch.directory.head, state=state)
            new = dict(enumerate(raws[: count - first], first))
            _put(watch, DIRECTORY, new, note)
        if error is not None:
            _stop(watch, DIRECTORY, error, count)
        more = error is None and count > first and any(reply.more for reply in replies)


def _holds(ids: Sequence[bytes], head: Head | None) -> bool:
    return head is not None and head.seq < len(ids) and ids[head.seq] == head.id


# Streams


def _look_at_streams(watch: Watch, listed: Mapping[bytes, Head]) -> None:
    for log in watch.notes.keys() - listed.keys() - {DIRECTORY}:
        error = RolledBack("the log is no longer there")
        _stop(watch, log, error, 0)
    new = [
        log
        for log, head in listed.items()
        if _is_further(watch, log, watch.notes.get(log, Note()), head)
    ]
    for some in _portions(new, MAX_LOGS):
        _fetch_streams(watch, {log: listed[log] for log in some})


def _is_further(watch: Watch, log: bytes, note: Note, head: Head | None) -> bool:
    """Return whether a log has come further than was seen; note it if it went back."""
    pin = note.pin
    if note.rolled_back or (pin is not None and (head is None or head.seq < pin.seq)):
        _stop(watch, log, RolledBack("the log is shorter than it was"), pin.seq if pin else 0)
        return False
    if pin is not None and head is not None and head.seq == pin.seq:
        if head.id != pin.id:
            _stop(watch, log, RolledBack("the log is not the one seen before"), pin.seq)
        return False
    return True


def _fetch_streams(watch: Watch, wanted: Mapping[bytes, Head]) -> None:
    since = {log: _next_seq(watch, log) for log in wanted}
    while since:
        replies = {it.log: it for it in watch.transport.headers(since) if it.log in since}
        for log, reply in replies.items():
            feed = _open_feed(watch, log)
            _take(watch, feed, reply.entries)
            _close_feed(watch, feed)
        # Asked for again is what was cut off, or left out behind it, for as long as more comes.
        came = any(reply.entries for reply in replies.values())
        cut = came and any(reply.more for reply in replies.values())
        left = {log: seq for log in since if (seq := _next_seq(watch, log)) <= wanted[log].seq}
        since = {log: seq for log, seq in left.items() if cut and log not in watch.troubles}
    for log, head in wanted.items():
        if log not in watch.troubles and _next_seq(watch, log) <= head.seq:
            _stop(watch, log, HeldBack("the server does not give what it lists"), head.seq)


def _take(watch: Watch, feed: Feed, raws: Sequence[bytes]) -> None:
    """Give the public verdict on some entries; fetch the directory if they have seen more of it."""
    for again in (False, True):
        try:
            feed.take(raws, watch.directory)
        except DirectoryBehind as error:
            if again:
                feed.stop(error)
            else:
                _fetch_directory(watch)
        else:
            return


def _open_feed(watch: Watch, log: bytes) -> Feed:
    state = decode_stream(watch.notes.get(log, Note()).state)
    if state is None or state.head is None:
        return Feed(log, Stream(log))
    known = restore(state, watch.memory.entries(log)[: state.head.seq + 1], {})
    return known or Feed(log, Stream(log))


def _close_feed(watch: Watch, feed: Feed) -> None:
    """Write down how far a stream has come, before anyone signs it."""
    note = Note(pin=feed.stream.head, state=encode_stream(feed.stream))
    new = {seq: encode_entry(feed.entries[seq]) for seq in sorted(feed.unsaved)}
    if new:
        _put(watch, feed.log, new, note)
    if feed.trouble is not None:
        watch.troubles[feed.log] = feed.trouble


def _next_seq(watch: Watch, log: bytes) -> int:
    pin = watch.notes.get(log, Note()).pin
    return pin.seq + 1 if pin else 0


# What is wrong, and what is signed


def _stop(watch: Watch, log: bytes, error: ProtocolError, seq: int) -> None:
    watch.troubles[log] = Trouble(error=type(error).__name__, seq=seq)
    note = watch.notes.get(log, Note())
    if isinstance(error, RolledBack) and not note.rolled_back:
        _put(watch, log, {}, replace(note, rolled_back=True))


def _put(watch: Watch, log: bytes, entries: Mapping[int, bytes], note: Note) -> None:
    watch.memory.put(log, entries, note)
    watch.notes[log] = note


def _sign(watch: Watch, listed: Iterable[bytes]) -> int:
    time = watch.world.clock()
    heads = [
        write_head(watch.seed, Sighting(watch.fingerprint, log, pin, time))
        for log in listed
        if log not in watch.troubles and (pin := watch.notes[log].pin) is not None
    ]
    for some in _portions(heads, MAX_HEADS):
        watch.transport.put_heads(some)
    return len(heads)


def _portions(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
