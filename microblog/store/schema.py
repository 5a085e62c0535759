"""Which version of the tables a database has, and how it comes to the one of this program."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError, OperationalError

from microblog.store.errors import FolderUnusable, WrongVersion

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> list[str]:
    """Bring the database to this program's version, in one transaction; return the steps taken.

    Raises:
        WrongVersion: it was made by a newer version, or is no database of ours.
    """
    with connect(engine) as connection:
        before = _checked_version(connection)
        script = ScriptDirectory(str(MIGRATIONS))
        steps = [s.revision for s in script.iterate_revisions("head", before or "base")]
        if not steps:
            return []
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            command.upgrade(_config(connection), "head")
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            # When the disk is full SQLite has rolled back by itself.
            with suppress(OperationalError):
                connection.exec_driver_sql("ROLLBACK")
            raise
        return steps[::-1]


def check_version(engine: Engine) -> None:
    """Check that a database has this program's version of the tables.

    Raises:
        WrongVersion: it is older or newer, or no database of ours.
    """
    with connect(engine) as connection:
        version = _checked_version(connection)
    if version != ScriptDirectory(str(MIGRATIONS)).get_current_head():
        raise WrongVersion("the database is older than this program", "run microblogd migrate")


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """Connect, and turn what can be wrong with a database's file into one line.

    Raises:
        WrongVersion: it is damaged, or no database.
        FolderUnusable: it cannot be read or written.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise FolderUnusable(
            f"the database cannot be used: {error.orig}",
            "is the disk full, or are its files another user's?",
        ) from None
    except DatabaseError:
        raise WrongVersion(
            "the database cannot be read: it is damaged or no database of this program",
            "restore it from a backup",
        ) from None


def _checked_version(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if tables and "entry" not in tables and tables != ["alembic_version"]:
        raise WrongVersion(
            "the database is not one of this program", "choose another folder with MICROBLOG_DATA"
        )
    try:
        version = MigrationContext.configure(connection).get_current_revision()
        if version is not None:
            ScriptDirectory(str(MIGRATIONS)).get_revision(version)
    except CommandError:
        raise WrongVersion(
            "the database was made by a newer version of this program", "install that version"
        ) from None
    return version


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
