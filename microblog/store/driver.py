"""PostgreSQL's connections as this program has them: none waits without end, none is out of date.

A server that is frozen, or cut off, closes nothing: whoever waits for it would wait for ever. So a
server process's statements have a limit, and what has not answered by then is given up.

All connections that a process has opened since nothing was wrong are of one era. When one breaks,
the others are to the same server, or to one that was replaced: none of them is used again, and the
next ones find out who answers now. A server that was frozen while another took its place would
otherwise show, when it is awake again, less than was seen.
"""

import itertools
import struct
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

import psycopg
from psycopg import Connection, generators, pq
from psycopg.abc import PQGen
from psycopg.adapt import Transformer

#: More than a lock is waited for, and less than a client waits.
STATEMENT_SECONDS = 12.0

#: A statement, with `%s` for each of its values; and they: bytes, whole numbers, texts, None.
Asked: TypeAlias = tuple[str, Sequence[Any]]

T = TypeVar("T")

_BYTEA, _INT8, _INFERRED = 17, 20, 0
_whole = struct.Struct("!q").pack


class _Sent(NamedTuple):
    """A statement as it is sent: prepared by `words` first, where the server does not know it."""

    name: bytes
    words: bytes | None
    values: list[bytes | None]
    types: tuple[int, ...]
    formats: list[int]


class Era:
    """Which connections may be used, and the newest history of PostgreSQL's that they have seen."""

    def __init__(self) -> None:
        self.number = 0
        self._timeline = 0
        self._lock = threading.Lock()

    def end(self, number: int) -> None:
        """Have no connection of an era used again."""
        with self._lock:
            if number == self.number:
                self.number += 1

    def see(self, timeline: int) -> bool:
        """Return whether a primary of this timeline is the newest; an older one was replaced."""
        with self._lock:
            if timeline > self._timeline > 0:
                self.number += 1
            self._timeline = max(timeline, self._timeline)
            return timeline == self._timeline


class Driven(Connection[Any]):
    """A connection that knows its era, how long it waits, and whether the server warned."""

    era: Era | None = None
    number = 0
    limit: float | None = None
    warned = False

    def __init__(self, *given: Any, **options: Any) -> None:
        """Begin with a server that knows no statement yet."""
        super().__init__(*given, **options)
        self._known: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._tries = itertools.count()
        self._reads = Transformer(self)

    def join(self, era: Era, number: int, limit: float | None = STATEMENT_SECONDS) -> None:
        """Take part in an era, as it was when connecting began; and wait only so long."""
        self.era, self.number, self.limit = era, number, limit
        self.add_notice_handler(self._note)

    @property
    def is_good(self) -> bool:
        """Whether it may be used."""
        return not self.closed and (self.era is None or self.number == self.era.number)

    def wait(self, gen: PQGen[T], *args: Any, **options: Any) -> T:
        """Wait for an answer, but not longer than the limit.

        Raises:
            OperationalError: there was none, and the connection is closed.
        """
        if "timeout" in options:
            # Whoever listens for news has a limit of their own, after which none has come.
            return super().wait(gen, *args, **options)
        if self.limit is not None:
            options["timeout"] = self.limit
        try:
            return super().wait(gen, *args, **options)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                # Nothing came from the server, or not in time.
                self.close()
            if self.closed:
                self.forsake()
            raise

    def ask(self, *asked: Asked) -> list[tuple[Any, ...]]:
        """Send statements all at once, and return the rows of the last; if one fails, none follows.

        psycopg's own way takes three times as long for each, and waits for each answer.

        Raises:
            Error: of the first that fails.
        """
        sent = [self._as_sent(words, values) for words, values in asked]
        last = self.wait(self._send_all(sent))
        for (words, _), it in zip(asked, sent, strict=True):
            if it.words is not None:
                self._known[words, it.types] = it.name
        if last.status != pq.ExecStatus.TUPLES_OK:
            return []
        self._reads.set_pgresult(last)
        return self._reads.load_rows(0, last.ntuples, tuple)

    def _as_sent(self, words: str, values: Sequence[Any]) -> _Sent:
        put = [_put(value) for value in values]
        types = tuple([it[1] for it in put])
        name, unknown = self._known.get((words, types)), None
        if name is None:
            # Each try has a name of its own: whether the server knows one that failed is not known.
            name, unknown = b"microblog%d" % next(self._tries), _numbered(words)
        formats = [int(it != _INFERRED) for it in types]
        return _Sent(name, unknown, [it[0] for it in put], types, formats)

    def _send_all(self, sent: Sequence[_Sent]) -> PQGen[Any]:
        line = self.pgconn
        if len(sent) == 1 and sent[0].words is None:
            return (yield from self._send_one(sent[0]))
        line.enter_pipeline_mode()
        try:
            results = yield from self._hear_all(self._send_each(sent))
            if not self.closed:
                line.exit_pipeline_mode()
        finally:
            if line.pipeline_status != pq.PipelineStatus.OFF:
                # What was not heard to its end would be taken for the next answer.
                self.close()
        _check(results, len(sent) + 1)
        return results[-2]

    def _send_one(self, it: _Sent) -> PQGen[Any]:
        """Send a statement by itself, which takes less than many at once that are one."""
        self.pgconn.send_query_prepared(it.name, it.values, it.formats, pq.Format.BINARY)
        results = yield from generators.execute(self.pgconn)
        _check(results, 1)
        return results[0]

    def _send_each(self, sent: Sequence[_Sent]) -> int:
        """Send them, and return how many answers there will be."""
        count = len(sent) + 1
        for it in sent:
            if it.words is not None:
                self.pgconn.send_prepare(it.name, it.words, it.types)
                count += 1
            self.pgconn.send_query_prepared(it.name, it.values, it.formats, pq.Format.BINARY)
        self.pgconn.pipeline_sync()
        return count

    def _hear_all(self, count: int) -> PQGen[list[Any]]:
        yield from generators.send(self.pgconn)
        results: list[Any] = []
        for _ in range(count):
            if self.closed:
                break
            results += yield from generators.fetch_many(self.pgconn)
        return results

    def in_time(self, seconds: float, work: Callable[[], T]) -> T:
        """Do something under another limit, whose end is no sign that the server is gone."""
        era, limit = self.era, self.limit
        self.era, self.limit = None, seconds
        try:
            return work()
        finally:
            self.era, self.limit = era, limit

    def forsake(self) -> None:
        """Have no connection of this era used again."""
        if self.era is not None:
            self.era.end(self.number)

    def _note(self, notice: Any) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self.warned = True


def _put(value: bytes | int | str | None) -> tuple[bytes | None, int]:
    """Return a value as it is sent, and as what: a text is whatever the statement takes it for."""
    if isinstance(value, bytes):
        return value, _BYTEA
    if isinstance(value, int):
        return _whole(value), _INT8
    if value is None:
        return None, _INFERRED
    if "\0" in value:
        # It would end there.
        raise psycopg.DataError("a text cannot have a zero in it")
    return value.encode(), _INFERRED


def _check(results: Sequence[Any], count: int) -> None:
    """Raise what the server says went wrong first, or that there are not so many answers."""
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            error = psycopg.errors.error_from_result(result)
            # libpq's own error has no code: it is the connection's.
            raise error if error.sqlstate else psycopg.OperationalError(str(error))
    if len(results) < count:
        raise psycopg.OperationalError("the connection is lost")


@cache
def _numbered(words: str) -> bytes:
    """Return a statement with PostgreSQL's own places for values."""
    first, *others = words.split("%s")
    placed = "".join(f"${number}{rest}" for number, rest in enumerate(others, 1))
    return (first + placed).replace("%%", "%").encode()
