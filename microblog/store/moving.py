"""From SQLite to PostgreSQL, so that it can be stopped anywhere and gone on with.

Each batch of rows is a transaction, and the rows that are there say how far it came. A mark in the
target says whose rows they are, and keeps every server away until all were compared and the file
was set aside: so there is no moment at which both are served.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.orm import Session

from microblog.store import postgres, schema
from microblog.store.backup import WITH_DATABASE
from microblog.store.copying import (
    MAIN,
    add_batch,
    copy_all,
    count_rows,
    find_difference,
    last_key,
    read_batches,
    tables_of,
)
from microblog.store.engine import DATABASE, open_for_reading, open_for_writing
from microblog.store.errors import DatabaseUnusable, FolderUnusable, StoreError
from microblog.store.ledger import (
    NOTICES,
    ROUND_UPS,
    Kind,
    Ledger,
    has_ledger,
    hold_ledger,
    read_ledger,
)
from microblog.store.lock import AWAY, Lock
from microblog.store.marks import MOVING, FileMarks, RowMarks
from microblog.store.site import Site
from microblog.store.tables import entries, heads, marks

#: What lies beside the file and is a row there.
BESIDE = ("founding", "restoring")


class Differs(StoreError):
    """What is there is not what is here."""


class Moved(NamedTuple):
    """How much there is now: logs and entries; and where the file lies."""

    logs: int
    entries: int
    aside: Path


def move(folder: Path, site: Site, aside: Path) -> Moved:
    """Move what lies in a folder to a database, and the file aside.

    Raises:
        InUse: a server is running on one of the two.
        FolderUnusable, DatabaseUnusable, WrongVersion: one cannot be used, or the database has
            rows of its own.
        Differs: what is there is not what is here.
    """
    with ExitStack() as held:
        lock = Lock(folder, moved=True)
        held.callback(lock.release)
        migrating = postgres.open_for_writing(site)
        held.callback(migrating.dispose)
        schema.upgrade(migrating)
        target = held.enter_context(_connected(postgres.open_alone(site)))
        there = RowMarks(lambda: nullcontext(target))
        if (folder / DATABASE).is_file():
            with _source(folder) as source:
                _claim(source, target, there)
                _copy_rows(source, target)
                _copy_ledgers(folder, site)
                _copy_marks(folder, there)
                _compare(source, target)
        elif there.read(MOVING) is None:
            raise FolderUnusable(f"there is no database in {folder}", "it may have been moved")
        _set_aside(folder, aside)
        there.remove(MOVING)
        return Moved(count_rows(target, heads), count_rows(target, entries), aside)


@contextmanager
def _source(folder: Path) -> Iterator[Connection]:
    # What a server that was killed left in its journal comes into the file, which then is all.
    writing = open_for_writing(folder)
    with _connected(writing) as connection:
        schema.check_version(writing)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with _connected(open_for_reading(folder)) as connection:
        yield connection


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with schema.connect(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _tables() -> list[Table]:
    """Return the tables that are copied: marks are files on the one side."""
    return [table for table in tables_of(MAIN) if table is not marks]


def _claim(source: Connection, target: Connection, there: RowMarks) -> None:
    """Write down whose rows the target's are to be, unless they are already."""
    query = select(entries.c.id).order_by(entries.c.log, entries.c.seq).limit(1)
    ours: bytes = source.execute(query).scalar() or b"not founded"
    known = there.read(MOVING)
    if known is None:
        if any(count_rows(target, table) for table in tables_of(MAIN)):
            raise DatabaseUnusable(
                "the database has rows of its own", "name an empty one in MICROBLOG_DATABASE"
            )
        there.put(MOVING, ours)
    elif known != ours:
        raise DatabaseUnusable(
            "another practice was being moved to the database",
            "name an empty one in MICROBLOG_DATABASE",
        )


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in _tables():
        for rows in read_batches(source, table, last_key(target, table)):
            target.exec_driver_sql("BEGIN")
            add_batch(target, table, rows)
            target.exec_driver_sql("COMMIT")


def _copy_ledgers(folder: Path, site: Site) -> None:
    for kind in (ROUND_UPS, NOTICES):
        if not has_ledger(Site(folder), kind):
            continue
        with hold_ledger(Site(folder), kind) as held, hold_ledger(site, kind) as book:
            if held is None or book is None:
                raise DatabaseUnusable(f"{kind.name} are being sent", "stop their timers first")
            _copy_ledger(folder, kind, book)


def _copy_ledger(folder: Path, kind: Kind, book: Ledger) -> None:
    """Copy a ledger anew, in one transaction: it is small, and may have grown since."""

    def copy(source: Session) -> bool:
        def replace(target: Session) -> None:
            for table in tables_of(kind.tables):
                target.execute(table.delete())
            copy_all(source.connection(), target.connection(), kind.tables)

        book.write(replace)
        return True

    read_ledger(Site(folder), copy, kind)


def _copy_marks(folder: Path, there: RowMarks) -> None:
    here = FileMarks(folder)
    for name in BESIDE:
        data = here.read(name)
        if data is None:
            there.remove(name)
        else:
            there.put(name, data)


def _compare(source: Connection, target: Connection) -> None:
    for table in _tables():
        difference = find_difference(source, target, table)
        if difference is not None:
            raise Differs(
                f"the database is not what the file is: {difference}",
                "was it served meanwhile? empty the database and move once more",
            )


def _set_aside(folder: Path, aside: Path) -> None:
    (folder / AWAY).touch(mode=0o600)
    files = [folder / f"{DATABASE}{end}" for end in WITH_DATABASE]
    present = [it for it in files if it.exists()]
    if present:
        aside.mkdir(mode=0o700)
    for it in reversed(present):
        shutil.move(it, aside / it.name)
