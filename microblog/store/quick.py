"""Statements of the hot path: put into words once for each sort of database, run by its driver.

SQLAlchemy takes five times as long to hand over a statement as SQLite takes to run it. What a
driver raises still comes as SQLAlchemy's error, without values.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from microblog.store.dialect import SHARED
from microblog.store.driver import Asked

#: Values, in the order in which a statement names their places.
Values = Sequence[Any]
Arrange = Callable[[Values], Values]

#: In a connection's `info`, on PostgreSQL: statements that are run with the next one, at once.
DUE = "due"
BEGIN: Asked = ("BEGIN", ())

_LINE = "line to the driver"


class Line(NamedTuple):
    """The way from a session to its driver; `info` is what is noted about its connection."""

    driver: Any
    dialect: str
    connection: Connection
    info: dict[Any, Any]

    @property
    def is_shared(self) -> bool:
        """Whether it is PostgreSQL's."""
        return self.dialect == SHARED


class Quick:
    """A statement whose values come in the order of `names`; rows come as the driver has them."""

    def __init__(self, statement: Select[Any] | Insert | Update, *names: str) -> None:
        """Take the statement; its words are found when a database first runs it."""
        self._statement, self._names = statement, names
        self._words: dict[str, tuple[str, Arrange | None]] = {}

    def all(self, session: Session, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows."""
        line = line_of(session)
        words, arrange = self._words.get(line.dialect) or self._find_words(line)
        return run(line, words, arrange(values) if arrange else values)

    def first(self, session: Session, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row, or None where there is none."""
        rows = self.all(session, *values)
        return rows[0] if rows else None

    def do(self, session: Session, rows: Sequence[Values]) -> int:
        """Run it once for each row of values, and return how many rows it changed."""
        line = line_of(session)
        words, arrange = self._words.get(line.dialect) or self._find_words(line)
        some = rows if arrange is None else [arrange(row) for row in rows]
        try:
            settle(line.driver, line.info)
            if len(some) == 1:
                return int(line.driver.execute(words, some[0]).rowcount)
            cursor = line.driver.cursor()
            cursor.executemany(words, some)
            return int(cursor.rowcount)
        except line.connection.dialect.loaded_dbapi.Error as error:
            raise _translated(line, words, error) from None

    def _find_words(self, line: Line) -> tuple[str, Arrange | None]:
        dialect: Any = type(line.connection.dialect)
        compiled = self._statement.compile(
            dialect=dialect(paramstyle="format" if line.is_shared else "qmark")
        )
        places: list[str] = compiled.positiontup or []
        arrange = None if places == list(self._names) else self._arranging(places, compiled.params)
        self._words[line.dialect] = found = (str(compiled), arrange)
        return found

    def _arranging(self, places: Sequence[str], constants: dict[str, Any]) -> Arrange:
        """Return what puts values to their places, and constants of the statement to theirs."""
        found = [
            (self._names.index(it), None) if it in self._names else (-1, constants[it])
            for it in places
        ]
        return lambda values: [it if at < 0 else values[at] for at, it in found]


def line_of(session: Session) -> Line:
    """Return the way to a session's driver: its own connection's, as long as that lives."""
    line: Line | None = session.info.get(_LINE)
    if line is None:
        connection = session.connection()
        name = connection.dialect.name
        line = Line(driver_of(connection), name, connection, connection.info)
        # One that takes a connection of its engine as it goes along may have another next time.
        if isinstance(session.bind, Connection):
            session.info[_LINE] = line
    return line


def driver_of(connection: Connection) -> Any:
    """Return the driver's connection; sqlite3 and psycopg both run a statement on it."""
    return connection.connection.dbapi_connection


def put_off(session: Session, words: str, values: Values) -> None:
    """Have a statement, whose answer nobody needs, run on PostgreSQL before the next one is.

    Both are sent at once; and what is put off last, together with the commit.
    """
    line_of(session).info.setdefault(DUE, []).append((words, values))


def settle(driver: Any, info: dict[Any, Any], *more: Asked) -> list[Any]:
    """Run what was put off, and more, at once; return the rows of the last.

    Where the connection was broken before a transaction was begun, that stays due.
    """
    due = info.pop(DUE, [])
    if not due and not more:
        return []
    try:
        rows: list[Any] = driver.ask(*due, *more)
    except BaseException:
        if due[:1] == [BEGIN] and driver.closed:
            info[DUE] = due
        raise
    return rows


def run(line: Line, words: str, values: Values) -> list[Any]:
    """Run a statement in a database's own words and return all rows."""
    try:
        if line.is_shared:
            return settle(line.driver, line.info, (words, values))
        rows: list[Any] = line.driver.execute(words, values).fetchall()
    except line.connection.dialect.loaded_dbapi.Error as error:
        raise _translated(line, words, error) from None
    return rows


def _translated(line: Line, words: str, error: Any) -> BaseException:
    connection = line.connection
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, line.driver, None)
    if lost:
        connection.invalidate()
    told: BaseException = DBAPIError.instance(
        words, None, error, dialect.loaded_dbapi.Error, hide_parameters=True,
        connection_invalidated=lost, dialect=dialect,
    )  # fmt: skip
    return told
