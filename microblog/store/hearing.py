"""Hearing what a database is appended, in a process that does not write it: one reader for all.

On SQLite it looks whether anything was committed, four times a second, and if so what came last; on
PostgreSQL it is told, by those who append.
"""

import time
from collections.abc import Iterable

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from microblog.store import engine as sqlite
from microblog.store import postgres, schema
from microblog.store.announcing import CHANNEL, read_announcement
from microblog.store.errors import DatabaseUnusable, FolderUnusable
from microblog.store.quick import line_of, run
from microblog.store.site import Site

LOOK_SECONDS = 0.25
#: What comes in such a time comes together.
GATHER_SECONDS = 0.1
MOST_ROWS = 1024

# Bodies have a rowid, and the newest has the greatest: whatever erases words is appended itself.
_NEWEST = "SELECT coalesce(max(rowid), 0) FROM body"
_NEWER = "SELECT rowid, log, seq FROM body WHERE rowid > ? ORDER BY rowid LIMIT ?"

#: Logs, and the seqs that they have come to.
News = dict[bytes, list[int]]


class FileEar:
    """Hears SQLite's file; another in its place, as after a restore, is not taken for it."""

    def __init__(self, site: Site) -> None:
        """Hear what comes from now on.

        Raises:
            StoreError: there is no database of this program's version.
        """
        self._file = site.folder / sqlite.DATABASE
        self._number = self._find()
        self._engine = sqlite.open_for_reading(site.folder)
        self.session = _begin(self._engine)
        self._version = self._ask("PRAGMA data_version")
        self._newest = self._ask(_NEWEST)
        self._looked = 0.0

    def wait(self, seconds: float) -> News:
        """Return the seqs that logs have come to, as soon as there are any or the time is over.

        Raises:
            FolderUnusable: the file is another one, or none.
        """
        deadline = time.monotonic() + seconds
        while True:
            # However much is committed: so often, and everyone else has their turn.
            time.sleep(max(min(self._looked + LOOK_SECONDS, deadline) - time.monotonic(), 0))
            self._looked = time.monotonic()
            if self._find() != self._number:
                raise FolderUnusable("the database was replaced", "")
            version = self._ask("PRAGMA data_version")
            if version != self._version and (news := self._read(version)):
                return news
            if time.monotonic() >= deadline:
                return {}

    def close(self) -> None:
        """Let go of the database."""
        _end(self.session, self._engine)

    def _read(self, version: int) -> News:
        newest = self._ask(_NEWEST)
        if newest < self._newest:
            # Numbered anew, by whatever means: what is new is found by asking.
            self._newest = newest
        rows = run(line_of(self.session), _NEWER, (self._newest, MOST_ROWS))
        if len(rows) < MOST_ROWS:
            self._version = version
        if rows:
            self._newest = rows[-1][0]
        return gather((log, seq) for _, log, seq in rows)

    def _ask(self, words: str) -> int:
        ((number,),) = run(line_of(self.session), words, ())
        return int(number)

    def _find(self) -> tuple[int, int]:
        try:
            found = self._file.stat()
        except OSError:
            raise FolderUnusable(
                f"there is no database in {self._file.parent}", "run microblogd serve or migrate"
            ) from None
        return found.st_dev, found.st_ino


class SharedEar:
    """Hears what servers on a PostgreSQL database say with each append."""

    def __init__(self, site: Site) -> None:
        """Hear what comes from now on.

        Raises:
            StoreError: the database cannot be heard.
        """
        self._told = postgres.connect(site, writes=False)
        try:
            self._told.execute(f"LISTEN {CHANNEL}")
            self._engine = postgres.open_for_reading(site)
            self.session = _begin(self._engine)
        except BaseException as error:
            self._told.close()
            if isinstance(error, psycopg.Error):
                raise DatabaseUnusable("the database cannot be listened to", "") from None
            raise

    def wait(self, seconds: float) -> News:
        """Return the seqs that logs have come to, as soon as there are any or the time is over.

        Raises:
            DatabaseUnusable: the connection is broken.
        """
        try:
            told = self._take(max(seconds, 0), stop_after=1)
            if told:
                time.sleep(GATHER_SECONDS)
                told += self._take(0)
        except psycopg.Error:
            raise DatabaseUnusable("the database cannot be heard any more", "") from None
        return gather(filter(None, map(read_announcement, told)))

    def close(self) -> None:
        """Let go of the database."""
        self._told.close()
        _end(self.session, self._engine)

    def _take(self, seconds: float, **limit: int) -> list[str]:
        told = self._told.notifies(timeout=seconds, **limit)
        return [it.payload for it in told]


def open_ear(site: Site) -> FileEar | SharedEar:
    """Return what hears a site's database.

    Raises:
        StoreError: it cannot be heard.
    """
    return SharedEar(site) if site.is_shared else FileEar(site)


def gather(heard: Iterable[tuple[bytes, int]]) -> News:
    """Return seqs by log."""
    news: News = {}
    for log, seq in heard:
        news.setdefault(log, []).append(seq)
    return news


def _begin(engine: Engine) -> Session:
    try:
        schema.check_version(engine)
        return Session(engine.connect())
    except BaseException:
        engine.dispose()
        raise


def _end(session: Session, engine: Engine) -> None:
    connection = session.connection()
    session.close()
    connection.close()
    engine.dispose()
