"""The database of a running application: sessions to read with, and what writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from microblog.store import engine as sqlite
from microblog.store import postgres, schema
from microblog.store.backup import find_aside, fresh_copy, new_backup, no_server_on, replacing
from microblog.store.committer import Committer, told
from microblog.store.dialect import is_shared
from microblog.store.errors import (
    Busy,
    DatabaseUnusable,
    FileUnusable,
    FolderUnusable,
    InUse,
    NotDurable,
    StoreError,
    Unfinished,
    WrongVersion,
)
from microblog.store.hearing import FileEar, SharedEar, open_ear
from microblog.store.ledger import NOTICES, Ledger, has_ledger, hold_ledger
from microblog.store.lock import Lock, check_folder, make_folder
from microblog.store.marks import MOVING, FileMarks, Marks, RowMarks, open_marks
from microblog.store.moving import Moved, move
from microblog.store.readers import Readers
from microblog.store.seen import Seen
from microblog.store.site import Site
from microblog.store.tables import Base
from microblog.store.writer import Writer

__all__ = [
    "NOTICES",
    "Busy",
    "Database",
    "DatabaseUnusable",
    "FileEar",
    "FileUnusable",
    "FolderUnusable",
    "InUse",
    "Ledger",
    "Lock",
    "Marks",
    "Moved",
    "NotDurable",
    "Seen",
    "Session",
    "SharedEar",
    "Site",
    "StoreError",
    "WrongVersion",
    "check_durable",
    "check_folder",
    "check_unused",
    "db",
    "find_aside",
    "fresh_copy",
    "has_ledger",
    "hold_ledger",
    "keep_from_writing",
    "make_folder",
    "migrate",
    "move",
    "new_backup",
    "no_server_on",
    "open_beside",
    "open_database",
    "open_ear",
    "open_marks",
    "read",
    "read_in",
    "reader_config",
    "replacing",
    "told",
    "write_in",
]

READERS = 32
#: What can begin only while no server is connected.
LASTING = frozenset({"restoring"})

T = TypeVar("T")

db = SQLAlchemy(metadata=Base.metadata)
_readers = Readers()
# Its extension ends the session of a request by this name.
db.session = _readers  # type: ignore[assignment]


class _Silent:
    """Writes nothing."""

    def write(self, _work: object) -> NoReturn:
        """Say so."""
        raise Busy("this process writes nothing")

    def close(self) -> None:
        """Have nothing to finish."""


@dataclass(frozen=True, slots=True)
class Database:
    """What a running application holds: what writes, the marks, and SQLite's lock on its folder."""

    writer: Writer | Committer | _Silent
    marks: Marks
    lock: Lock | None = None

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that writes and return what it returns, once committed."""
        return self.writer.write(work)

    def count_work(self) -> tuple[int, int, int, int] | None:
        """Return how many pieces of work wait, and how many commits, pieces and failures there
        were; None: each thread commits its own.
        """
        if not isinstance(self.writer, Writer):
            return None
        done = self.writer.done
        return self.writer.count_waiting(), done.commits, done.jobs, done.failures

    def count_commits(self) -> int | None:
        """Return how often this process has tried to commit; None: others write here too."""
        return self.writer.done.tries if isinstance(self.writer, Writer) else None

    def count_sign_ins(self) -> int | None:
        """Return how often this process has begun or ended sessions; None: others do so too."""
        return self.writer.done.sign_ins if isinstance(self.writer, Writer) else None

    def close(self) -> None:
        """Finish what is being written and let another process have the folder."""
        self.writer.close()
        if self.lock is not None:
            self.lock.release()


def migrate(site: Site) -> list[str]:
    """Bring the database, which no server is using, to this program's version.

    Raises:
        StoreError: it cannot be done; nothing was changed.
    """
    if site.is_shared:
        return _with(postgres.open_for_writing(site), schema.upgrade)
    lock = Lock(site.folder)
    try:
        return _with(sqlite.open_for_writing(site.folder), schema.upgrade)
    finally:
        lock.release()


def open_database(site: Site) -> Database:
    """Begin to write: take a folder's lock, or join the others on a shared database.

    Raises:
        StoreError: the folder or the database cannot be used.
    """
    if site.is_shared:
        return _open_shared(site)
    lock = Lock(site.folder)
    try:
        engine = sqlite.open_for_writing(site.folder)
        schema.check_version(engine)
        return Database(Writer(engine), FileMarks(site.folder, LASTING), lock)
    except BaseException:
        lock.release()
        raise


def _open_shared(site: Site) -> Database:
    # That there is none, or an older one, is said in its own words.
    _with(postgres.open_for_reading(site), schema.check_version)
    engine = postgres.open_pool(site, schema.newest())
    marks = RowMarks(engine.connect, LASTING)
    event.listen(engine, "connect", lambda *_: marks.forget())
    if marks.read(MOVING) is not None:
        engine.dispose()
        raise Unfinished(
            "a move to the database was stopped half way", "run the same microblogd move again"
        )
    return Database(Committer(engine, standby=site.standby, live=site.live), marks)


def open_beside(site: Site) -> Database:
    """Return what a process has that reads beside the servers: it writes nothing.

    Raises:
        StoreError: there is no database of this program's version.
    """
    read_in(site, lambda _: None)
    return Database(_Silent(), open_marks(site))


def check_durable(site: Site) -> None:
    """Check that a shared database keeps what it acknowledges, as whatever writes to it does first.

    Raises:
        StoreError: it does not, or it cannot be had.
    """
    if site.is_shared:
        postgres.connect(site, writes=True).close()


def check_unused(site: Site) -> None:
    """Check that no server has the folder; a shared database is for several.

    Raises:
        StoreError: one has.
    """
    if not site.is_shared:
        Lock(site.folder).release()


def reader_config(site: Site) -> dict[str, Any]:
    """Return what Flask-SQLAlchemy needs in an application's configuration."""
    if site.is_shared:
        address, options = postgres.ADDRESS, postgres.engine_options(site)
    else:
        address = sqlite.database_url(site.folder)
        options = {**sqlite.engine_options(), "pool_size": READERS}
    return {"SQLALCHEMY_DATABASE_URI": address, "SQLALCHEMY_ENGINE_OPTIONS": options}


def keep_from_writing() -> None:
    """Make the sessions of the application at hand ones that can only read."""
    if not is_shared(db.engine):
        event.listen(db.engine, "connect", sqlite.prepare_reader)
    event.listen(db.engine, "engine_disposed", _readers.drop)


def read() -> Session:
    """Return the session that this request reads with; it cannot write.

    Between statements nothing is open in it: each sees what was committed before.
    """
    return _readers.take(db.engine)


def read_in(site: Site, work: Callable[[Session], T]) -> T:
    """Run `work` with a session that reads a site's database, outside of any application.

    Raises:
        StoreError: there is no database of this program's version.
    """
    if not site.is_shared:
        _check_database(site)
    # One view of everything, whatever a server commits meanwhile.
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if site.is_shared else "BEGIN"

    def run(engine: Engine) -> T:
        schema.check_version(engine)
        with schema.connect(engine) as connection, Session(connection) as session:
            connection.exec_driver_sql(begin)
            return work(session)

    if site.is_shared:
        return _with(postgres.open_for_reading(site), run)
    return _with(sqlite.open_for_reading(site.folder), run)


def write_in(site: Site, work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction on a database that no server is using.

    Raises:
        StoreError: a server is using it, or there is no database of this program's version.
    """
    if site.is_shared:
        return _with(postgres.open_alone(site), lambda engine: _write_alone(engine, work))
    _check_database(site)
    lock = Lock(site.folder)
    try:
        return _with(sqlite.open_for_writing(site.folder), lambda it: _write_once(it, work))
    finally:
        lock.release()


def _write_alone(engine: Engine, work: Callable[[Session], T]) -> T:
    schema.check_version(engine)
    committer = Committer(engine)
    try:
        return committer.write(work)
    finally:
        committer.close()


def _write_once(engine: Engine, work: Callable[[Session], T]) -> T:
    schema.check_version(engine)
    writer = Writer(engine)
    try:
        return writer.write(work, wait_seconds=None)
    finally:
        writer.close()


def _with(engine: Engine, work: Callable[[Engine], T]) -> T:
    try:
        return work(engine)
    finally:
        engine.dispose()


def _check_database(site: Site) -> None:
    check_folder(site.folder)
    if not (site.folder / sqlite.DATABASE).is_file():
        raise FolderUnusable(
            f"there is no database in {site.folder}", "run microblogd serve or migrate"
        )
