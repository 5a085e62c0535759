"""Sessions that only read, one for each request: a later one gets it once that is over.

To make one, with its connection, takes longer than most of what is read with it.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from microblog.store.driver import Driven
from microblog.store.quick import driver_of


@dataclass(frozen=True, slots=True)
class _Reader:
    engine: Engine
    connection: Connection
    session: Session
    driver: Any

    @property
    def is_good(self) -> bool:
        if self.connection.closed or self.connection.invalidated:
            return False
        return not isinstance(self.driver, Driven) or self.driver.is_good

    def end(self) -> None:
        self.session.close()
        # Not back to the engine's pool: that may be no longer.
        self.connection.invalidate()
        self.connection.close()


class Readers(threading.local):
    """The session that this thread's request reads with, of those that all threads share."""

    _free: ClassVar[dict[Engine, deque[_Reader]]] = {}
    _reader: _Reader | None = None

    def take(self, engine: Engine) -> Session:
        """Return this request's session on an engine."""
        reader = self._reader
        if reader is None or reader.engine is not engine or not reader.is_good:
            self.remove()
            reader = self._reader = self._find(engine)
        return reader.session

    def remove(self) -> None:
        """Let another request have this one's session."""
        reader, self._reader = self._reader, None
        if reader is None:
            return
        free = self._free.get(reader.engine)
        if free is None or not reader.is_good:
            reader.end()
        else:
            free.append(reader)

    def drop(self, engine: Engine) -> None:
        """End the sessions on an engine that was disposed of."""
        free = self._free.pop(engine, None)
        while free:
            free.pop().end()
        if self._reader is not None and self._reader.engine is engine:
            self._reader.end()
            self._reader = None

    def _find(self, engine: Engine) -> _Reader:
        free = self._free.setdefault(engine, deque())
        while free:
            try:
                reader = free.pop()
            except IndexError:
                break  # another thread was quicker
            if reader.is_good:
                return reader
            reader.end()
        connection = engine.connect()
        return _Reader(engine, connection, Session(connection), driver_of(connection))
