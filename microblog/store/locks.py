"""What is held while something is judged and written, so that it stays true until it is stored.

On SQLite one writer does one thing after another, and nothing need be held. On PostgreSQL there are
many, on many machines; each writes in a transaction of its own, and first of all holds what it
goes by. A lock is PostgreSQL's own, by number, and ends with its transaction, however that ends:
so a log that has no head yet has a lock too. Each statement sees what was committed before it, so
what is read after the locks are held is the newest.

    DIRECTORY  who is here: persons, devices, invitations, witnesses, agencies, the policy, and the
               sessions, choices, notes and addresses that end with them. What appends to the
               directory has it alone; what is judged by the directory shares it: posts and all
               else in streams, signing in, requests. So nobody posts or signs in beside their own
               removal: it is before them or after them.
    LOG        one log: its head, entries, bodies, followers, boxes of its newest epoch, and
               requests. Whatever appends to it, or is judged by its list, has it alone.
    OWN        what one person has one of, or few: the note and its number.
    PLACE      a place shared by all: addresses at push services (each once; ten a person),
               messages between devices (so many tags), the heads that one witness has signed.

They are taken in this order, each kind once, before anything is written: so no two wait for each
other. Rows that have no lock are set by one statement that needs nothing to be true: a challenge is
used by adding it, and only one can; a session ends by being removed; a choice is the newest. What
is out of date is swept up by one at a time (`may_sweep`), and by the others not at all.
"""

import hashlib
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from microblog.store.dialect import is_shared
from microblog.store.quick import line_of, put_off, run

_HELD = "locks held"


class Kind(IntEnum):
    """What is held, in the order in which it is to be."""

    DIRECTORY = 1
    LOG = 2
    OWN = 3
    PLACE = 4
    SWEEP = 5


class Hold(NamedTuple):
    """Something to be held: alone, or shared with others who only go by it."""

    kind: Kind
    name: bytes = b""
    shared: bool = False


#: The directory, by whoever is judged by it; and by whoever appends to it.
BY_DIRECTORY = Hold(Kind.DIRECTORY, shared=True)
DIRECTORY = Hold(Kind.DIRECTORY)


def of_log(log: bytes) -> Hold:
    """Return what is held by whoever appends to a log, or is judged by its list."""
    return Hold(Kind.LOG, log)


def of_person(person: bytes) -> Hold:
    """Return what is held by whoever replaces what a person has one of."""
    return Hold(Kind.OWN, person)


def of_place(name: bytes) -> Hold:
    """Return what is held by whoever makes room in a place that all share."""
    return Hold(Kind.PLACE, name)


def hold(session: Session, *wanted: Hold, with_next: bool = False) -> None:
    """Hold things until the session's transaction ends; on SQLite the one writer holds all.

    `with_next`: they are asked for with the next statement, which is run once all are held.
    """
    if not is_shared(session):
        return
    for it in wanted:
        held = session.info.get(_HELD, 0)
        if it.kind <= held:
            raise RuntimeError(f"{it.kind.name} is held after {Kind(held).name}")
        session.info[_HELD] = it.kind
    calls = (f"pg_advisory_xact_lock{'_shared' if it.shared else ''}(%s)" for it in wanted)
    numbers = [number_of(it.kind, it.name) for it in wanted]
    words = f"SELECT {', '.join(calls)}"
    if with_next:
        put_off(session, words, numbers)
    else:
        run(line_of(session), words, numbers)


def release(session: Session) -> None:
    """Note that a session's transaction is over, and with it what was held."""
    session.info.pop(_HELD, None)


def may_sweep(session: Session, name: bytes) -> bool:
    """Return whether nobody else sweeps up there; two would wait for each other's rows."""
    if not is_shared(session):
        return True
    row = session.connection().exec_driver_sql(
        "SELECT pg_try_advisory_xact_lock(%s)", (number_of(Kind.SWEEP, name),)
    )
    return bool(row.scalar_one())


def number_of(kind: int, name: bytes) -> int:
    """Return the number that a lock goes by; two with one number would only wait needlessly."""
    digest = hashlib.blake2b(name, digest_size=8, key=b"microblog", salt=bytes([kind])).digest()
    return int.from_bytes(digest, "big", signed=True)
