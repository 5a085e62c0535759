"""Persons and devices; follows from the directory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog.store.tables import devices, persons
from microblog.store.upsert import put


class PersonRow(NamedTuple):
    """Who has joined, and whether they have left."""

    person: bytes
    agency: bytes
    role: str
    joined_seq: int
    left_seq: int | None


class DeviceRow(NamedTuple):
    """A key that signs for a person, until a time (0: for ever) and a revocation, if any."""

    key: bytes
    person: bytes
    box_key: bytes
    since_seq: int
    until: int = 0
    revoked_seq: int | None = None


def read_persons(session: Session) -> list[PersonRow]:
    """Return everyone who has ever joined."""
    return [PersonRow(*row) for row in session.execute(select(persons).order_by(persons.c.person))]


def read_person(session: Session, person: bytes) -> PersonRow | None:
    """Return someone who has ever joined, or None."""
    row = session.execute(select(persons).where(persons.c.person == person)).first()
    return PersonRow(*row) if row else None


def read_devices(session: Session) -> list[DeviceRow]:
    """Return all devices."""
    columns = [devices.c[name] for name in DeviceRow._fields]
    return [DeviceRow(*row) for row in session.execute(select(*columns).order_by(devices.c.key))]


def put_persons(session: Session, rows: Iterable[PersonRow]) -> None:
    """Set rows, each in place of the one with its person."""
    changed = ("agency", "role", "joined_seq", "left_seq")
    put(session, persons, (row._asdict() for row in rows), ("person",), changed)


def put_devices(session: Session, rows: Iterable[DeviceRow]) -> None:
    """Set rows, each in place of the one with its key."""
    put(session, devices, (row._asdict() for row in rows), ("key",), ("revoked_seq",))


def replace_all(
    session: Session, people: Sequence[PersonRow], their_devices: Sequence[DeviceRow]
) -> None:
    """Remove all persons and devices and set these."""
    session.execute(delete(persons))
    session.execute(delete(devices))
    put_persons(session, people)
    put_devices(session, their_devices)
