"""The public state of a log as this client verified it, kept beside the entries it follows from.

What is kept is sealed under a key of this device (see `memory`), so what comes back is what was
verified: no signature is verified twice, and nothing here is ever taken from a server. A snapshot
in another format is as good as none, and the log is then verified anew.
"""

from typing import Any

from microblog.protocol.directory import Directory
from microblog.protocol.encoding import Value, decode, encode
from microblog.protocol.log import Head
from microblog.protocol.shred import Proposal
from microblog.protocol.staff import (
    Agency,
    Device,
    Invite,
    Number,
    Person,
    Policy,
    Retention,
    Witness,
)
from microblog.protocol.stream import Stream

STREAM = "stream/2"
DIRECTORY = "directory/2"


def encode_stream(stream: Stream) -> bytes:
    """Return a stream's public state as bytes."""
    return encode(
        [STREAM, stream.log, _head(stream.head), stream.time, list(map(list, stream.members)),
         list(stream.commitments), list(stream.dropped), stream.directory_seq, stream.epoch_view,
         int(stream.held), [[it.id, it.author, it.time, it.digest] for it in stream.proposals]]
    )  # fmt: skip


def decode_stream(data: bytes) -> Stream | None:
    """Return the stream in a snapshot, or None if there is none."""
    items = _open(data, STREAM)
    if items is None:
        return None
    log, head, time, members, commitments, dropped, *rest = items
    directory_seq, epoch_view, held, proposals = rest
    return Stream(
        log,
        Head(*head) if head else None,
        time,
        tuple((person, role) for person, role in members),
        tuple(commitments),
        tuple(dropped),
        directory_seq,
        epoch_view,
        held=held == 1,
        proposals=tuple(Proposal(*row) for row in proposals),
    )


def encode_directory(directory: Directory) -> bytes:
    """Return a directory as bytes."""
    policy = directory.policy
    return encode(
        [DIRECTORY, directory.fingerprint or b"", directory.ids, directory.time,
         [_row(agency) for agency in directory.agencies.values()],
         [_row(person) for person in directory.persons.values()],
         [_row(device) for device in directory.devices.values()],
         [_row(invite) for invite in directory.invites.values()],
         [_row(witness) for witness in directory.witnesses.values()],
         sorted(directory.keys),
         [] if policy is None else _policy(policy)]
    )  # fmt: skip


def decode_directory(data: bytes) -> Directory | None:
    """Return the directory in a snapshot, or None if there is none."""
    items = _open(data, DIRECTORY)
    if items is None:
        return None
    fingerprint, ids, time, agencies, persons, devices, *rest = items
    invites, witnesses, keys, policy = rest
    return Directory(
        fingerprint or None,
        ids,
        time,
        {row[0]: Agency(*row) for row in agencies},
        {row[0]: _person(row) for row in persons},
        {row[0]: _device(row) for row in devices},
        {row[0]: Invite(*row) for row in invites},
        {row[0]: _witness(row) for row in witnesses},
        set(keys),
        _read_policy(policy) if policy else None,
    )


def _open(data: bytes, sort: str) -> Any:
    items: Any = decode(data) if data else [""]
    return items[1:] if items[0] == sort else None


def _row(record: Agency | Person | Device | Invite | Witness | Retention) -> list[Value]:
    row: list[Any] = [getattr(record, name) for name in type(record).__slots__]
    return [_value(item) for item in row]


def _value(item: Any) -> Value:
    # None is an empty row, which no field that may be None ever is.
    if item is None:
        return []
    if isinstance(item, tuple):
        return [_value(value) for value in item]
    value: Value = item
    return value


def _person(row: list[Any]) -> Person:
    left, deputies = None if row[5] == [] else row[5], tuple(row[9])
    reading_keys, revoked = tuple((seq, key) for seq, key in row[13]), tuple(row[14])
    fields: list[Any] = [*row[:5], left, *row[6:9], deputies, *row[10:13], reading_keys, revoked]
    return Person(*fields)


def _device(row: list[Any]) -> Device:
    fields: list[Any] = [*row[:8], None if row[8] == [] else row[8], row[9]]
    return Device(*fields)


def _witness(row: list[Any]) -> Witness:
    fields: list[Any] = [*row[:3], None if row[3] == [] else row[3]]
    return Witness(*fields)


def _policy(policy: Policy) -> list[Value]:
    numbers: list[Value] = [[n.agency, n.label, n.number, n.hours] for n in policy.numbers]
    rules: list[Value] = [[name, value] for name, value in policy.rules.items()]
    return [policy.name, numbers, [_row(row) for row in policy.retention], rules]


def _read_policy(items: Any) -> Policy:
    name, numbers, retention, rules = items
    return Policy(
        name,
        tuple(Number(*row) for row in numbers),
        tuple(Retention(*row) for row in retention),
        dict(rules),
    )


def _head(head: Head | None) -> list[Value]:
    return [head.seq, head.id] if head else []
