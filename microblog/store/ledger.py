"""The ledgers: of round-ups, how far each person was told of each stream, and every mail there was;
of notices, how far each device was woken.

Beside SQLite each is a database of its own, `round-ups.db` and `notices.db`, because only the
server writes the other, and these are sent by other processes. In PostgreSQL each is a schema of
its own, so that senders on two machines have one ledger. One process at a time holds one: by a lock
on a file, or by one of PostgreSQL's on the very connection that it writes with, so that whoever has
lost the lock can write no more. They are in no backup of ours: without them both begin again from
where the streams then are.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, StaticPool

from microblog.store import mailings, notices, postgres
from microblog.store.dialect import is_shared
from microblog.store.engine import BUSY_MS, engine_options, prepare_reader
from microblog.store.errors import FolderUnusable, InUse, StoreError, WrongVersion
from microblog.store.lock import reason
from microblog.store.locks import number_of
from microblog.store.site import Site

LEDGER = "round-ups.db"
VERSION = 1

T = TypeVar("T")


class Kind(NamedTuple):
    """What a ledger is of: how its files are called, and its tables."""

    name: str
    tables: MetaData

    @property
    def file(self) -> str:
        return f"{self.name}.db"

    @property
    def schema(self) -> str:
        return self.name.replace("-", "_")


ROUND_UPS = Kind("round-ups", mailings.metadata)
NOTICES = Kind("notices", notices.metadata)


class Ledger:
    """The ledger of a site, held by this process."""

    def __init__(self, engine: Engine, kind: Kind) -> None:
        """Use what `hold_ledger` opened."""
        self._engine = engine
        self._kind = kind

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction and return what it returns, once that is on the disk."""
        with _explained(self._kind), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN" if is_shared(connection) else "BEGIN IMMEDIATE")
            try:
                with Session(connection, join_transaction_mode="rollback_only") as session:
                    value = work(session)
                    session.flush()
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                with suppress(DBAPIError):
                    connection.exec_driver_sql("ROLLBACK")
                raise
            return value


def has_ledger(site: Site, kind: Kind = ROUND_UPS) -> bool:
    """Return whether round-ups, or notices, were ever looked after on a site.

    Raises:
        DatabaseUnusable: nobody can tell.
    """
    if not site.is_shared:
        return (site.folder / kind.file).is_file()
    return read_ledger(site, lambda _: True, kind) is not None


@contextmanager
def hold_ledger(
    site: Site, kind: Kind = ROUND_UPS, *, wait: bool = False
) -> Iterator[Ledger | None]:
    """Open the ledger of a site for writing, made if need be; None while another process has it.

    `wait`: until that has finished.

    Raises:
        FolderUnusable, DatabaseUnusable: it cannot be written.
        WrongVersion: a newer version of this program made it, or it is no ledger.
    """
    held = _hold_rows(site, kind, wait=wait) if site.is_shared else _hold_file(site, kind, wait)
    with held as engine:
        if engine is None:
            yield None
            return
        try:
            with _explained(kind), engine.connect() as connection:
                _upgrade(connection, kind)
            yield Ledger(engine, kind)
        finally:
            if not site.is_shared:
                engine.dispose()


def read_ledger(site: Site, work: Callable[[Session], T], kind: Kind = ROUND_UPS) -> T | None:
    """Run `work` with a session that reads a site's ledger; None where there is none (yet).

    Raises:
        FolderUnusable, DatabaseUnusable: it cannot be read.
        WrongVersion: a newer version of this program made it, or it is no ledger.
    """
    if site.is_shared:
        engine = _engine(partial(_connect, site, kind, writes=False))
    elif has_ledger(site, kind):
        engine = _open(site.folder / kind.file, prepare_reader)
    else:
        return None
    try:
        with _explained(kind), engine.connect() as connection, Session(connection) as session:
            return work(session) if _version(connection, kind) == VERSION else None
    finally:
        engine.dispose()


@contextmanager
def _hold_file(site: Site, kind: Kind, wait: bool) -> Iterator[Engine | None]:
    folder = site.folder
    try:
        lock = (folder / f"{kind.name}.lock").open("ab")
    except OSError as error:
        raise FolderUnusable(
            f"the data folder {folder} cannot be written: {reason(error)}"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield None
            return
        # SQLite would make it for others to read too, where the folder lets them in.
        with suppress(OSError):
            (folder / kind.file).touch(mode=0o600)
        yield _open(folder / kind.file, _prepare)


@contextmanager
def _hold_rows(site: Site, kind: Kind, *, wait: bool) -> Iterator[Engine | None]:
    engine = create_engine(
        postgres.ADDRESS,
        creator=partial(_connect_holding, site, kind, wait=wait),
        poolclass=StaticPool,
        **engine_options(),
    )
    try:
        engine.connect().close()
    except InUse:
        engine.dispose()
        yield None
        return
    try:
        yield engine
    finally:
        # Let go at once: what a connection held that was closed goes only a moment later.
        with suppress(DBAPIError, StoreError), engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        engine.dispose()


def _connect_holding(site: Site, kind: Kind, *, wait: bool) -> psycopg.Connection[Any]:
    """Connect, and hold the ledger for as long as this connection lasts."""
    connection = _connect(site, kind, writes=True)
    number = number_of(0, kind.name.encode())
    try:
        if wait:
            connection.execute("SET lock_timeout = 0")
            connection.execute("SELECT pg_advisory_lock(%s)", (number,))
        elif connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone() != (True,):
            raise InUse("another process has the ledger")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(site: Site, kind: Kind, *, writes: bool) -> psycopg.Connection[Any]:
    connection = postgres.connect(site, writes=writes)
    connection.execute(f"SET search_path = {kind.schema}")
    return connection


def _engine(creator: Callable[[], psycopg.Connection[Any]]) -> Engine:
    return create_engine(postgres.ADDRESS, creator=creator, poolclass=NullPool, **engine_options())


def _open(file: Path, prepare: Callable[[sqlite3.Connection, object], None]) -> Engine:
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, **engine_options())
    event.listen(engine, "connect", prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    # A journal that is removed at each commit, and that removal too on the disk: the server may
    # read beside, and no connection has anything to checkpoint.
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")


def _upgrade(connection: Connection, kind: Kind) -> None:
    version = _version(connection, kind)
    if version == VERSION:
        return
    if version > VERSION:
        raise WrongVersion(
            f"{kind.file} was made by a newer version of this program", "install that version"
        )
    if is_shared(connection):
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {kind.schema}")
        kind.tables.create_all(connection)
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {kind.schema} IS '{VERSION}'")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        kind.tables.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    connection.exec_driver_sql("COMMIT")


def _version(connection: Connection, kind: Kind) -> int:
    if not is_shared(connection):
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    said = connection.exec_driver_sql(
        "SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", (kind.schema,)
    ).scalar()
    return int(said or 0)


@contextmanager
def _explained(kind: Kind) -> Iterator[None]:
    """Turn what the database says into one line."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise postgres.refusal_of(error) from None
        _raise_for_file(error, kind)


def _raise_for_file(error: DBAPIError, kind: Kind) -> NoReturn:
    if isinstance(error, OperationalError):
        raise FolderUnusable(
            f"{kind.file} cannot be used: {error.orig}",
            "is the disk full, or is it another user's?",
        ) from None
    if isinstance(error, DatabaseError):
        raise WrongVersion(
            f"{kind.file} cannot be read: it is damaged, or no ledger of this program",
            f"move it away: {kind.name} begin again from now on",
        ) from None
    raise error
