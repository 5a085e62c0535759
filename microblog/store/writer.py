"""The one writer: a thread that commits all that is waiting together, and then answers.

Group commit. Each piece of work has a savepoint of its own, so that one refusal undoes nothing of
the others; none of them is answered before the commit that they share.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from microblog.store.engine import BUSY_MS
from microblog.store.errors import Busy

MAX_TOGETHER = 64
WAIT_SECONDS = 30
TRUNCATE_MS = 200
RETRY_SECONDS = 5

T = TypeVar("T")

_TRUNCATE = "empty the journal"


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Session], Any]
    answer: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Outcome:
    job: _Job
    value: Any = None
    error: Exception | None = None
    truncate: bool = False


class Writer:
    """Takes work from any thread and commits it from its own."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread; the engine is the writer's alone from here on."""
        self._engine = engine
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        # Whoever was stopped between a commit and this left in the journal what was erased.
        self._truncation_due = not _truncate(engine)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Session], T], wait_seconds: float | None = WAIT_SECONDS) -> T:
        """Run `work` in a transaction and return what it returns, once it is committed.

        Raises:
            Busy: the database could not be had; nothing was written.
            Exception: whatever `work` raised; nothing of it was written.
        """
        answer: Future[T] = Future()
        self._waiting.put(_Job(work, answer))
        try:
            return answer.result(wait_seconds)
        except TimeoutError:
            answer.cancel()
            raise Busy("the database did not answer in time") from None

    def close(self) -> None:
        """Finish what is waiting and stop."""
        self._waiting.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while True:
            jobs, last = self._take()
            jobs = [job for job in jobs if job.answer.set_running_or_notify_cancel()]
            if jobs:
                self._commit_together(jobs)
            if last:
                return

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for a job and return it with all that have come since; and whether to stop after."""
        jobs: list[_Job] = []
        job = self._wait()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MAX_TOGETHER:
                return jobs, False
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return jobs, False
        return jobs, True

    def _wait(self) -> _Job | None:
        """Wait for a job; meanwhile what is due is tried again, so that it waits for nobody."""
        while self._truncation_due:
            try:
                return self._waiting.get(timeout=RETRY_SECONDS)
            except Empty:
                self._truncation_due = not _truncate(self._engine)
        return self._waiting.get()

    def _commit_together(self, jobs: list[_Job]) -> None:
        try:
            with self._engine.connect() as connection:
                outcomes = _run_all(connection, jobs)
        # Whatever it is, nothing was written, and all must hear of it.
        except Exception as error:  # noqa: BLE001
            failure = _busy(error) if isinstance(error, SQLAlchemyError) else error
            for job in jobs:
                job.answer.set_exception(failure)
            return
        self._truncation_due |= any(outcome.truncate for outcome in outcomes)
        if self._truncation_due:
            self._truncation_due = not _truncate(self._engine)
        for outcome in outcomes:
            if outcome.error is not None:
                outcome.job.answer.set_exception(outcome.error)
            else:
                outcome.job.answer.set_result(outcome.value)


def ask_for_truncation(session: Session) -> None:
    """Have the journal emptied after this session's work is committed: it holds what was erased."""
    session.info[_TRUNCATE] = True


def _run_all(connection: Connection, jobs: list[_Job]) -> list[_Outcome]:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        outcomes = [_run_one(connection, job) for job in jobs]
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise
    return outcomes


def _run_one(connection: Connection, job: _Job) -> _Outcome:
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        with Session(connection, join_transaction_mode="rollback_only") as session:
            value = job.work(session)
            session.flush()
            truncate = bool(session.info.get(_TRUNCATE))
    except Exception as error:
        if isinstance(error, OperationalError):
            # A full disk, a lost file: the whole transaction is in doubt.
            raise
        connection.exec_driver_sql("ROLLBACK TO job")
        connection.exec_driver_sql("RELEASE job")
        return _Outcome(job, error=error)
    connection.exec_driver_sql("RELEASE job")
    return _Outcome(job, value, truncate=truncate)


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


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except SQLAlchemyError:
        # SQLite has rolled back by itself, as it does when the disk is full.
        return


def _busy(error: SQLAlchemyError) -> Busy:
    if "full" in str(error):
        return Busy("the disk of the server is full")
    return Busy("the database cannot be written")
