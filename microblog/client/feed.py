"""One stream as this client knows it: verified entries, epochs' secrets, and what each body says.

Both verdicts of PROTOCOL.md 9 are given here. `take` gives the public one: it adds what continues
the log, stops at the first entry that does not, and keeps what it had; a later `take` of a valid
continuation heals it, but never a log that went back. `read` gives the content verdict, body by
body; no body ever stops the log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from microblog.client.shown import Trouble
from microblog.protocol import shape
from microblog.protocol.about import About, read_about
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, Header, check_body, decode_entry, open_body
from microblog.protocol.epoch import open_epoch, read_history
from microblog.protocol.errors import (
    DirectoryBehind,
    Malformed,
    ProtocolError,
    RolledBack,
    Unreadable,
)
from microblog.protocol.log import Head, check_pin
from microblog.protocol.post import Post, read_post
from microblog.protocol.primitives import box_key
from microblog.protocol.stream import MAX_FOLLOWERS, Stream, Target, target_of
from microblog.protocol.why import read_why

Why: TypeAlias = tuple[str, bytes]
# What a body says, or why it cannot be read: withheld, void or waiting.
Words: TypeAlias = "Post | About | Why | str"

_READERS: Mapping[str, Callable[[Sequence[Value]], Words]] = {
    "post": read_post,
    "about": read_about,
    "grant": read_why,
    "withdraw": read_why,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """With a server that keeps bodies back: how many when it was last asked, when to ask again."""

    missing: int = 0
    pause_ms: int = 0
    until_ms: int = 0


@dataclass(slots=True)
class Feed:
    """A stream in a client's hands.

    `entries` have a body only if it is what their header says. `targets` are the posts by seq,
    `withdrawals` the newest withdrawal of a post, `admissions` and `removals` the entry that let a
    person in or took them off, `epochs` the (seq, epochs dropped so far) of each epoch's entry,
    `histories` the verdict on its bundle ("good" or a reason). `unsaved` are the seqs whose bytes
    the memory does not hold as they are here.
    """

    log: bytes
    stream: Stream
    entries: list[Entry] = field(default_factory=list)
    secrets: dict[int, bytes] = field(default_factory=dict)
    words: dict[int, Words] = field(default_factory=dict)
    histories: dict[int, str] = field(default_factory=dict)
    targets: dict[int, Target] = field(default_factory=dict)
    withdrawals: dict[int, int] = field(default_factory=dict)
    admissions: dict[bytes, int] = field(default_factory=dict)
    removals: dict[bytes, int] = field(default_factory=dict)
    epochs: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    abouts: list[int] = field(default_factory=list)
    unsaved: set[int] = field(default_factory=set)
    trouble: Trouble | None = None
    patience: Patience = Patience()

    @property
    def next_seq(self) -> int:
        """The seq that the next entry will have."""
        return len(self.entries)

    # The public verdict

    def take(self, raw_entries: Iterable[bytes], directory: Directory) -> None:
        """Add the entries that continue the log, and name the first that does not as its trouble.

        An entry that is here already must be the same one; its body is taken if it was withheld.

        Raises:
            DirectoryBehind: fetch the directory and call again with the same entries.
        """
        for raw in raw_entries:
            if self.is_rolled_back():
                return
            try:
                self._take(decode_entry(raw), directory)
            except DirectoryBehind:
                raise
            except ProtocolError as error:
                self.stop(error)
                return

    def stop(self, error: ProtocolError) -> None:
        """Name what is wrong after the last good entry; having gone back is never named away."""
        if not self.is_rolled_back():
            self.trouble = Trouble(error=type(error).__name__, seq=self.next_seq)

    def settle(self) -> None:
        """Forget a trouble that the server no longer serves; having gone back is not forgotten."""
        if not self.is_rolled_back():
            self.trouble = None

    def is_rolled_back(self) -> bool:
        """Return whether the server showed less of this log, or another, than it did before."""
        return self.trouble is not None and self.trouble.error == RolledBack.__name__

    def check_pin(self, pin: Head) -> None:
        """Stop if the log does not contain what was seen of it before."""
        try:
            check_pin(pin, [entry.id for entry in self.entries])
        except RolledBack as error:
            self.stop(error)

    def check(self, entries: Iterable[Entry], directory: Directory) -> None:
        """Check entries of mine before they are sent, as everyone else will.

        Raises:
            ProtocolError: everyone would refuse one of them.
        """
        stream = self.stream
        for entry in entries:
            stream = stream.apply(entry, directory, self._target(entry.header))

    def contains(self, entry_id: bytes) -> bool:
        """Return whether an entry of that id is in the log."""
        return any(entry.id == entry_id for entry in reversed(self.entries))

    def _take(self, entry: Entry, directory: Directory) -> None:
        seq = entry.header.seq
        if entry.header.log == self.log and seq < self.next_seq:
            if self.entries[seq].id != entry.id:
                raise RolledBack("the log is not the one seen before")
            self._take_body(entry)
            return
        self.stream = self.stream.apply(entry, directory, self._target(entry.header))
        self.settle()
        # Boxes belong to nobody's log, and a body that does not hash is as good as none.
        self.index(replace(_without_false_body(entry), boxes=()))
        self.unsaved.add(seq)

    def _take_body(self, entry: Entry) -> None:
        seq = entry.header.seq
        if self.is_erased(seq) or self.entries[seq].body:
            return
        self.entries[seq] = replace(_without_false_body(entry), boxes=())
        self.unsaved.add(seq)

    def _target(self, header: Header) -> Target | None:
        if header.kind != "withdraw":
            return None
        try:
            return self.targets.get(target_of(header.payload))
        except Malformed:
            return None  # the public verdict says so itself, in its place

    # What follows from verified entries

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
            self._erase(seq)

    def _erase(self, seq: int) -> None:
        entry = self.entries[seq]
        if entry.body or entry.salt:
            self.entries[seq] = replace(entry, body=b"", salt=b"")
            self.unsaved.add(seq)
        self.words.pop(seq, None)

    def is_erased(self, seq: int) -> bool:
        """Return whether the words of a post are gone for good."""
        return seq in self.targets and self.targets[seq].erased

    def losses(self, directory: Directory) -> set[bytes]:
        """Return who is listed and lost by the directory as far as it is known."""
        return self.stream.losses(directory, len(directory.ids) - 1)

    def recipients(self, directory: Directory) -> tuple[tuple[bytes, str], ...]:
        """Return (person, role) of exactly those to whom the next post will be sealed."""
        lost = self.losses(directory)
        return tuple(row for row in self.stream.members if row[0] not in lost)

    # The content verdict

    def open_box(
        self, epoch: int, box: bytes, person: bytes, reading_secrets: Sequence[bytes]
    ) -> bool:
        """Take an epoch's secret from the box made for me; return whether there is one in it."""
        commitment = self.stream.commitments[epoch]
        for secret in reversed(reading_secrets):
            reading = (secret, box_key(secret))
            try:
                self.secrets[epoch] = open_epoch(box, reading, self.log, epoch, person, commitment)
            except Unreadable:
                continue
            return True
        return False

    def read(self) -> None:
        """Open what can be opened: bundles from the newest epoch down, then bodies not read yet."""
        for epoch in reversed(range(len(self.epochs))):
            if self.histories.get(epoch) not in ("good", "void"):
                self.histories[epoch] = self._read_history(epoch)
        for seq in range(self.next_seq):
            if self.words.get(seq, "waiting") in ("waiting", "withheld"):
                self._read_words(seq)

    def _read_history(self, epoch: int) -> str:
        seq, dropped = self.epochs[epoch]
        commitments = self.stream.commitments[: epoch + 1]
        try:
            items = self._open(self.entries[seq])
            found = read_history(items, self.log, commitments, dropped)
        except Unreadable as unreadable:
            return unreadable.why
        self.secrets.update(found)
        return "good"

    def _read_words(self, seq: int) -> None:
        entry = self.entries[seq]
        reader = _READERS.get(entry.header.kind)
        if reader is None or self.is_erased(seq):
            return
        try:
            self.words[seq] = reader(self._open(entry))
        except Unreadable as unreadable:
            self.words[seq] = unreadable.why

    def _open(self, entry: Entry) -> list[Value]:
        check_body(entry)
        secret = self.secrets.get(entry.header.epoch)
        if secret is None:
            raise Unreadable("waiting")
        return open_body(entry, secret)

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
        """Return the reason in a grant or withdrawal; empty if it cannot be read."""
        words = self.words.get(seq)
        return words[0] if isinstance(words, tuple) else ""

    def is_waiting(self) -> bool:
        """Return whether nobody has handed me the newest epoch's secret yet."""
        return self.stream.epoch not in self.secrets

    def epochs_to_open(self, person: bytes) -> list[int]:
        """Return the epochs, newest first, that may hold a box for a person and are still shut.

        A bundle opens whatever is older, so only those newer than the newest open one are worth
        asking for. For someone removed these are the epochs before the one that left them out.
        """
        if person in self.admissions:
            newest = self.stream.epoch
            least = self.entries[self.admissions[person]].header.epoch
        elif person in self.removals:
            newest, least = self.entries[self.removals[person]].header.epoch - 1, 0
        else:
            return []
        least = max([least, *(epoch + 1 for epoch in self.secrets)])
        return list(range(newest, least - 1, -1))

    def history(self) -> dict[int, bytes]:
        """Return the secrets that the next epoch's bundle carries, as far as they are held."""
        kept = set(range(self.stream.epoch + 1)) - set(self.stream.dropped)
        return {epoch: secret for epoch, secret in self.secrets.items() if epoch in kept}

    def needs_epoch(self, directory: Directory) -> bool:
        """Return whether the next entry must be an epoch, or mine has to be one before I post.

        So it is after a loss, and when the newest bundle is void. Who lacks a secret that belongs
        in it could only make another void one: they go on under it, so that no insider shuts the
        log, and whoever holds the secrets mends it.
        """
        if self.losses(directory):
            return True
        whole = len(self.history()) == self.stream.epoch + 1 - len(self.stream.dropped)
        return self.histories.get(self.stream.epoch) == "void" and whole


def _without_false_body(entry: Entry) -> Entry:
    try:
        check_body(entry)
    except Unreadable:
        return replace(entry, body=b"", salt=b"")
    return entry


def restore(
    stream: Stream, raw_entries: Iterable[bytes], secrets: Mapping[int, bytes]
) -> Feed | None:
    """Return a feed from what this client verified and sealed itself; None if it is not whole.

    No signature is verified again: see `memory`.
    """
    feed = Feed(stream.log, stream, secrets=dict(secrets))
    for raw in raw_entries:
        feed.index(decode_entry(raw))
    if feed.next_seq == 0 or stream.head != Head(feed.next_seq - 1, feed.entries[-1].id):
        return None
    return feed
