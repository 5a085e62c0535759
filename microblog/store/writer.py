"""The one writer: one thread at a time commits all that is waiting together, and then answers.

Group commit. Whoever comes while nobody commits does it at once, in their own thread: there is
nobody to wake. Whoever comes meanwhile waits, and one of them commits next, for all who then wait.

One refusal undoes nothing of the others: where something was written before it, all are run once
more, each with a savepoint of its own, so work may be run twice. None of them is answered before
the commit that they share.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from microblog.store.engine import BUSY_MS
from microblog.store.errors import Busy
from microblog.store.logs import MOVED
from microblog.store.quick import line_of
from microblog.store.sessions import SIGN_INS

MAX_TOGETHER = 64
WAIT_SECONDS = 30
TRUNCATE_MS = 200
RETRY_SECONDS = 5

T = TypeVar("T")

_TRUNCATE = "empty the journal"


@dataclass(slots=True)
class Work:
    """How much a writer has done: commits, the pieces of work in them, those that failed.

    And how often it tried to commit at all; and anything that begins or ends sessions.
    """

    commits: int = 0
    jobs: int = 0
    failures: int = 0
    tries: int = 0
    sign_ins: int = 0


class _Job:
    """A piece of work, what it came to, and the gate at which its thread waits."""

    __slots__ = ("_gate", "error", "is_done", "leads", "signs_in", "truncate", "value", "work")

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self.work = work
        self.value: Any = None
        self.error: Exception | None = None
        self.truncate = self.signs_in = self.is_done = self.leads = False
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self, seconds: float | None) -> bool:
        """Wait to be woken; return whether that came in time."""
        return self._gate.acquire(timeout=-1 if seconds is None else seconds)

    def wake(self) -> None:
        self._gate.release()

    def come_to(self, value: Any = None, error: Exception | None = None) -> None:
        self.value, self.error = value, error


class Writer:
    """Takes work from any thread; only one of them at a time uses the connection that writes."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, which is the writer's alone from here on."""
        self._engine = engine
        #: Only the thread that commits changes it.
        self.done = Work()
        self._mutex = threading.Lock()
        self._waiting: deque[_Job] = deque()
        self._is_led = self._is_closed = False
        self._retrying: threading.Thread | None = None
        # Whoever was stopped between a commit and this left in the journal what was erased.
        self._truncation_due = not _truncate(engine)
        connection = engine.connect()
        # What is begun and committed is said to the driver: to SQLAlchemy it is always begun.
        connection.begin()
        self._session = Session(connection, join_transaction_mode="rollback_only", autoflush=False)
        self._driver: sqlite3.Connection = line_of(self._session).driver
        if self._truncation_due:
            self._retry_later()

    def write(self, work: Callable[[Session], T], wait_seconds: float | None = WAIT_SECONDS) -> T:
        """Run `work` in a transaction and return what it returns, once it is committed.

        Raises:
            Busy: the database could not be had; nothing was written.
            Exception: whatever `work` raised; nothing of it was written.
        """
        job = _Job(work)
        with self._mutex:
            if self._is_closed:
                raise Busy("the server is being stopped")
            self._waiting.append(job)
            job.leads, self._is_led = not self._is_led, True
        if not job.leads and not job.wait(wait_seconds):
            self._give_up(job)
        if not job.is_done:
            self._lead(job)
        if job.error is not None:
            raise job.error
        value: T = job.value
        return value

    def count_waiting(self) -> int:
        """Return how many pieces of work wait to be taken."""
        return len(self._waiting)

    def close(self) -> None:
        """Finish what is waiting and stop."""
        with suppress(Busy):
            self.write(lambda _: None, wait_seconds=None)
        with self._mutex:
            self._is_closed = True
        self._session.close()
        self._engine.dispose()

    def _give_up(self, job: _Job) -> None:
        """Withdraw a job that waited too long, unless its turn has come just now."""
        with self._mutex:
            if job.leads or job.is_done:
                return
            # What is being committed already may be written: who sends it again is told so.
            with suppress(ValueError):
                self._waiting.remove(job)
        raise Busy("the database did not answer in time")

    def _lead(self, own: _Job) -> None:
        """Commit all that waits, hand on to the first of those who came since, and answer."""
        with self._mutex:
            count = min(len(self._waiting), MAX_TOGETHER)
            jobs = [self._waiting.popleft() for _ in range(count)]
        try:
            self._commit_together(jobs)
        finally:
            self._hand_on(own, jobs)

    def _hand_on(self, own: _Job, jobs: list[_Job]) -> None:
        with self._mutex:
            following = self._waiting[0] if self._waiting else None
            if following is None:
                self._is_led = False
            else:
                following.leads = True
            for job in jobs:
                job.is_done = True
        if following is not None:
            following.wake()
        for job in jobs:
            if job is not own:
                job.wake()

    def _commit_together(self, jobs: list[_Job]) -> None:
        try:
            try:
                self._run_all(jobs)
            finally:
                # What is remembered of before (`seen`) holds no longer, before anyone is answered;
                # nor if it is not known what became of it.
                self.done.sign_ins += sum(job.signs_in for job in jobs)
                self.done.tries += 1
        # Whatever it is, nothing was written, and all must hear of it.
        except BaseException as error:
            self.done.failures += len(jobs)
            failure = _failure(error)
            for job in jobs:
                job.come_to(error=failure)
            if isinstance(error, Exception):
                return
            raise
        self.done.commits += 1
        self.done.jobs += len(jobs)
        self._truncation_due |= any(job.truncate for job in jobs)
        if self._truncation_due:
            self._truncation_due = not _truncate(self._engine)
            if self._truncation_due:
                self._retry_later()

    def _run_all(self, jobs: list[_Job]) -> None:
        driver = self._driver
        driver.execute("BEGIN IMMEDIATE")
        try:
            if not self._run_each(jobs):
                driver.execute("ROLLBACK")
                driver.execute("BEGIN IMMEDIATE")
                for job in jobs:
                    self._run_apart(job)
            driver.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself, as it does when the disk is full.
            with suppress(sqlite3.Error):
                driver.execute("ROLLBACK")
            raise
        finally:
            # Most use the driver alone: then there is nothing to be put away.
            if self._session.in_transaction():
                self._session.close()

    def _run_each(self, jobs: list[_Job]) -> bool:
        """Run one after the other; return False as soon as one is refused that had written.

        Whoever is refused has hardly ever written before, so there is nothing to undo, and a
        savepoint for each costs as much as what it is to undo.
        """
        for job in jobs:
            before = self._driver.total_changes
            try:
                self._run(job)
            except Exception as error:
                if isinstance(error, OperationalError):
                    # A full disk, a lost file: the whole transaction is in doubt.
                    raise
                if self._driver.total_changes != before:
                    return False
                job.come_to(error=error)
        return True

    def _run_apart(self, job: _Job) -> None:
        """Run one so that what it wrote can be undone by itself."""
        self._driver.execute("SAVEPOINT job")
        try:
            self._run(job)
        except Exception as error:
            if isinstance(error, OperationalError):
                raise
            self._driver.execute("ROLLBACK TO job")
            job.come_to(error=error)
        self._driver.execute("RELEASE job")

    def _run(self, job: _Job) -> None:
        info = self._session.info
        # The session stays: of what one piece of work notes nothing is left to the next.
        for name in (_TRUNCATE, SIGN_INS, MOVED):
            info.pop(name, None)
        try:
            job.come_to(job.work(self._session))
        finally:
            job.truncate, job.signs_in = _TRUNCATE in info, SIGN_INS in info

    def _retry_later(self) -> None:
        """Have the journal emptied by whoever writes next, or else in a while."""
        if self._retrying is None or not self._retrying.is_alive():
            self._retrying = threading.Thread(target=self._retry, name="journal", daemon=True)
            self._retrying.start()

    def _retry(self) -> None:
        while self._truncation_due and not self._is_closed:
            time.sleep(RETRY_SECONDS)
            with suppress(Exception):
                self.write(lambda _: None)


def ask_for_truncation(session: Session) -> None:
    """Have the journal emptied after this session's work is committed: it holds what was erased."""
    session.info[_TRUNCATE] = True


def _truncate(engine: Engine) -> bool:
    """Empty the journal; return whether it was done. When readers are in the way: later."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {TRUNCATE_MS}")
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MS}")
    except SQLAlchemyError:
        return False
    return bool(row[0] == 0)


def _failure(error: BaseException) -> Exception:
    ours = not isinstance(error, SQLAlchemyError | sqlite3.Error)
    if ours and isinstance(error, Exception):
        return error
    if "full" in str(error):
        return Busy("the disk of the server is full")
    return Busy("the database cannot be written")
