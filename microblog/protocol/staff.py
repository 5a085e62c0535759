"""The records that the directory's entries add up to (PROTOCOL.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass

SORTS = ("council", "health", "school", "police", "housing", "other")
ROLES = ("practitioner", "supervisor", "steward")


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that people work for."""

    id: bytes
    name: str
    sort: str


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who has joined; texts are empty where a body is missing."""

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


@dataclass(frozen=True, slots=True)
class Device:
    """A phone, laptop or command line that signs for a person."""

    key: bytes
    box_key: bytes
    person: bytes
    since: int
    name: str


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
class Number:
    """A telephone number to ring, of one agency or (empty) of all."""

    agency: bytes
    label: str
    number: str
    hours: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a practice has settled, by its stewards."""

    name: str
    numbers: tuple[Number, ...]
    retention: tuple[tuple[str, int, str], ...]
    rules: Mapping[str, int]
