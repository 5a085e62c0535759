"""The records that the directory's entries add up to (PROTOCOL.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass

SORTS = ("council", "health", "school", "police", "housing", "other")
ROLES = ("practitioner", "supervisor", "steward")
BEGINNINGS = ("birth", "closed", "newest")
DEVICE_SORTS = ("", "paper")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that people work for."""

    id: bytes
    name: str
    sort: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who has joined; texts are empty where a body is missing.

    `reading_keys` are all that they ever had, oldest first, each with the seq that brought it;
    `reading_key` is the newest. `revoked` are the seqs at which a device of theirs was revoked.
    """

    id: bytes
    agency: bytes
    role: str
    reading_key: bytes
    joined: int
    left: int | None
    name: str
    job: str
    supervisor: bytes
    deputies: tuple[bytes, ...]
    phone: str
    email: str
    formerly: bytes
    reading_keys: tuple[tuple[int, bytes], ...]
    revoked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A phone, laptop, command line or recovery sheet that signs for a person.

    `since` is the seq that brought it, at `time`; from `until` on (0: never) it signs no more, nor
    from the seq `revoked` on. What it signed after `doubtful_since` stands, but in doubt.
    """

    key: bytes
    box_key: bytes
    person: bytes
    since: int
    name: str
    sort: str
    time: int
    until: int
    revoked: int | None
    doubtful_since: int


@dataclass(frozen=True, slots=True)
class Invite:
    """A place kept for someone who has not joined yet; `spent` is set once used or revoked."""

    id: bytes
    seq: int
    person: bytes
    agency: bytes
    role: str
    expiry: int
    key: bytes
    formerly: bytes
    inviter: bytes
    inviter_device: bytes
    name: str
    job: str
    spent: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A key that vouches for heads of logs, from one seq of the directory until another."""

    key: bytes
    since: int
    from_seq: int
    until_seq: int | None


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number to ring, of one agency or (empty) of all."""

    agency: bytes
    label: str
    number: str
    hours: str


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many months words of a class are kept, counted from when, and who says so."""

    name: str
    months: int
    begins: str
    source: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a practice has settled, by its stewards."""

    name: str
    numbers: tuple[Number, ...]
    retention: tuple[Retention, ...]
    rules: Mapping[str, int]
