"""Where each device wants to be told that something is new, and when it does not."""

from typing import NamedTuple

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from microblog.store.tables import devices, persons, pushes


class PushRow(NamedTuple):
    """A device's address at a push service, and its quiet hours, as they are kept."""

    device: bytes
    person: bytes
    endpoint: str
    key: bytes
    begin: int
    end: int
    quiet: int
    time: int
    tried: int = 0


_ROWS = select(*(pushes.c[name] for name in PushRow._fields)).order_by(
    pushes.c.time, pushes.c.device
)


def read_push(session: Session, device: bytes) -> PushRow | None:
    """Return what a device has asked for, or None where it has asked for nothing."""
    row = session.execute(_ROWS.where(pushes.c.device == device)).first()
    return PushRow(*row) if row else None


def read_pushes_of(session: Session, person: bytes) -> list[PushRow]:
    """Return what someone's devices have asked for, the oldest first."""
    return [PushRow(*row) for row in session.execute(_ROWS.where(pushes.c.person == person))]


def read_pushes(session: Session, key: bytes, now: int) -> list[PushRow]:
    """Return what is asked for under our key, by devices that sign now, of people who are here."""
    here = pushes.join(devices, devices.c.key == pushes.c.device).join(
        persons, persons.c.person == pushes.c.person
    )
    rows = session.execute(
        _ROWS.select_from(here).where(
            pushes.c.key == key,
            devices.c.revoked_seq.is_(None),
            or_(devices.c.until == 0, devices.c.until > now),
            persons.c.left_seq.is_(None),
        )
    )
    return [PushRow(*row) for row in rows]


def put_push(session: Session, row: PushRow) -> None:
    """Keep what a device asks for, in place of what it, or whoever had that address, asked for."""
    session.execute(
        delete(pushes).where(or_(pushes.c.device == row.device, pushes.c.endpoint == row.endpoint))
    )
    session.execute(insert(pushes).values(row._asdict()))


def put_tried(session: Session, device: bytes, time: int) -> None:
    """Note that a device asks for a notice, to try it."""
    session.execute(update(pushes).where(pushes.c.device == device).values(tried=time))


def delete_push(session: Session, device: bytes) -> None:
    """Forget what a device has asked for."""
    session.execute(delete(pushes).where(pushes.c.device == device))


def delete_push_since(session: Session, device: bytes, time: int) -> None:
    """Forget what a device asked for at a time; whatever it asked for since stays."""
    session.execute(delete(pushes).where(pushes.c.device == device, pushes.c.time == time))


def delete_pushes_of(session: Session, person: bytes) -> None:
    """Forget what all of someone's devices have asked for."""
    session.execute(delete(pushes).where(pushes.c.person == person))
