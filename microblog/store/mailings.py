"""The rows of the ledger: how far each person was told of each stream, and the mails there were."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from microblog.store.upsert import put

#: What becomes of a mail. Begun: its words may have reached the mail server, or not.
PLANNED, BEGUN, SENT, REFUSED, DROPPED = "planned", "begun", "sent", "refused", "dropped"

metadata = MetaData()

#: One row: when someone last looked whether there is anything to tell.
looks = Table("look", metadata, Column("id", Integer, primary_key=True), Column("time", BigInteger))
#: Until which moment someone's round-ups were looked after.
told = Table(
    "told",
    metadata,
    Column("person", LargeBinary(16), primary_key=True),
    Column("until", BigInteger, nullable=False),
)
#: How far someone was told of the posts of a stream, and of its nudges.
marks = Table(
    "mark",
    metadata,
    Column("log", LargeBinary(16), primary_key=True),
    Column("person", LargeBinary(16), primary_key=True),
    Column("posts", BigInteger, nullable=False),
    Column("nudges", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
#: A mail: what it says, and what became of it. Never to which address: that is looked up.
round_ups = Table(
    "round_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", LargeBinary(16), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("line", String(160), nullable=False),
    Column("nudge", Integer, nullable=False),
    Column("made", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    # How often it was begun again without knowing whether it had arrived.
    Column("repeats", Integer, nullable=False),
    Column("next", BigInteger, nullable=False),
    Column("code", Integer, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Index("round_up_person", "person", "id"),
    Index("round_up_state", "state", "next"),
    sqlite_autoincrement=True,
)
#: From where on a mail counts, while it is not known to have arrived.
spans = Table(
    "span",
    metadata,
    Column("round_up", Integer, primary_key=True, autoincrement=False),
    Column("log", LargeBinary(16), primary_key=True),
    Column("posts", BigInteger, nullable=False),
    Column("nudges", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


class Mark(NamedTuple):
    """How far someone was told of the posts of a stream, and of its nudges, by seq."""

    posts: int
    nudges: int


class RoundUpRow(NamedTuple):
    """A mail: what it says, and what became of it."""

    id: int
    person: bytes
    message_id: str
    line: str
    nudge: int
    made: int
    state: str
    tries: int
    repeats: int
    next: int
    code: int
    answered: int


_ROUND_UPS = select(*(round_ups.c[name] for name in RoundUpRow._fields)).order_by(round_ups.c.id)
_COUNTED = exists().where(spans.c.round_up == round_ups.c.id)


def read_looked(session: Session) -> int | None:
    """Return when someone last looked whether there is anything to tell; None: never."""
    return session.scalar(select(looks.c.time))


def put_looked(session: Session, time: int) -> None:
    """Set when someone last looked."""
    put(session, looks, [{"id": 1, "time": time}], ("id",), ("time",))


def read_told(session: Session) -> dict[bytes, int]:
    """Return, by person, until which moment their round-ups were looked after."""
    return {row.person: row.until for row in session.execute(select(told))}


def put_told(session: Session, rows: Iterable[tuple[bytes, int]]) -> None:
    """Set until which moment someone's round-ups were looked after."""
    values = ({"person": person, "until": until} for person, until in rows)
    put(session, told, values, ("person",), ("until",))


def delete_told(session: Session, persons: Iterable[bytes]) -> None:
    """Forget people."""
    for person in persons:
        session.execute(delete(told).where(told.c.person == person))


def read_marks(session: Session) -> dict[bytes, dict[bytes, Mark]]:
    """Return how far everyone was told, by person and log."""
    found: dict[bytes, dict[bytes, Mark]] = {}
    for row in session.execute(select(marks)):
        found.setdefault(row.person, {})[row.log] = Mark(row.posts, row.nudges)
    return found


def put_marks(session: Session, rows: Iterable[tuple[bytes, bytes, Mark]]) -> None:
    """Set how far someone (second) was told of a log (first)."""
    values = ({"log": log, "person": person, **mark._asdict()} for log, person, mark in rows)
    put(session, marks, values, ("log", "person"), Mark._fields)


def delete_marks(session: Session, rows: Iterable[tuple[bytes, bytes]]) -> None:
    """Forget how far someone (second) was told of a log (first)."""
    for log, person in rows:
        session.execute(delete(marks).where(marks.c.log == log, marks.c.person == person))


def add_round_up(session: Session, values: dict[str, Any], counted: dict[bytes, Mark]) -> int:
    """Add a mail that counts, in each log, from after a mark on; return its id."""
    row = {"state": PLANNED, "tries": 0, "repeats": 0, "code": 0, "answered": 0, **values}
    number: int = session.scalars(insert(round_ups).values(row).returning(round_ups.c.id)).one()
    if counted:
        session.execute(
            insert(spans),
            [{"round_up": number, "log": log, **mark._asdict()} for log, mark in counted.items()],
        )
    return number


def read_unsettled(session: Session) -> list[RoundUpRow]:
    """Return the mails not known to have arrived whose counting was not taken over by another."""
    unsettled = round_ups.c.state.in_((PLANNED, BEGUN, REFUSED))
    return [RoundUpRow(*row) for row in session.execute(_ROUND_UPS.where(unsettled, _COUNTED))]


def read_waiting(session: Session, until: int, far: int) -> list[RoundUpRow]:
    """Return the mails to be tried by a moment; those put off very `far` too: a clock was wrong."""
    due = or_(round_ups.c.next <= until, round_ups.c.next > far)
    waiting = and_(round_ups.c.state.in_((PLANNED, BEGUN)), due)
    return [RoundUpRow(*row) for row in session.execute(_ROUND_UPS.where(waiting))]


def count_waiting(session: Session) -> int:
    """Return how many mails are to be tried, now or later."""
    waiting = round_ups.c.state.in_((PLANNED, BEGUN))
    return session.scalar(select(func.count()).where(waiting)) or 0


def count_states(session: Session) -> dict[str, int]:
    """Return how many mails are in each state."""
    counted = select(round_ups.c.state, func.count()).group_by(round_ups.c.state)
    return {row[0]: row[1] for row in session.execute(counted)}


def read_newest(session: Session) -> list[RoundUpRow]:
    """Return everyone's newest mail, but for those that were dropped."""
    newest = (
        select(func.max(round_ups.c.id))
        .where(round_ups.c.state != DROPPED)
        .group_by(round_ups.c.person)
    )
    rows = session.execute(_ROUND_UPS.where(round_ups.c.id.in_(newest)))
    return [RoundUpRow(*row) for row in rows]


def read_states(session: Session) -> tuple[int | None, list[RoundUpRow]]:
    """Return when someone last looked, and everyone's newest mail."""
    return read_looked(session), read_newest(session)


def read_spans(session: Session, numbers: Sequence[int]) -> list[tuple[bytes, Mark]]:
    """Return from after which marks on some mails count, by log."""
    rows = session.execute(select(spans).where(spans.c.round_up.in_(numbers)))
    return [(row.log, Mark(row.posts, row.nudges)) for row in rows]


def change_round_up(session: Session, number: int, **values: object) -> None:
    """Set what has become of a mail."""
    session.execute(update(round_ups).where(round_ups.c.id == number).values(**values))


def delete_spans(session: Session, number: int) -> None:
    """Note that what a mail counted has arrived, or is counted by another."""
    session.execute(delete(spans).where(spans.c.round_up == number))


def delete_old(session: Session, until: int) -> None:
    """Forget the mails made up to a moment that nothing depends on any more."""
    newest = select(func.max(round_ups.c.id)).group_by(round_ups.c.person)
    session.execute(
        delete(round_ups).where(
            round_ups.c.made <= until,
            round_ups.c.state.not_in((PLANNED, BEGUN)),
            round_ups.c.id.not_in(newest),
            ~_COUNTED,
        )
    )
