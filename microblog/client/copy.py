"""A client's own copy of a stream: its entries, what they say in the clear, and what was read.

It is told of entries only after the public verdict on them, in order.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from microblog.protocol import shape
from microblog.protocol.about import About
from microblog.protocol.entry import Entry, Header
from microblog.protocol.errors import Malformed
from microblog.protocol.export import Export
from microblog.protocol.post import QUIET, Post
from microblog.protocol.shred import SHREDDED, Reason, read_shred
from microblog.protocol.stream import MAX_FOLLOWERS, Stream, Target, target_of

Why: TypeAlias = tuple[str, bytes]
# What a body says, or why it cannot be read: withheld, void or waiting.
Words: TypeAlias = "Post | About | Why | Reason | Export | str"


@dataclass(slots=True)
class Copy:
    """The entries of a verified stream, and what follows from them.

    `entries` have a body only if it is what their header says. `targets` are the posts by seq,
    `withdrawals` the newest withdrawal of a post, `admissions` and `removals` the entry that let a
    person in or took them off, `epochs` the (seq, epochs dropped so far) of each epoch's entry.
    `destroyed` are the entries whose words were destroyed for good, with the seq that made it so,
    `shreds` the seqs of all proposals and secondings, `hold` that of the newest hold, -1 if there
    is none. `unsaved` are the seqs whose bytes the memory does not hold as they are here.
    """

    log: bytes
    stream: Stream
    entries: list[Entry] = field(default_factory=list)
    words: dict[int, Words] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    withdrawals: dict[int, int] = field(default_factory=dict)
    admissions: dict[bytes, int] = field(default_factory=dict)
    removals: dict[bytes, int] = field(default_factory=dict)
    epochs: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    abouts: list[int] = field(default_factory=list)
    destroyed: dict[int, int] = field(default_factory=dict)
    shreds: list[int] = field(default_factory=list)
    hold: int = -1
    unsaved: set[int] = field(default_factory=set)

    @property
    def next_seq(self) -> int:
        """The seq that the next entry will have."""
        return len(self.entries)

    def mark(self, seq: int) -> int:
        """Return what the server sees of a post: PLAIN, NUDGE or QUIET."""
        return shape.uint(self.entries[seq].header.payload[0], QUIET, "mark")

    def contains(self, entry_id: bytes) -> bool:
        """Return whether an entry of that id is in the log."""
        return any(entry.id == entry_id for entry in reversed(self.entries))

    def index(self, entry: Entry) -> None:
        """Note what a verified entry says in the clear."""
        header = entry.header
        self.entries.append(entry)
        if header.kind == "found":
            self.admissions[header.author] = header.seq
            self.epochs.append((header.seq, ()))
        elif header.kind == "grant":
            person = shape.octets(header.payload[0], (16,), "person")
            self.admissions.setdefault(person, header.seq)
            self.removals.pop(person, None)
        elif header.kind == "epoch":
            self._index_epoch(header)
        elif header.kind == "about":
            self.abouts.append(header.seq)
        elif header.kind == "post":
            self.targets[header.seq] = Target(header.author, header.time, False, False)
        elif header.kind == "withdraw":
            self._index_withdrawal(header)
        elif header.kind == "hold":
            self.hold = header.seq
        elif header.kind == "shred":
            self._index_shred(header)

    def _index_epoch(self, header: Header) -> None:
        rows = shape.array(header.payload[1], 1, MAX_FOLLOWERS, "list")
        listed = {shape.octets(shape.array(row, 2, 2, "list")[0], (16,), "person") for row in rows}
        for person in [person for person in self.admissions if person not in listed]:
            del self.admissions[person]
            self.removals[person] = header.seq
        dropped = [
            shape.uint(number, header.epoch, "dropped")
            for number in shape.array(header.payload[2], 0, 2**16, "dropped")
        ]
        self.epochs.append((header.seq, tuple(sorted((*self.epochs[-1][1], *dropped)))))

    def _index_withdrawal(self, header: Header) -> None:
        seq, erase = target_of(header.payload), header.payload[1] == 1
        self.withdrawals[seq] = header.seq
        target = self.targets[seq]
        self.targets[seq] = replace(target, withdrawn=True, erased=target.erased or erase)
        if erase:
            self.erase(seq)

    def _index_shred(self, header: Header) -> None:
        self.shreds.append(header.seq)
        seqs, seconded = read_shred(header.payload)
        for seq in seqs if seconded else ():
            if self.entries[seq].header.kind not in SHREDDED:
                continue
            self.destroyed[seq] = header.seq
            if seq in self.targets:
                self.targets[seq] = replace(self.targets[seq], erased=True)
            self.erase(seq)

    def erase(self, seq: int) -> None:
        """Let the words of an entry go."""
        entry = self.entries[seq]
        if entry.body or entry.salt:
            self.entries[seq] = replace(entry, body=b"", salt=b"")
            self.unsaved.add(seq)
        self.words.pop(seq, None)

    def is_erased(self, seq: int) -> bool:
        """Return whether the words of an entry are gone for good."""
        return seq in self.destroyed or (seq in self.targets and self.targets[seq].erased)

    def target(self, header: Header) -> Target | None:
        """Return what the public verdict on an entry needs to know of the post it withdraws."""
        if header.kind != "withdraw":
            return None
        try:
            return self.targets.get(target_of(header.payload))
        except Malformed:
            return None  # the public verdict says so itself, in its place

    def withheld(self) -> list[int]:
        """Return the seqs whose bodies the server did not give, to be fetched again."""
        return [
            seq
            for seq, entry in enumerate(self.entries)
            if not entry.body and not self.is_erased(seq)
        ]

    def about(self) -> About | None:
        """Return whom the stream is about: the newest description that opens."""
        for seq in reversed(self.abouts):
            words = self.words.get(seq)
            if isinstance(words, About):
                return words
        return None

    def why(self, seq: int) -> str:
        """Return the reason in a grant, withdrawal, hold or shred; empty if it cannot be read."""
        words = self.words.get(seq)
        if isinstance(words, Reason):
            return words.why
        return words[0] if isinstance(words, tuple) else ""
