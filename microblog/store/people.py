"""Persons and devices; follows from the directory."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from microblog.store.tables import devices, persons


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


def read_devices(session: Session) -> list[DeviceRow]:
    """Return all devices."""
    columns = [devices.c[name] for name in DeviceRow._fields]
    return [DeviceRow(*row) for row in session.execute(select(*columns).order_by(devices.c.key))]


def put_persons(session: Session, rows: Iterable[PersonRow]) -> None:
    """Set rows, each in place of the one with its person."""
    values = [row._asdict() for row in rows]
    if not values:
        return
    statement = upsert(persons)
    names = ("agency", "role", "joined_seq", "left_seq")
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person"], set_={name: statement.excluded[name] for name in names}
        ),
        values,
    )


def put_devices(session: Session, rows: Iterable[DeviceRow]) -> None:
    """Set rows, each in place of the one with its key."""
    values = [row._asdict() for row in rows]
    if not values:
        return
    statement = upsert(devices)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"revoked_seq": statement.excluded.revoked_seq}
        ),
        values,
    )


def replace_all(
    session: Session, people: Sequence[PersonRow], their_devices: Sequence[DeviceRow]
) -> None:
    """Remove all persons and devices and set these."""
    session.execute(delete(persons))
    session.execute(delete(devices))
    put_persons(session, people)
    put_devices(session, their_devices)
