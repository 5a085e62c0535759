"""A recorded practice, and what becomes of each part of it when a byte is another.

A mutant is (log, seq, at, change, value): the recorded bytes of one entry, or of a piece of what
travels beside the logs, with one byte flipped, exchanged, left out or put in, or cut off there. An
entry meets the verified log that stood before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry, check_body, decode_entry, open_body
from microblog.protocol.epoch import open_epoch
from microblog.protocol.errors import ProtocolError, Unreadable
from microblog.protocol.primitives import hash_labelled
from microblog.protocol.stream import Stream, Target, target_of
from tests.lying.pieces import Pieces
from tests.vectors.recorded import ANN, BEA, CAS, DAN, EVE, record_directory, record_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tests.vectors.practice import DirectoryLog, StreamLog

Mutant = tuple[int, int, int, int, int]
PEOPLE = {who.id: who for who in (ANN, BEA, CAS, DAN, EVE)}
DIRECTORY, STREAM, PIECES = range(3)
FLIP, EXCHANGE, LEAVE_OUT, PUT_IN, CUT_OFF = CHANGES = range(5)
NOTHING = 5


@dataclass
class Practice:
    """The recorded logs, and the verified state before each of their entries."""

    directory: DirectoryLog = field(default_factory=record_directory)
    stream: StreamLog = field(init=False)
    directories: list[Directory] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    targets: list[Target | None] = field(default_factory=list)
    pieces: Pieces = field(init=False)

    def __post_init__(self) -> None:
        self.stream = record_stream(self.directory)
        known = Directory(self.directory.entries[0].id)
        for entry in self.directory.entries:
            self.directories.append(known)
            known = known.apply(entry)
        self.directories.append(known)
        self.pieces = Pieces(self.directory, known)
        state, posts = Stream(self.stream.log), dict[int, Target]()
        for entry in self.stream.entries:
            self.streams.append(state)
            self.targets.append(_target(entry, posts))
            state = state.apply(entry, known, self.targets[-1])

    @property
    def raw(self) -> list[list[bytes]]:
        return [self.directory.raw, self.stream.raw, self.pieces.raw]

    def verdict(self, log: int, seq: int, raw: bytes) -> str:
        """Return what a client makes of an entry: an error's name, or a hash of what it says."""
        try:
            if log == PIECES:
                return "good " + _hash(self.pieces.read(seq, raw))
            entry = decode_entry(raw)
            said = self._in_stream(seq, entry) if log else self._in_directory(seq, entry)
        except ProtocolError as error:
            # A body that fails says why in its one word.
            return str(error) if isinstance(error, Unreadable) else type(error).__name__
        return "good " + _hash([entry.id, *said])

    def _in_directory(self, seq: int, entry: Entry) -> list[Value]:
        self.directories[seq].apply(entry)
        check_body(entry)
        return [entry.body]

    def _in_stream(self, seq: int, entry: Entry) -> list[Value]:
        directory = self.directories[-1]
        after = self.streams[seq].apply(entry, directory, self.targets[seq])
        check_body(entry)
        said = open_body(entry, self.stream.secrets[entry.header.epoch])
        opened: list[Value] = []
        for person, box in entry.boxes:
            who = PEOPLE.get(person)
            if who is None:
                raise Unreadable("waiting")
            reading = who.reading_secret, who.reading_key
            commitment = after.commitments[entry.header.epoch]
            place = self.stream.log, entry.header.epoch, person
            opened.append([person, open_epoch(box, reading, *place, commitment)])
        return [list(said), opened]


def _hash(said: list[Value]) -> str:
    return hash_labelled("verdict", encode(said)).hex()


def _target(entry: Entry, posts: dict[int, Target]) -> Target | None:
    header = entry.header
    if header.kind == "post":
        posts[header.seq] = Target(header.author, header.time, withdrawn=False, erased=False)
    return posts.get(target_of(header.payload)) if header.kind == "withdraw" else None


def mutants(practice: Practice, random: Random, count: int) -> Iterator[Mutant]:
    """Yield mutants: every byte of both logs in an order of chance, again and again."""
    places = [
        (log, seq, at)
        for log, raws in enumerate(practice.raw)
        for seq, raw in enumerate(raws)
        for at in range(len(raw))
    ]
    random.shuffle(places)
    for _, (log, seq, at) in zip(range(count), cycle(places), strict=False):
        yield log, seq, at, random.choice(CHANGES), random.randrange(256)


def mutate(raw: bytes, at: int, change: int, value: int) -> bytes:
    """Return the bytes of an entry with one of them changed."""
    before, byte, after = raw[:at], raw[at], raw[at + 1 :]
    if change == NOTHING:
        return raw
    if change == FLIP:
        return before + bytes([byte ^ 1 << value % 8]) + after
    if change == EXCHANGE:
        return before + bytes([(byte + 1 + value % 255) % 256]) + after
    if change == PUT_IN:
        return before + bytes([value, byte]) + after
    return before + (after if change == LEAVE_OUT else b"")
