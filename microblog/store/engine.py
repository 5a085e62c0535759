"""How a database is opened: for reading by many threads, or for writing by one.

Engines are in autocommit: a transaction is said aloud where it is meant. Statements that fail are
reported without their values.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

BUSY_MS = 10_000
# Seven posts fill one: of 8192 bytes, three would, and leave a fifth of it empty.
PAGE_BYTES = 16384
# A commit is on the disk before it is acknowledged; NORMAL loses some in a power cut.
SYNCHRONOUS = "FULL"
# For each of at most as many readers as there are threads: what one person catches up with lies on
# more pages than fit into SQLite's own 2,000 KiB.
READER_CACHE_KIB = 8192
DATABASE = "microblog.sqlite3"


def database_url(folder: Path) -> str:
    """Return the address of the database in a folder of data."""
    return f"sqlite:///{folder / DATABASE}"


def engine_options() -> dict[str, Any]:
    """Return what every engine is made with."""
    return {"isolation_level": "AUTOCOMMIT", "hide_parameters": True}


def open_for_writing(folder: Path) -> Engine:
    """Return the engine of the one connection that writes; whoever calls this holds the lock."""
    engine = create_engine(
        database_url(folder),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        **engine_options(),
    )
    event.listen(engine, "connect", _prepare_writer)
    return engine


def open_for_reading(folder: Path) -> Engine:
    """Return an engine whose connections cannot write."""
    engine = create_engine(database_url(folder), **engine_options())
    event.listen(engine, "connect", prepare_reader)
    return engine


def prepare_reader(connection: sqlite3.Connection, _record: object) -> None:
    """Make a connection one that can only read, and that leaves checkpoints to the writer."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KIB}")


def _prepare_writer(connection: sqlite3.Connection, _record: object) -> None:
    # The size of pages counts only before the first table.
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    # What is erased is overwritten.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
