"""The verified directory as the server knows it, and what follows from its entries.

A directory is kept in memory by the id of its head, and asked for by the head that a session sees.
An id fixes all that led to it, so what is in memory can never be ahead of what that session may
see, whatever is rolled back.
"""

import threading
from collections.abc import Sequence
from typing import cast

from sqlalchemy.orm import Session

from microblog.protocol.ask import decode_ask
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import decode_array
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import BadInvitation
from microblog.protocol.errors import Malformed as NotTheEncoding
from microblog.protocol.staff import Device, Person
from microblog.service.errors import Malformed, refuse
from microblog.service.stored import load_entry
from microblog.store import asks, logs, note, people, push, rounds, sessions
from microblog.store.logs import HeadRow
from microblog.store.people import DeviceRow, PersonRow

KEPT = 4
MAX_TEXT = 120

# How many texts a body has, and how many of the first may not be empty (PROTOCOL 4).
_TEXTS = {"found": (3, 2), "agency": (0, 0), "invite": (2, 2), "join": (1, 0), "profile": (2, 0),
          "change": (2, 2), "policy": (0, 0), "revoke": (0, 0), "device": (1, 0), "rekey": (0, 0),
          "witness": (0, 0)}  # fmt: skip


class Damaged(Exception):
    """What is stored is not what it must be: `microblogd check` says where."""


class Directories:
    """The newest few directories that were verified, by the id of their head."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._known: dict[bytes, Directory] = {}

    def read(self, session: Session) -> Directory:
        """Return the directory up to the head that this session sees; empty before the founding.

        Raises:
            Damaged: the stored entries do not verify.
        """
        return self.read_at(session, logs.read_head(session, DIRECTORY))

    def read_at(self, session: Session, head: HeadRow | None) -> Directory:
        """Return the directory up to the head that was just read.

        Raises:
            Damaged: the stored entries do not verify.
        """
        if head is None:
            return Directory()
        known = self._known.get(head.id)
        if known is not None:
            return known
        start = self._newest_below(session, head.seq)
        stored = logs.read_entries(session, DIRECTORY, len(start.ids), head.seq, head.seq + 1)
        directory, error = start.extend(load_entry(row) for row in stored)
        if error is not None or directory.ids[-1:] != [head.id]:
            raise Damaged("the stored directory does not verify")
        self.keep(directory)
        return directory

    def keep(self, directory: Directory) -> None:
        """Remember a verified directory."""
        if directory.head is None:
            return
        with self._lock:
            self._known.pop(directory.head.id, None)
            self._known[directory.head.id] = directory
            while len(self._known) > KEPT:
                del self._known[next(iter(self._known))]

    def _newest_below(self, session: Session, seq: int) -> Directory:
        with self._lock:
            known = sorted(self._known.values(), key=lambda it: len(it.ids), reverse=True)
        for directory in known:
            last = len(directory.ids) - 1
            if last < seq and logs.read_ids(session, DIRECTORY, last, 1) == directory.ids[-1:]:
                return directory
        return Directory()


def extend(directory: Directory, entries: Sequence[Entry]) -> Directory:
    """Return the directory with entries that pass the public verdict and our own checks.

    Raises:
        ServiceError: one does not.
    """
    for number, entry in enumerate(entries):
        check_texts(entry, f"entry {number}")
    after, error = directory.extend(entries)
    if error is not None:
        raise refuse(error, f"entry {len(after.ids) - len(directory.ids)}")
    return after


def check_texts(entry: Entry, where: str) -> None:
    """Check that a directory body is an array of the texts that its kind asks for.

    Raises:
        ServiceError: it is not.
    """
    count, filled = _TEXTS.get(entry.header.kind, (0, 0))
    try:
        items = decode_array(entry.body)
    except NotTheEncoding as error:
        raise refuse(error, f"{where}: body") from None
    texts = items[:count]
    if len(texts) < count or not all(
        isinstance(text, str) and len(text) <= MAX_TEXT for text in texts
    ):
        raise Malformed(f"{where}: body: not {count} texts of at most {MAX_TEXT} characters")
    if not all(texts[:filled]):
        raise Malformed(f"{where}: body: a name or job is empty")


def check_in_time(directory: Directory, join: Entry, now: int, where: str) -> None:
    """Check by our own clock that an invitation was used in time; its user may set theirs back.

    Raises:
        Refused: it was not.
    """
    invite = directory.invites.get(cast(bytes, join.header.payload[0]))
    if invite is None or now > invite.expiry:
        raise refuse(BadInvitation("the invitation is out of date"), where)


def store_changes(session: Session, before: Directory, after: Directory) -> None:
    """Store what new entries change of persons and devices; end what they end."""
    changed = [it for it in after.persons.values() if before.persons.get(it.id) is not it]
    people.put_persons(session, map(person_row, changed))
    devices = [it for key, it in after.devices.items() if before.devices.get(key) is not it]
    people.put_devices(session, map(device_row, devices))
    for device in devices:
        if device.revoked is not None:
            _end_device(session, device)
    for person in changed:
        if person.left is not None:
            sessions.delete_sessions_of(session, person.id)
            asks.delete_asks_of(session, person.id)
            rounds.delete_choice(session, person.id)
            note.delete_note(session, person.id)
            push.delete_pushes_of(session, person.id)
    for witness in after.witnesses.values():
        if witness.until_seq is not None and witness is not before.witnesses.get(witness.key):
            sessions.delete_sessions_with(session, witness.key)
    for invite in after.invites.values():
        known = before.invites.get(invite.id)
        if invite.spent == "revoked" and invite is not known:
            sessions.delete_sessions_of(session, invite.person)


def _end_device(session: Session, device: Device) -> None:
    """End what a revoked device began: sessions, notices, and what it asked for its person."""
    sessions.delete_sessions_with(session, device.key)
    push.delete_push(session, device.key)
    for row in asks.read_asks_of(session, device.person):
        if decode_ask(row.ask).asker.device == device.key:
            asks.delete_ask(session, row.log, row.person)


def person_row(person: Person) -> PersonRow:
    """Return the row that a person amounts to."""
    return PersonRow(person.id, person.agency, person.role, person.joined, person.left)


def device_row(device: Device) -> DeviceRow:
    """Return the row that a device amounts to."""
    return DeviceRow(
        device.key, device.person, device.box_key, device.since, device.until, device.revoked
    )
