"""When people want their round-ups, and what there is to tell them."""

from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from microblog.store.tables import choices, entries, followers, heads
from microblog.store.upsert import put


class ChoiceRow(NamedTuple):
    """When someone wants their round-up, as it is kept."""

    person: bytes
    every: str
    at: int
    weekday: int
    nudges: int
    quiet: int
    time: int


class ListedRow(NamedTuple):
    """Someone on a stream's list, since which seq, and the stream's newest."""

    log: bytes
    person: bytes
    since: int
    head: int


class NewsRow(NamedTuple):
    """A post as a mail may know it: where, by whom, and its mark."""

    seq: int
    author: bytes
    mark: int


_CHANGED = ("every", "at", "weekday", "nudges", "quiet", "time")


def read_choice(session: Session, person: bytes) -> ChoiceRow | None:
    """Return what someone chose, or None where they said nothing."""
    row = session.execute(select(choices).where(choices.c.person == person)).first()
    return ChoiceRow(*row) if row else None


def read_choices(session: Session) -> dict[bytes, ChoiceRow]:
    """Return all that was chosen, by person."""
    return {row.person: ChoiceRow(*row) for row in session.execute(select(choices))}


def put_choice(session: Session, row: ChoiceRow) -> None:
    """Set what someone chose in place of what they chose before."""
    put(session, choices, [row._asdict()], ("person",), _CHANGED)


def delete_choice(session: Session, person: bytes) -> None:
    """Forget what someone chose."""
    session.execute(delete(choices).where(choices.c.person == person))


def read_listed(session: Session) -> list[ListedRow]:
    """Return everyone who is on a stream's list."""
    rows = session.execute(
        select(followers.c.log, followers.c.person, followers.c.since_seq, heads.c.seq)
        .select_from(followers.join(heads, heads.c.log == followers.c.log))
        .where(followers.c.until_seq.is_(None))
    )
    return [ListedRow(*row) for row in rows]


def read_heads(session: Session) -> dict[bytes, int]:
    """Return the newest seq of every log."""
    return {row.log: row.seq for row in session.execute(select(heads.c.log, heads.c.seq))}


def read_news(session: Session, log: bytes, after: int, quiet: int) -> list[NewsRow]:
    """Return the posts of a log after a seq, but for withdrawn ones and those marked `quiet`."""
    rows = session.execute(
        select(entries.c.seq, entries.c.author, entries.c.nudge)
        .where(
            entries.c.log == log,
            entries.c.seq > after,
            entries.c.kind == "post",
            entries.c.nudge != quiet,
            entries.c.withdrawn == 0,
        )
        .order_by(entries.c.seq)
    )
    return [NewsRow(*row) for row in rows]
