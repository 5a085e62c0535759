"""One stream as this client knows it: verified entries, epochs' secrets, and what each body says.

Both verdicts of PROTOCOL.md 9 are given here. `take` gives the public one: it adds what continues
the log, stops at the first entry that does not, and keeps what it had; a later `take` of a valid
continuation heals it, but never a log that went back, nor one of which a witness has seen another.
`read` gives the content verdict, body by body; no body ever stops the log.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from microblog.client.copy import Copy, Words
from microblog.client.glance import Glanced
from microblog.client.shown import Trouble
from microblog.protocol.about import read_about
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import Entry, check_body, decode_entry, open_body
from microblog.protocol.epoch import open_epoch, read_history
from microblog.protocol.errors import (
    DirectoryBehind,
    ForkedLog,
    ProtocolError,
    RolledBack,
    Unreadable,
)
from microblog.protocol.export import EXPORT, read_export
from microblog.protocol.log import Head, check_pin
from microblog.protocol.post import read_post
from microblog.protocol.primitives import box_key
from microblog.protocol.shred import read_reason
from microblog.protocol.stream import Stream
from microblog.protocol.why import read_why

_READERS: Mapping[str, Callable[[Sequence[Value]], Words]] = {
    "post": read_post,
    "about": read_about,
    "grant": read_why,
    "withdraw": read_why,
    "hold": read_why,
    "shred": read_reason,
    EXPORT: read_export,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """With a server that keeps bodies back: how many when it was last asked, when to ask again."""

    missing: int = 0
    pause_ms: int = 0
    until_ms: int = 0


@dataclass(slots=True)
class Feed(Copy):
    """A stream in a client's hands.

    `histories` are the verdicts on the epochs' bundles ("good" or a reason).
    """

    secrets: dict[int, bytes] = field(default_factory=dict)
    histories: dict[int, str] = field(default_factory=dict)
    trouble: Trouble | None = None
    patience: Patience = Patience()
    glanced: Glanced | None = None

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
        """Name what is wrong after the last good entry; having gone back is never named away.

        Nor is it, by anything less, that a witness has seen another log.
        """
        if self.is_rolled_back() or (self.is_forked() and not isinstance(error, RolledBack)):
            return
        self.trouble = Trouble(error=type(error).__name__, seq=self.next_seq)

    def settle(self) -> None:
        """Forget a trouble that the server no longer serves; what it did is not forgotten."""
        if not self.is_rolled_back() and not self.is_forked():
            self.trouble = None

    def rejoin(self) -> None:
        """Forget that a witness has seen another log: it was ended."""
        if self.is_forked():
            self.trouble = None

    def is_forked(self) -> bool:
        """Return whether a witness has seen another log than this one."""
        return self.trouble is not None and self.trouble.error == ForkedLog.__name__

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
            stream = stream.apply(entry, directory, self.target(entry.header))

    def _take(self, entry: Entry, directory: Directory) -> None:
        seq = entry.header.seq
        if entry.header.log == self.log and seq < self.next_seq:
            if self.entries[seq].id != entry.id:
                raise RolledBack("the log is not the one seen before")
            self._take_body(entry)
            return
        self.stream = self.stream.apply(entry, directory, self.target(entry.header))
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

    # Who is on the team, as the directory has it

    def losses(self, directory: Directory) -> set[bytes]:
        """Return who is listed and lost by the directory as far as it is known: an epoch is due."""
        return self.stream.losses(directory, len(directory.ids) - 1)

    def leavers(self, directory: Directory) -> set[bytes]:
        """Return who is listed and has left, as far as the directory is known."""
        return self.stream.leavers(directory, len(directory.ids) - 1)

    def recipients(self, directory: Directory) -> tuple[tuple[bytes, str], ...]:
        """Return (person, role) of exactly those to whom the next post will be sealed.

        Who lost a device, and has no new reading key yet, gets the box of it with that key.
        """
        left = self.leavers(directory)
        return tuple(row for row in self.stream.members if row[0] not in left)

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
