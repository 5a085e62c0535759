"""The directory: a fold from its entries to who works here, with which keys and role.

PROTOCOL.md 4 and 9.

`Directory.apply` checks an entry completely before it takes it in, so a directory in hand is
always verified, from the fingerprint to its head. It needs no body: a missing one leaves names
empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from microblog.protocol.admission import admit
from microblog.protocol.device import check_good, devices_of
from microblog.protocol.entry import DIRECTORY, NO_ENTRY, Entry
from microblog.protocol.errors import (
    BrokenChain,
    DirectoryBehind,
    ForkedDirectory,
    Malformed,
    ProtocolError,
    UnknownDevice,
)
from microblog.protocol.log import Head, check_link
from microblog.protocol.staff import Agency, Device, Invite, Person, Policy, Witness


@dataclass(slots=True)
class Directory:
    """The verified directory of one practice; treat it as a value."""

    fingerprint: bytes | None = None
    ids: list[bytes] = field(default_factory=list)
    time: int = 0
    agencies: dict[bytes, Agency] = field(default_factory=dict)
    persons: dict[bytes, Person] = field(default_factory=dict)
    devices: dict[bytes, Device] = field(default_factory=dict)
    invites: dict[bytes, Invite] = field(default_factory=dict)
    witnesses: dict[bytes, Witness] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)
    policy: Policy | None = None

    @property
    def head(self) -> Head | None:
        """How far the directory has come; None before `found`."""
        return Head(len(self.ids) - 1, self.ids[-1]) if self.ids else None

    def apply(self, entry: Entry) -> "Directory":
        """Return the directory with one more entry.

        Raises:
            ProtocolError: the entry is not the next of this directory; this one is unchanged.
        """
        copy = self._copy()
        copy._take(entry)
        return copy

    def extend(self, entries: Iterable[Entry]) -> tuple["Directory", ProtocolError | None]:
        """Return the directory with as many of the entries as are good, and what stopped it."""
        copy = self._copy()
        try:
            for entry in entries:
                copy._take(entry)
        except ProtocolError as error:
            return copy, error
        return copy, None

    def check_view(self, seq: int, head: bytes) -> None:
        """Check that a stream entry saw this directory.

        Raises:
            DirectoryBehind: it has seen more than is here.
            ForkedDirectory: it has seen another.
        """
        if seq >= len(self.ids):
            raise DirectoryBehind("the entry has seen more of the directory")
        if self.ids[seq] != head:
            raise ForkedDirectory("the entry was written with another directory")

    def check_device(self, key: bytes, person: bytes, seq: int, time: int) -> None:
        """Check that a device was the person's, and good, at a directory seq and a time.

        Raises:
            UnknownDevice: it was not.
        """
        device = self.devices.get(key)
        if device is None or device.person != person or device.since > seq:
            raise UnknownDevice("the device is not the author's")
        if not self.works_here(person, seq):
            raise UnknownDevice("the author has left")
        check_good(device, seq, time)

    def devices_of(self, person: bytes) -> list[Device]:
        """Return a person's devices, revoked ones too, in the order in which they came."""
        return devices_of(self, person)

    def works_here(self, person: bytes, seq: int) -> bool:
        """Return whether a person had joined, and not left, at a directory seq."""
        known = self.persons.get(person)
        return known is not None and _is_here(known, seq)

    def is_lost(self, person: bytes, since: int, seq: int) -> bool:
        """Return whether a directory seq has lost a person who was listed when `since` was seen.

        They had left, or a device of theirs was revoked in between: an epoch is due.
        """
        known = self.persons.get(person)
        if known is None or not _is_here(known, seq):
            return True
        return any(since < revoked <= seq for revoked in known.revoked)

    def is_stale(self, person: bytes, seq: int | None = None) -> bool:
        """Return whether a device was revoked after a person's newest reading key, as of a seq.

        Whoever has that device may hold the key: nothing is sealed to it until they rekey.
        """
        known = self.persons.get(person)
        if known is None:
            return False
        newest = len(self.ids) - 1 if seq is None else seq
        rekeyed = max((at for at, _ in known.reading_keys if at <= newest), default=newest)
        return any(rekeyed < revoked <= newest for revoked in known.revoked)

    def _take(self, entry: Entry) -> None:
        header = entry.header
        check_link(DIRECTORY, self.head, entry)
        if header.epoch or header.directory_seq or header.directory_head != NO_ENTRY:
            raise Malformed("a directory entry has no epoch and no view")
        if self.fingerprint is not None and header.seq == 0 and entry.id != self.fingerprint:
            raise BrokenChain("this is another practice's directory")
        admit(self, entry)
        self.ids.append(entry.id)
        self.time = header.time
        if header.seq == 0:
            self.fingerprint = entry.id

    def _copy(self) -> "Directory":
        return Directory(
            self.fingerprint,
            list(self.ids),
            self.time,
            dict(self.agencies),
            dict(self.persons),
            dict(self.devices),
            dict(self.invites),
            dict(self.witnesses),
            set(self.keys),
            self.policy,
        )


def _is_here(known: Person, seq: int) -> bool:
    return known.joined <= seq and (known.left is None or known.left > seq)


def rules_of(directory: Directory) -> Mapping[str, int]:
    """Return the practice's rules, with the default of each that it has not settled."""
    settled = directory.policy.rules if directory.policy else {}
    return {"send-unvouched": 1, **settled}
