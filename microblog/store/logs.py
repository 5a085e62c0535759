"""Entries and their bodies, by log and seq; and the head of each log."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from microblog.store.quick import Quick, line_of, put_off
from microblog.store.tables import bodies, entries, heads

#: Where a session notes how far it has brought which logs.
MOVED = "moved"


class HeadRow(NamedTuple):
    """How far a log has come, and the state that the next entry is judged by."""

    log: bytes
    seq: int
    id: bytes
    time: int
    directory_seq: int
    state: bytes


class EntryRow(NamedTuple):
    """An entry as it is kept."""

    log: bytes
    seq: int
    id: bytes
    kind: str
    author: bytes
    time: int
    nudge: int
    header: bytes
    signature: bytes


class BodyRow(NamedTuple):
    """An entry's words as they are kept."""

    log: bytes
    seq: int
    body: bytes
    salt: bytes


class StoredEntry(NamedTuple):
    """An entry with its body; None where that was erased."""

    seq: int
    header: bytes
    signature: bytes
    body: bytes | None
    salt: bytes | None


class Fate(NamedTuple):
    """What has become of a post."""

    kind: str
    author: bytes
    time: int
    withdrawn: int


#: How far an entry is withdrawn: taken back; erased too; destroyed for good.
WITHDRAWN = 1
ERASED = 2
DESTROYED = 3

_AT_ONCE = 500

# Those of every append and fetch are built once: to build one costs as much as to run it.
_HEADS = select(heads)
_HEAD = Quick(_HEADS.where(heads.c.log == bindparam("log")), "log")
_TWO_HEADS = Quick(
    _HEADS.where((heads.c.log == bindparam("one")) | (heads.c.log == bindparam("other"))),
    "one",
    "other",
)
_ITS_BODY = and_(bodies.c.log == entries.c.log, bodies.c.seq == entries.c.seq)


def _some(its_body: ColumnElement[bool]) -> Select[Any]:
    columns = (
        entries.c.seq, entries.c.header, entries.c.signature, bodies.c.body, bodies.c.salt
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(entries.outerjoin(bodies, its_body))
        .where(
            entries.c.log == bindparam("log"),
            entries.c.seq >= bindparam("first"),
            entries.c.seq <= bindparam("last"),
        )
        .order_by(entries.c.seq)
        .limit(bindparam("most"))
    )


_SPAN = ("log", "first", "last", "most")
_SOME = Quick(_some(_ITS_BODY), *_SPAN)
# Where no body is wanted, none is looked for: they lie on other pages than the entries.
_SOME_LEAN = Quick(_some(and_(entries.c.kind != "post", _ITS_BODY)), *_SPAN)
_IDS = Quick(
    select(entries.c.id)
    .where(
        entries.c.log == bindparam("log"),
        entries.c.seq >= bindparam("first"),
        entries.c.seq < bindparam("end"),
    )
    .order_by(entries.c.seq),
    "log",
    "first",
    "end",
)
_HEADERS = (
    select(entries.c.seq, entries.c.header, entries.c.signature)
    .where(entries.c.log == bindparam("log"), entries.c.seq >= bindparam("first"))
    .order_by(entries.c.seq)
    .limit(bindparam("most"))
)


def _add(table: Table, names: Sequence[str]) -> Quick:
    return Quick(insert(table).values({name: bindparam(name) for name in names}), *names)


_ADD_ENTRY, _ADD_BODY = _add(entries, EntryRow._fields), _add(bodies, BodyRow._fields)
_BEGIN = _add(heads, HeadRow._fields)
_MOVE = Quick(
    update(heads)
    .where(heads.c.log == bindparam("its_log"))
    .values({name: bindparam(name) for name in HeadRow._fields[1:]}),
    *HeadRow._fields[1:],
    "its_log",
)


def _inserting(table: Table, names: Sequence[str]) -> str:
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608


# One statement for PostgreSQL, which is asked over a wire.
_ADD_LAST = f"""
WITH added AS ({_inserting(entries, EntryRow._fields)}),
worded AS ({_inserting(bodies, BodyRow._fields)})
{_inserting(heads, HeadRow._fields)}
ON CONFLICT (log) DO UPDATE SET
  {", ".join(f"{name} = excluded.{name}" for name in HeadRow._fields[1:])}"""


def read_head(session: Session, log: bytes) -> HeadRow | None:
    """Return the head of a log, or None where there is no such log."""
    row = _HEAD.first(session, log)
    return HeadRow(*row) if row else None


def read_two_heads(
    session: Session, one: bytes, other: bytes
) -> tuple[HeadRow | None, HeadRow | None]:
    """Return the heads of two logs, at one moment."""
    rows = _TWO_HEADS.all(session, one, other)
    found = {row[0]: HeadRow(*row) for row in rows}
    return found.get(one), found.get(other)


def read_logs(session: Session) -> list[bytes]:
    """Return the ids of all logs that have entries."""
    return list(session.scalars(select(entries.c.log).distinct().order_by(entries.c.log)))


def read_heads(session: Session) -> dict[bytes, HeadRow]:
    """Return the heads of all logs."""
    return {row.log: HeadRow(*row) for row in session.execute(_HEADS)}


def read_entries(
    session: Session, log: bytes, first: int, last: int, most: int, *, lean: bool = False
) -> list[StoredEntry]:
    """Return at most `most` entries of a log, from `first` to `last`, in order.

    `lean`: posts without their words.
    """
    some = _SOME_LEAN if lean else _SOME
    return [StoredEntry(*row) for row in some.all(session, log, first, last, most)]


def read_headers(session: Session, log: bytes, first: int, most: int) -> list[StoredEntry]:
    """Return at most `most` entries of a log from `first` on, without their words, in order."""
    rows = session.execute(_HEADERS, {"log": log, "first": first, "most": most})
    return [StoredEntry(*row, None, None) for row in rows]


def walk_entries(session: Session, log: bytes) -> Iterator[StoredEntry]:
    """Yield all entries of a log in order, a few hundred at a time."""
    first = 0
    while rows := read_entries(session, log, first, 2**53, 256):
        yield from rows
        first = rows[-1].seq + 1


def read_ids(session: Session, log: bytes, first: int, count: int) -> list[bytes]:
    """Return the ids of `count` entries from `first` on, or fewer where the log ends."""
    return [row[0] for row in _IDS.all(session, log, first, first + count)]


def read_fate(session: Session, log: bytes, seq: int) -> Fate | None:
    """Return what has become of an entry, or None where there is none."""
    row = session.execute(
        select(entries.c.kind, entries.c.author, entries.c.time, entries.c.withdrawn).where(
            entries.c.log == log, entries.c.seq == seq
        )
    ).first()
    return Fate(*row) if row else None


def read_fates(session: Session, log: bytes) -> dict[int, int]:
    """Return, by seq, how far the withdrawn entries of a log are withdrawn."""
    rows = session.execute(
        select(entries.c.seq, entries.c.withdrawn).where(
            entries.c.log == log, entries.c.withdrawn != 0
        )
    )
    return {row.seq: row.withdrawn for row in rows}


def read_columns(session: Session, log: bytes) -> Iterator[EntryRow]:
    """Yield the entries of a log with what is looked up about them, in order."""
    wanted = [entries.c[name] for name in EntryRow._fields]
    yield from (
        EntryRow(*row)
        for row in session.execute(
            select(*wanted).where(entries.c.log == log).order_by(entries.c.seq)
        )
    )


def add_entries(session: Session, rows: Sequence[EntryRow], words: Sequence[BodyRow]) -> None:
    """Add entries with their bodies."""
    _ADD_ENTRY.do(session, rows)
    add_bodies(session, words)


def add_last(session: Session, row: EntryRow, words: Sequence[BodyRow], head: HeadRow) -> None:
    """Add an entry with its body, and set the head of its log: by far the most are such."""
    line = line_of(session)
    if line.is_shared and words:
        session.info.setdefault(MOVED, {})[head.log] = head.seq
        put_off(session, _ADD_LAST, (*row, *words[0], *head))
        return
    add_entries(session, [row], words)
    move_head(session, head)


def add_bodies(session: Session, words: Sequence[BodyRow]) -> None:
    """Add bodies of entries that have none."""
    if words:
        _ADD_BODY.do(session, words)


def has_body(session: Session, log: bytes, seq: int) -> bool:
    """Return whether an entry has its body."""
    return (
        session.execute(
            select(bodies.c.seq).where(bodies.c.log == log, bodies.c.seq == seq)
        ).first()
        is not None
    )


def read_lacking(session: Session, log: bytes, last: int, most: int) -> list[int]:
    """Return the first seqs, up to one, of entries that have no body and were not erased."""
    rows = session.scalars(
        select(entries.c.seq)
        .select_from(entries.outerjoin(bodies, _ITS_BODY))
        .where(
            entries.c.log == log,
            entries.c.seq <= last,
            entries.c.withdrawn < ERASED,
            bodies.c.seq.is_(None),
        )
        .order_by(entries.c.seq)
        .limit(most)
    )
    return list(rows)


def move_head(session: Session, head: HeadRow) -> None:
    """Set the head of a log."""
    session.info.setdefault(MOVED, {})[head.log] = head.seq
    if not _MOVE.do(session, [(*head[1:], head.log)]):
        _BEGIN.do(session, [head])


def mark_withdrawn(session: Session, log: bytes, seq: int, withdrawn: int) -> None:
    """Note that a post is withdrawn (1) or withdrawn and erased (2), or that an entry is destroyed
    for good (3)."""
    session.execute(
        update(entries)
        .where(entries.c.log == log, entries.c.seq == seq)
        .values(withdrawn=withdrawn)
    )


def mark_destroyed(session: Session, log: bytes, seqs: Sequence[int], kinds: Sequence[str]) -> None:
    """Note that entries, those of them of these kinds, are destroyed for good."""
    for some in _portions(seqs):
        session.execute(
            update(entries)
            .where(entries.c.log == log, entries.c.seq.in_(some), entries.c.kind.in_(kinds))
            .values(withdrawn=DESTROYED)
        )


def clear_withdrawn(session: Session, log: bytes) -> None:
    """Forget what was noted about withdrawals in a log, before it is noted anew."""
    session.execute(
        update(entries).where(entries.c.log == log, entries.c.withdrawn != 0).values(withdrawn=0)
    )


def delete_body(session: Session, log: bytes, seq: int) -> None:
    """Remove body and salt of an entry; the pages they lay on are overwritten."""
    session.execute(delete(bodies).where(bodies.c.log == log, bodies.c.seq == seq))


def delete_bodies(session: Session, log: bytes, seqs: Sequence[int]) -> None:
    """Remove body and salt of those entries that are destroyed."""
    for some in _portions(seqs):
        gone = select(entries.c.seq).where(
            entries.c.log == log, entries.c.seq.in_(some), entries.c.withdrawn == DESTROYED
        )
        session.execute(delete(bodies).where(bodies.c.log == log, bodies.c.seq.in_(gone)))


def delete_heads(session: Session) -> None:
    """Remove all heads, before they are made anew."""
    session.execute(delete(heads))


def _portions(seqs: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(seqs), _AT_ONCE):
        yield seqs[first : first + _AT_ONCE]
