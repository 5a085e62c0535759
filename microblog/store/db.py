"""The database of a running application: sessions to read with, and the one writer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Session

from microblog.store import schema
from microblog.store.backup import fresh_copy, new_backup, no_server_on, replacing
from microblog.store.engine import (
    DATABASE,
    database_url,
    engine_options,
    open_for_reading,
    open_for_writing,
    prepare_reader,
)
from microblog.store.errors import (
    Busy,
    FileUnusable,
    FolderUnusable,
    InUse,
    StoreError,
    WrongVersion,
)
from microblog.store.lock import Lock, check_folder, make_folder
from microblog.store.tables import Base
from microblog.store.writer import Writer

__all__ = [
    "Busy",
    "Database",
    "FileUnusable",
    "FolderUnusable",
    "InUse",
    "Lock",
    "Session",
    "StoreError",
    "WrongVersion",
    "check_folder",
    "db",
    "fresh_copy",
    "keep_from_writing",
    "make_folder",
    "migrate",
    "new_backup",
    "no_server_on",
    "open_database",
    "read",
    "read_in",
    "reader_config",
    "replacing",
    "write_in",
]

READERS = 32

T = TypeVar("T")

db = SQLAlchemy(metadata=Base.metadata)


@dataclass(frozen=True, slots=True)
class Database:
    """What a running application holds: the lock on its folder and the writer."""

    lock: Lock
    writer: Writer

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in the writer's transaction and return what it returns, once committed."""
        return self.writer.write(work)

    def close(self) -> None:
        """Finish what is being written and let another process have the folder."""
        self.writer.close()
        self.lock.release()


def migrate(folder: Path) -> list[str]:
    """Bring the database in a folder, which nobody else is using, to this program's version.

    Raises:
        StoreError: it cannot be done; nothing was changed.
    """
    lock = Lock(folder)
    engine = open_for_writing(folder)
    try:
        return schema.upgrade(engine)
    finally:
        engine.dispose()
        lock.release()


def open_database(folder: Path) -> Database:
    """Take a folder's lock and begin its writer.

    Raises:
        StoreError: the folder or the database cannot be used.
    """
    lock = Lock(folder)
    try:
        engine = open_for_writing(folder)
        schema.check_version(engine)
        return Database(lock, Writer(engine))
    except BaseException:
        lock.release()
        raise


def reader_config(folder: Path) -> dict[str, Any]:
    """Return what Flask-SQLAlchemy needs in an application's configuration."""
    return {
        "SQLALCHEMY_DATABASE_URI": database_url(folder),
        "SQLALCHEMY_ENGINE_OPTIONS": {**engine_options(), "pool_size": READERS},
    }


def keep_from_writing() -> None:
    """Make the sessions of the application at hand ones that can only read."""
    event.listen(db.engine, "connect", prepare_reader)


def read() -> Session:
    """Return the session that this request reads with; it cannot write."""
    return cast(Session, db.session())


def read_in(folder: Path, work: Callable[[Session], T]) -> T:
    """Run `work` with a session that reads the database in a folder, outside of any application.

    Raises:
        StoreError: there is no database of this program's version.
    """
    _check_database(folder)
    engine = open_for_reading(folder)
    try:
        schema.check_version(engine)
        with schema.connect(engine) as connection, Session(connection) as session:
            # One view of everything, whatever a server commits meanwhile.
            connection.exec_driver_sql("BEGIN")
            return work(session)
    finally:
        engine.dispose()


def write_in(folder: Path, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction on the database in a folder that no server is using.

    Raises:
        StoreError: a server is using it, or there is no database of this program's version.
    """
    _check_database(folder)
    lock = Lock(folder)
    engine = open_for_writing(folder)
    try:
        schema.check_version(engine)
        writer = Writer(engine)
        try:
            return writer.write(work, wait_seconds=None)
        finally:
            writer.close()
    finally:
        engine.dispose()
        lock.release()


def _check_database(folder: Path) -> None:
    check_folder(folder)
    if not (folder / DATABASE).is_file():
        raise FolderUnusable(f"there is no database in {folder}", "run microblogd serve or migrate")
