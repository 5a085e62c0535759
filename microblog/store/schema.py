"""Which version of the tables a database has, and how it comes to the one of this program."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import NoReturn

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from microblog.store.dialect import SHARED, is_shared
from microblog.store.errors import FolderUnusable, InUse, WrongVersion
from microblog.store.locks import number_of
from microblog.store.postgres import PRESENCE, refusal_of, take_in_time
from microblog.store.tables import Base

MIGRATIONS = Path(__file__).parent / "migrations"
#: Of whoever migrates; the next waits, and finds it done.
MIGRATING = number_of(0, b"migrating")
WAIT_MS = 600_000


def upgrade(engine: Engine) -> list[str]:
    """Bring the database to this program's version, in one transaction; return the steps taken.

    Raises:
        WrongVersion: it was made by a newer version, or is no database of ours.
        InUse: servers are running on it, of an older version.
    """
    with connect(engine) as connection:
        if not _find_steps(connection):
            return []
        connection.exec_driver_sql("BEGIN" if is_shared(connection) else "BEGIN IMMEDIATE")
        try:
            steps = _upgrade(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            # When the disk is full SQLite has rolled back by itself.
            with suppress(OperationalError):
                connection.exec_driver_sql("ROLLBACK")
            raise
        return steps


def make_anew(connection: Connection) -> None:
    """Make all tables, in the transaction at hand, where there are none."""
    command.upgrade(_config(connection), "head")


def find_tables(connection: Connection) -> list[str]:
    """Return the tables that a database of ours has, of whichever version.

    Raises:
        WrongVersion: it is no database of ours.
    """
    ours = {*Base.metadata.tables, "alembic_version"}
    return [name for name in _read_tables(connection) if name in ours]


def check_version(engine: Engine) -> None:
    """Check that a database has this program's version of the tables.

    Raises:
        WrongVersion: it is older or newer, or no database of ours.
    """
    with connect(engine) as connection:
        version = _checked_version(connection)
    if version != newest():
        raise WrongVersion("the database is older than this program", "run microblogd migrate")


@cache
def newest() -> str:
    """Return this program's version of the tables."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """Connect, and turn what can be wrong with a database into one line.

    Raises:
        WrongVersion: it is damaged, or no database.
        FolderUnusable: it cannot be read or written.
        DatabaseUnusable: it cannot be reached, or we may not do this there.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if engine.dialect.name == SHARED:
            raise refusal_of(error) from None
        _raise_for_file(error)


def _raise_for_file(error: DBAPIError) -> NoReturn:
    if isinstance(error, OperationalError):
        raise FolderUnusable(
            f"the database cannot be used: {error.orig}",
            "is the disk full, or are its files another user's?",
        ) from None
    if isinstance(error, DatabaseError):
        raise WrongVersion(
            "the database cannot be read: it is damaged or no database of this program",
            "restore it from a backup",
        ) from None
    raise error


def _find_steps(connection: Connection) -> list[str]:
    before = _checked_version(connection)
    script = ScriptDirectory(str(MIGRATIONS))
    steps = [it.revision for it in script.iterate_revisions("head", before or "base")]
    return steps[::-1]


def _upgrade(connection: Connection) -> list[str]:
    if is_shared(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {WAIT_MS}")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
        # Another may have done it meanwhile, and its server be there already.
        if not _find_steps(connection):
            return []
        if not take_in_time(
            lambda: connection.exec_driver_sql(
                "SELECT pg_try_advisory_xact_lock(%s)", (PRESENCE,)
            ).one()
        ):
            raise InUse(
                "another server is running on the data in PostgreSQL", "stop all of them first"
            )
    steps = _find_steps(connection)
    command.upgrade(_config(connection), "head")
    return steps


def _checked_version(connection: Connection) -> str | None:
    _read_tables(connection)
    try:
        version = MigrationContext.configure(connection).get_current_revision()
        if version not in (None, newest()):
            ScriptDirectory(str(MIGRATIONS)).get_revision(version)
    except CommandError:
        raise WrongVersion(
            "the database was made by a newer version of this program", "install that version"
        ) from None
    return version


def _read_tables(connection: Connection) -> list[str]:
    tables = inspect(connection).get_table_names()
    if tables and "entry" not in tables and tables != ["alembic_version"]:
        raise WrongVersion(
            "the database is not one of this program",
            "choose another with MICROBLOG_DATABASE"
            if is_shared(connection)
            else "choose another folder with MICROBLOG_DATA",
        )
    return tables


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
