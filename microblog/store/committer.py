"""Writing to PostgreSQL: each piece of work in a transaction of its own, in the thread that asks.

What it goes by it holds itself (`locks`). Whatever goes wrong with the server, the way to it, or
the work of others at once is said as Busy, and nothing is half done. Only where the connection
breaks in the middle of a commit is it unknown whether that was done: then too it is Busy, because
whoever sends the same once more is told that it is there.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from microblog.store.announcing import announcement
from microblog.store.driver import Asked, Driven
from microblog.store.errors import Busy, NotDurable, StoreError
from microblog.store.locks import release
from microblog.store.logs import MOVED
from microblog.store.postgres import POOL, await_standby, trouble
from microblog.store.quick import BEGIN, DUE, driver_of, line_of, put_off, run, settle

T = TypeVar("T")

#: Desks that are kept ready.
READY = POOL // 2
#: So long a post waits for the standby, and then is told to try again; it may be stored by then.
COMMIT_SECONDS = 5.0
ASK_SECONDS = 1.0
NO_STANDBY = "no standby takes what is written"
_COMMIT: Asked = ("COMMIT", ())
_ROLLBACK: Asked = ("ROLLBACK", ())
_STANDBYS = "SELECT current_setting('synchronous_standby_names')"

said = logging.getLogger("microblog")


class _NeverBegun(Exception):
    """The connection was to a server that has ended since; nothing was done on it."""


class _Desk(NamedTuple):
    """A connection, and the session on it: to make them takes as long as a statement does."""

    connection: Connection
    session: Session
    driver: Driven

    @property
    def is_good(self) -> bool:
        return self.driver.is_good and not (self.connection.closed or self.connection.invalidated)

    def end(self) -> None:
        """Give the connection back to its pool, which makes another where it is broken."""
        self.session.close()
        self.connection.close()


class Committer:
    """Runs work of any thread on a connection that is that thread's alone meanwhile."""

    def __init__(self, engine: Engine, *, standby: bool = False, live: bool = False) -> None:
        """Use an engine of its own; one connection shows from here on that the server is there.

        `live`: each transaction says to which seqs it has brought logs.

        Raises:
            StoreError: the database cannot be used.
        """
        self._engine = engine
        self._standby = standby
        self._live = live
        # Since a commit waited for a standby in vain: until one has taken something again nobody
        # else begins to wait, or soon all threads would.
        self._waited_in_vain = False
        self._asking = threading.Lock()
        # Kept ready; the rest of the pool is there for whatever else is asked.
        self._free: deque[_Desk] = deque()
        event.listen(engine, "before_cursor_execute", _begin)
        engine.connect().close()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction and return what it returns, once it is committed.

        It may be begun a second time, before anything was done.

        Raises:
            Busy: it could not be done now; nothing was written, or (as it then says) perhaps all.
            Exception: whatever `work` raised; nothing of it was written.
        """
        try:
            if self._waited_in_vain:
                self._ask_for_standby()
            with suppress(_NeverBegun):
                return self._run_at_desk(work)
            return self._run_at_desk(work)
        except _NeverBegun:
            raise Busy("the database cannot be reached") from None
        except NoConnection:
            raise Busy("too much is being written at once") from None
        except Busy:
            raise
        except StoreError as error:
            said.error("nothing can be written: %s", error)
            raise Busy("the database cannot be written") from None
        except psycopg.Error as error:
            raise trouble(error) or error from None
        except SQLAlchemyError as error:
            raise told(error) or error from None

    def close(self) -> None:
        """Close what is open."""
        self._end_free()
        self._engine.dispose()

    def _run_at_desk(self, work: Callable[[Session], T]) -> T:
        desk = self._take()
        try:
            return self._run(desk, work)
        finally:
            self._put_back(desk)

    def _take(self) -> _Desk:
        with suppress(IndexError):
            while True:
                desk = self._free.pop()
                if desk.is_good:
                    return desk
                desk.end()
        connection = self._engine.connect()
        # What is begun and committed is said to the driver: to SQLAlchemy it is always begun.
        connection.begin()
        session = Session(connection, join_transaction_mode="rollback_only", autoflush=False)
        return _Desk(connection, session, driver_of(connection))

    def _put_back(self, desk: _Desk) -> None:
        if desk.is_good and len(self._free) < READY:
            self._free.append(desk)
            return
        if not desk.is_good:
            # What broke one connection broke all: the next ones ask the server how it is set.
            self._end_free()
        desk.end()

    def _end_free(self) -> None:
        with suppress(IndexError):
            while True:
                self._free.pop().end()

    def _run(self, desk: _Desk, work: Callable[[Session], T]) -> T:
        session, info = desk.session, desk.connection.info
        # It is begun with the first statement, whichever that is.
        info[DUE] = [BEGIN]
        try:
            if self._standby and not run(line_of(session), _STANDBYS, ())[0][0]:
                raise Busy(NO_STANDBY)
            value = work(session)
            moved = session.info.get(MOVED)
            if self._live and moved:
                put_off(session, *announcement(moved))
            if self._standby:
                # Only the commit itself waits for one.
                settle(desk.driver, info)
        except BaseException as error:
            if info.pop(DUE, [])[:1] != [BEGIN]:
                _roll_back(desk)
            elif desk.driver.closed:
                raise _NeverBegun from error
            raise
        finally:
            release(session)
            session.info.pop(MOVED, None)
            # Most use the driver alone: then there is nothing to be put away.
            if session.in_transaction():
                session.close()
        if info.get(DUE) != [BEGIN]:
            self._commit(desk)
        return value

    def _commit(self, desk: _Desk) -> None:
        driver, due = desk.driver, desk.connection.info.pop(DUE, [])
        driver.warned = False
        try:
            if self._standby:
                driver.in_time(COMMIT_SECONDS, lambda: driver.ask(*due, _COMMIT))
            else:
                driver.ask(*due, _COMMIT)
        except psycopg.Error as error:
            if _is_refused(error):
                _roll_back(desk)
                raise
            desk.connection.invalidate()
            self._waited_in_vain = self._standby
            raise Busy("the database went away before it said whether this is written") from None
        if driver.warned:
            # Somebody ended its wait for the standby, and it counts here as written.
            self._waited_in_vain = self._standby
            driver.forsake()
            raise Busy(NO_STANDBY)

    def _ask_for_standby(self) -> None:
        """Raise Busy unless a standby takes what is written; one thread asks for all."""
        if not self._asking.acquire(blocking=False):
            raise Busy(NO_STANDBY)
        try:
            with self._engine.connect() as connection:
                await_standby(driver_of(connection), ASK_SECONDS)
            self._waited_in_vain = False
        except NotDurable:
            raise Busy(NO_STANDBY) from None
        finally:
            self._asking.release()


def _begin(connection: Connection, *_: object) -> None:
    """Begin, and do what was put off, before a statement of SQLAlchemy's."""
    settle(driver_of(connection), connection.info)


def told(error: SQLAlchemyError) -> Busy | None:
    """Return what an error is told as, if the database or the way to it is to blame."""
    if isinstance(error, NoConnection):
        return Busy("too much is being asked at once")
    return trouble(error.orig) if isinstance(error, DBAPIError) else None


def _is_refused(error: psycopg.Error) -> bool:
    """Return whether the server itself says that it did not commit."""
    code = error.sqlstate or ""
    # What an operator's stop interrupts may have been committed here, and not on the standby.
    return bool(code) and not code.startswith(("08", "57", "58", "40003"))


def _roll_back(desk: _Desk) -> None:
    try:
        desk.driver.ask(_ROLLBACK)
    except psycopg.Error:
        # The connection is broken: its transaction is rolled back by the server.
        desk.connection.invalidate()
