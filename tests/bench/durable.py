"""Posts that are on the disk, inside the service layer: no network, no HTTP, several threads.

Beside them the least that there is: a page written and synced, and a row inserted and committed.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg

from microblog.protocol.encoding import encode
from microblog.service import wire
from microblog.service.directory import Directories
from microblog.service.logs import append, check_sender
from microblog.service.sessions import DEVICE, Who
from microblog.service.verified import verify_ahead
from microblog.store.db import open_database
from tests.bench.rounds import result_of
from tests.bench.world import TEXT
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from microblog.store.db import Database
    from tests.bench.hosts import Store
    from tests.bench.pen import Pen
    from tests.bench.rounds import Result
    from tests.bench.world import World

WAITING = 16
PROBE = 32
PAGE_BYTES, FILE_BYTES = 4096, 1024 * 1024
AGAINST = "rate against fdatasync alone"
STORED = "bytes on the disk for each of its own"


@dataclass
class Durable:
    """A database in this process, and who writes to it."""

    store: Store
    world: World
    pens: dict[str, Pen] = field(default_factory=dict)
    written: int = 0
    own_bytes: int = 0

    def measure(self, rounds: int, seconds: float) -> list[Result]:
        """Return how often a post is on the disk, as often as a bare sync is."""
        before = self.store.size()
        directories = Directories()
        ratios: dict[str, list[float]] = {"durable": [], "durable-alone": [], "bare-insert": []}
        with closing(open_database(self.store.site)) as database:
            send = _Sender(database, directories, self)
            for _ in range(rounds):
                synced = self.sync(seconds)
                ratios["durable"].append(send.rate(WAITING, seconds) / synced)
                ratios["durable-alone"].append(send.rate(1, seconds) / synced)
                ratios["bare-insert"].append(self.insert(seconds) / synced)
        name = self.store.name
        found = [result_of(f"{it}-{name}", some, AGAINST) for it, some in ratios.items()]
        each = (self.store.size() - before) / self.own_bytes
        return [*found, result_of(f"bytes-{name}", [each], STORED, f"{self.written:,} posts")]

    def sync(self, seconds: float) -> float:
        """Return how often in a second a page is written and synced."""
        path = self.store.site.folder / "synced"
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, os.urandom(FILE_BYTES), 0)
            os.fsync(file)
            page = os.urandom(PAGE_BYTES)

            def once(number: int) -> None:
                os.pwrite(file, page, number * PAGE_BYTES % FILE_BYTES)
                os.fdatasync(file)

            return _rate(once, seconds)
        finally:
            os.close(file)
            path.unlink()

    def insert(self, seconds: float) -> float:
        """Return how often in a second one row is inserted and committed, by the driver alone."""
        row = os.urandom(2600)
        if self.store.site.is_shared:
            with psycopg.connect(self.store.site.url, autocommit=True) as shared:
                shared.execute("CREATE TABLE IF NOT EXISTS bare (row bytea)")
                words = "INSERT INTO bare VALUES (%s)"
                rate = _rate(lambda _: shared.execute(words, (row,)), seconds)
                shared.execute("DROP TABLE bare")
                return rate
        path = self.store.site.folder / "bare.sqlite3"
        with closing(sqlite3.connect(path, isolation_level=None)) as lite:
            lite.execute("PRAGMA journal_mode = WAL")
            lite.execute("PRAGMA synchronous = FULL")
            lite.execute("CREATE TABLE bare (row BLOB)")
            rate = _rate(lambda _: lite.execute("INSERT INTO bare VALUES (?)", (row,)), seconds)
        path.unlink()
        return rate


def _rate(once: Callable[[int], object], seconds: float) -> float:
    number, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        once(number)
        number += 1
    return number / passed


@dataclass
class _Sender:
    database: Database
    directories: Directories
    durable: Durable
    counts: dict[int, int] = field(default_factory=dict)

    def rate(self, waiting: int, seconds: float) -> float:
        """Return how many posts a second are stored while so many wait at once."""
        if waiting not in self.counts:
            self.counts[waiting] = max(1, int(self._rate(waiting, PROBE) * seconds / waiting))
        return self._rate(waiting, self.counts[waiting])

    def _rate(self, waiting: int, each: int) -> float:
        works = [self._work(number, each) for number in range(waiting)]
        threads = [threading.Thread(target=work) for work in works]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return waiting * each / (time.perf_counter() - begun)

    def _work(self, number: int, each: int) -> Callable[[], None]:
        name = self.durable.world.senders[number]
        pen, author = self._pen(name), staff(name)
        who = Who(DEVICE, author.id, author.device)
        written = [pen.write(TEXT, self.durable.world.now).travelling for _ in range(each)]
        self.durable.written += each
        self.durable.own_bytes += sum(map(len, written))
        bodies = [encode([one]) for one in written]

        def work() -> None:
            for body in bodies:
                self._send(who, pen.log, body)

        return work

    def _send(self, who: Who, log: bytes, body: bytes) -> None:
        """Do with a request's body what the interface does."""
        entries, now = wire.decode_entries(body), self.durable.world.now
        check_sender(who, log, entries)
        verify_ahead(entries)
        self.database.write(lambda it: append(it, self.directories, who, log, entries, now))

    def _pen(self, name: str) -> Pen:
        if name not in self.durable.pens:
            world = self.durable.world
            (plan,) = (plan for plan in world.plans if plan.name == f"of {name}")
            child, known = world.begin(plan)
            assert known.head is not None
            self.durable.pens[name] = world.pen(child, known.head, staff(name))
        return self.durable.pens[name]
