"""What the operator's commands and the servers tell each other beside what people write.

On SQLite only the server writes the database, so a mark is a file beside it. On PostgreSQL there
may be servers on many machines, and all must see it: it is a row there.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import SQLAlchemyError

from microblog.store import postgres
from microblog.store.committer import told
from microblog.store.site import Site
from microblog.store.tables import marks

#: Of a database that rows are being moved to: whose they are.
MOVING = "moving"

T = TypeVar("T")


class Marks(Protocol):
    """Small pieces of data, by name."""

    def read(self, name: str) -> bytes | None:
        """Return a mark, or None where it is not set.

        Raises:
            OSError: it cannot be read.
            StoreError: likewise.
        """

    def put(self, name: str, data: bytes) -> None:
        """Set a mark in place of the one before; once this returns it outlives a power cut.

        Raises:
            OSError: it cannot be written.
            StoreError: likewise.
        """

    def add(self, name: str, data: bytes) -> None:
        """Add to the end of a mark, which is made if need be; once this returns it stays."""

    def remove(self, name: str) -> None:
        """Remove a mark, if it is there."""


class FileMarks:
    """Marks as files beside SQLite's database."""

    def __init__(self, folder: Path, lasting: frozenset[str] = frozenset()) -> None:
        """Use a folder of data; the absence of `lasting` ones is remembered."""
        self._folder = folder
        self._lasting = lasting
        self._absent: set[str] = set()

    def forget(self) -> None:
        """Look anew for what was absent."""
        self._absent = set()

    def read(self, name: str) -> bytes | None:
        """Return a mark, or None where it is not set."""
        # Each post asks for one that is hardly ever there, and that begins while no server runs.
        if name in self._absent:
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            if name in self._lasting:
                self._absent.add(name)
            return None

    def put(self, name: str, data: bytes) -> None:
        """Set a mark in place of the one before."""
        self._absent.discard(name)
        fresh = self._folder / f"{name}.new"
        fresh.unlink(missing_ok=True)
        _write(fresh, data, os.O_EXCL)
        fresh.replace(self._folder / name)
        # The name too must outlive a power cut.
        place = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)

    def add(self, name: str, data: bytes) -> None:
        """Add to the end of a mark."""
        self._absent.discard(name)
        _write(self._folder / name, data, os.O_APPEND)

    def remove(self, name: str) -> None:
        """Remove a mark, if it is there."""
        (self._folder / name).unlink(missing_ok=True)


class RowMarks:
    """Marks as rows of PostgreSQL's database.

    A server asks before each post whether the data are being restored. That can begin only while no
    server is connected: so whoever was told once that there is no such mark need not ask again on
    any connection of then, and `forget` is called at each new one.
    """

    def __init__(
        self,
        connect: Callable[[], AbstractContextManager[Connection]],
        lasting: frozenset[str] = frozenset(),
    ) -> None:
        """Use an engine's `connect`; the absence of `lasting` ones is remembered."""
        self._connect = connect
        self._lasting = lasting
        self._absent: dict[str, bool] = {}

    def forget(self) -> None:
        """Ask anew for what was absent."""
        self._absent = {}

    def read(self, name: str) -> bytes | None:
        """Return a mark, or None where it is not set."""
        absent = self._absent
        if name in absent:
            return None
        query = select(marks.c.data).where(marks.c.name == name)
        data: bytes | None = self._run(lambda it: it.execute(query).scalar())
        # Into the collection of before: what was forgotten meanwhile stays forgotten.
        if data is None and name in self._lasting:
            absent[name] = True
        return data

    def put(self, name: str, data: bytes) -> None:
        """Set a mark in place of the one before."""
        statement = insert(marks).values(name=name, data=data)
        self._set(statement, statement.excluded.data)

    def add(self, name: str, data: bytes) -> None:
        """Add to the end of a mark."""
        statement = insert(marks).values(name=name, data=data)
        self._set(statement, marks.c.data.concat(statement.excluded.data))

    def remove(self, name: str) -> None:
        """Remove a mark, if it is there."""
        self._run(lambda it: it.execute(delete(marks).where(marks.c.name == name)))

    def _set(self, statement: Insert, value: ColumnElement[Any]) -> None:
        changed = statement.on_conflict_do_update(index_elements=["name"], set_={"data": value})
        self._run(lambda it: it.execute(changed))

    def _run(self, work: Callable[[Connection], T]) -> T:
        # One statement is one transaction.
        try:
            with self._connect() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise told(error) or error from None


def open_marks(site: Site) -> Marks:
    """Return the marks of a site, for a command: nothing is remembered, nothing stays open."""
    if site.is_shared:
        return RowMarks(postgres.open_for_writing(site).connect)
    return FileMarks(site.folder)


def _write(path: Path, data: bytes, how: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(file, "wb") as writer:
        writer.write(data)
        writer.flush()
        os.fsync(writer.fileno())
