"""What follows from the logs: heads, followers, persons, devices, and what was withdrawn.

All of it is made again from the entries alone, by the same public verdict that let them in; then it
can be compared with what is stored, or put in its place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.orm import Session

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.errors import ProtocolError
from microblog.protocol.log import Head
from microblog.protocol.shred import SHREDDED, read_shred
from microblog.protocol.stream import Stream, Target, target_of
from microblog.service.directory import device_row, person_row
from microblog.service.stored import load_entry
from microblog.service.streams import follow, head_row
from microblog.store import followers, logs, people
from microblog.store.followers import FollowerRow
from microblog.store.logs import DESTROYED, ERASED, WITHDRAWN, HeadRow
from microblog.store.people import DeviceRow, PersonRow

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Derived:
    """All that follows from the logs; `faults` say where one does not verify."""

    heads: dict[bytes, HeadRow] = field(default_factory=dict)
    followers: dict[tuple[bytes, bytes], FollowerRow] = field(default_factory=dict)
    persons: dict[bytes, PersonRow] = field(default_factory=dict)
    devices: dict[bytes, DeviceRow] = field(default_factory=dict)
    fates: dict[bytes, dict[int, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Posts:
    """What the withdrawals of one stream need to know, and what has become of its entries."""

    kinds: list[str] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    fates: dict[int, int] = field(default_factory=dict)

    def target(self, entry: Entry) -> Target | None:
        if entry.header.kind != "withdraw":
            return None
        return self.targets.get(target_of(entry.header.payload))

    def take(self, entry: Entry) -> None:
        header = entry.header
        self.kinds.append(header.kind)
        if header.kind == "post":
            self.targets[header.seq] = Target(
                header.author, header.time, withdrawn=False, erased=False
            )
        if header.kind == "withdraw":
            seq, erases = target_of(header.payload), header.payload[1] == 1
            known = self.targets[seq]
            self.fates[seq] = ERASED if erases else WITHDRAWN
            self.targets[seq] = Target(known.author, known.time, withdrawn=True, erased=erases)
        if header.kind == "shred":
            self._destroy(header.payload)

    def _destroy(self, payload: Value) -> None:
        seqs, seconded = read_shred(payload)
        for seq in seqs if seconded else ():
            if self.kinds[seq] in SHREDDED:
                self.fates[seq] = DESTROYED
            if seq in self.targets:
                known = self.targets[seq]
                self.targets[seq] = Target(known.author, known.time, known.withdrawn, erased=True)


def derive(session: Session) -> Derived:
    """Verify every log from its beginning and return what follows."""
    found = Derived()
    directory = _derive_directory(session, found)
    for log in logs.read_logs(session):
        if log != DIRECTORY:
            _derive_stream(session, directory, log, found)
    return found


def compare(session: Session, derived: Derived) -> list[str]:
    """Return what of the stored differs from what follows from the logs, a line each."""
    rows = [row for log in followers.read_streams(session)
            for row in followers.read_followers(session, log)]  # fmt: skip
    stored = {(row.log, row.person): row for row in rows}
    fates = {log: logs.read_fates(session, log) for log in logs.read_logs(session)}
    return [
        *_differences("head of log", logs.read_heads(session), derived.heads),
        *_differences("follower", stored, derived.followers),
        *_differences(
            "person", {r.person: r for r in people.read_persons(session)}, derived.persons
        ),
        *_differences("device", {r.key: r for r in people.read_devices(session)}, derived.devices),
        *_differences(
            "withdrawals of log",
            {log: fate for log, fate in fates.items() if fate},
            {log: fate for log, fate in derived.fates.items() if fate},
        ),
    ]


def replace(session: Session, derived: Derived) -> None:
    """Put what follows from the logs in the place of what is stored, in one transaction."""
    logs.delete_heads(session)
    for head in derived.heads.values():
        logs.move_head(session, head)
    followers.replace_followers(session, list(derived.followers.values()))
    people.replace_all(session, list(derived.persons.values()), list(derived.devices.values()))
    for log in logs.read_logs(session):
        logs.clear_withdrawn(session, log)
        for seq, fate in derived.fates.get(log, {}).items():
            logs.mark_withdrawn(session, log, seq, fate)


def name_log(log: bytes) -> str:
    """Return how a log is called in a report."""
    return "directory" if log == DIRECTORY else encode_base64url(log)


def _derive_directory(session: Session, found: Derived) -> Directory:
    entries = (load_entry(row) for row in logs.walk_entries(session, DIRECTORY))
    directory, error = Directory().extend(entries)
    if error is not None:
        found.faults.append(f"directory seq {len(directory.ids)}: does not verify: {error}")
    head = directory.head
    if head is not None:
        found.heads[DIRECTORY] = HeadRow(DIRECTORY, head.seq, head.id, directory.time, 0, b"")
    found.persons = {it.id: person_row(it) for it in directory.persons.values()}
    found.devices = {it.key: device_row(it) for it in directory.devices.values()}
    return directory


def _derive_stream(session: Session, directory: Directory, log: bytes, found: Derived) -> None:
    stream, posts = Stream(log), _Posts()
    rows: dict[bytes, FollowerRow] = {}
    for stored in logs.walk_entries(session, log):
        try:
            entry = load_entry(stored)
            after = stream.apply(entry, directory, posts.target(entry))
        except ProtocolError as error:
            found.faults.append(f"log {name_log(log)} seq {stored.seq}: does not verify: {error}")
            break
        posts.take(entry)
        rows |= {row.person: row for row in follow(rows, stream, after, entry.header.seq)}
        stream = after
    if stream.head is not None:
        found.heads[log] = head_row(stream, Head(stream.head.seq, stream.head.id))
    found.followers |= {(log, person): row for person, row in rows.items()}
    found.fates[log] = posts.fates


def _differences(what: str, stored: Mapping[K, V], derived: Mapping[K, V]) -> Iterator[str]:
    for key in sorted({*stored, *derived}, key=repr):
        if key not in derived:
            yield f"{what} {_name(key)}: stored, but does not follow from the logs"
        elif key not in stored:
            yield f"{what} {_name(key)}: follows from the logs, but is not stored"
        elif stored[key] != derived[key]:
            yield f"{what} {_name(key)}: not what follows from the logs"


def _name(key: object) -> str:
    if isinstance(key, tuple):
        return " ".join(map(_name, key))
    return name_log(key) if isinstance(key, bytes) else str(key)
