"""Copies of a database: made while a server writes, and put in the place of one that was.

A copy is one file of SQLite's, of whichever database it was made, so that it can be checked as any
other before it counts, and restored into either. To put one in the place of another is one
transaction of PostgreSQL's, but not one step for the file system: a mark is left before it begins
and taken away when it is done, and while it is there nothing else opens the folder (see `lock`).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, text

from microblog.store import postgres, schema
from microblog.store.copying import copy_all
from microblog.store.engine import BUSY_MS, DATABASE, open_for_reading, open_for_writing
from microblog.store.errors import FileUnusable, FolderUnusable
from microblog.store.lock import UNFINISHED, Lock, make_folder, reason
from microblog.store.marks import FileMarks, Marks, RowMarks
from microblog.store.site import Site

PART = ".part"
FRESH = "restore.new"
WITH_DATABASE = ("", "-wal", "-shm", "-journal")

_MADE_BY_US = "name a file that microblogd backup made"


@contextmanager
def new_backup(site: Site, file: Path) -> Iterator[Path]:
    """Copy the database of a site, as it is at one moment, and yield the folder of the copy.

    Unless the caller then finds fault with it, the copy gets the name of `file`, once it is whole
    and on the disk. What has that name already is left alone.

    Raises:
        FileUnusable: it cannot be written, or the name is taken.
    """
    if os.path.lexists(file):
        raise FileUnusable(f"{file} is there already", "choose another name")
    part = file.with_name(file.name + PART)
    try:
        with _explained(part):
            if site.is_shared:
                _copy_out(site, part)
            else:
                _make_copy(site.folder / DATABASE, part)
        yield part
        with _explained(file):
            _keep(part / DATABASE)
            # Unlike a rename this fails if the name was taken meanwhile.
            os.link(part / DATABASE, file)
            _keep(file.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def fresh_copy(folder: Path, file: Path) -> Iterator[Path]:
    """Copy a backup into a folder within that of the data; yield it, and remove it afterwards.

    Raises:
        FileUnusable: there is no such file, or it cannot be copied.
    """
    if not file.is_file():
        raise FileUnusable(f"there is no file {file}", _MADE_BY_US)
    fresh = folder / FRESH
    try:
        with _explained(file):
            _check_is_database(file)
            _make_copy(file, fresh)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def no_server_on(site: Site) -> Iterator[None]:
    """Make the folder if there is none, and hold its lock, finished or not.

    With PostgreSQL it is only looked whether a server is there; `replacing` sees to it.

    Raises:
        InUse: a server has it.
        FolderUnusable, DatabaseUnusable: it cannot be written.
    """
    make_folder(site.folder, unfinished=True)
    if site.is_shared:
        engine = postgres.open_alone(site)
        engine.connect().close()
        engine.dispose()
        yield
        return
    lock = Lock(site.folder, unfinished=True)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def replacing(site: Site, fresh: Path, aside: Path) -> Iterator[Marks]:
    """Move a site's database aside and a fresh one into its place, after the caller has set marks.

    Whatever stops it on the way, nothing was deleted; a folder stays marked as unfinished.

    Raises:
        FolderUnusable: something cannot be moved.
        InUse, DatabaseUnusable, WrongVersion: likewise, on PostgreSQL.
    """
    if site.is_shared:
        with _replacing_rows(site, fresh, aside) as marks:
            yield marks
        return
    folder = site.folder
    with _explained(folder):
        (folder / UNFINISHED).touch(mode=0o600)
        _keep(folder)
        yield FileMarks(folder)
        present = _files(folder)
        if present:
            aside.mkdir(mode=0o700)
        for it in present:
            it.rename(aside / it.name)
        for it in _files(fresh):
            _keep(it)
            it.rename(folder / it.name)
        _keep(folder)
        (folder / UNFINISHED).unlink()
        _keep(folder)


def find_aside(site: Site, aside: Path) -> str:
    """Return how the place is called in which what was there lies now; empty: nothing was."""
    if not site.is_shared:
        return str(aside) if aside.is_dir() else ""
    engine = postgres.open_for_reading(site)
    name = _schema_of(aside)
    with schema.connect(engine) as connection:
        there = connection.exec_driver_sql("SELECT to_regnamespace(%s)", (name,)).scalar()
    engine.dispose()
    return f"the schema {name}" if there else ""


@contextmanager
def _replacing_rows(site: Site, fresh: Path, aside: Path) -> Iterator[Marks]:
    """Do it in one transaction: until it is committed, all is as it was."""
    engines = postgres.open_alone(site), open_for_reading(fresh)
    target_engine, source_engine = engines
    try:
        with schema.connect(target_engine) as target, schema.connect(source_engine) as source:
            target.exec_driver_sql("BEGIN")
            _move_aside(target, _schema_of(aside))
            schema.make_anew(target)
            copy_all(source, target)
            yield RowMarks(lambda: nullcontext(target))
            target.exec_driver_sql("COMMIT")
    finally:
        for engine in engines:
            engine.dispose()


def _move_aside(target: Connection, name: str) -> None:
    tables = schema.find_tables(target)
    if tables:
        quoted = target.dialect.identifier_preparer.quote(name)
        target.execute(text(f"CREATE SCHEMA {quoted}"))
        for table in tables:
            target.execute(text(f'ALTER TABLE "{table}" SET SCHEMA {quoted}'))


def _schema_of(aside: Path) -> str:
    return aside.name.replace("-", "_")


def _copy_out(site: Site, folder: Path) -> None:
    """Copy PostgreSQL's rows, as they are at one moment, into a fresh file of SQLite's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.close(os.open(folder / DATABASE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engines = open_for_writing(folder), postgres.open_for_reading(site)
    target_engine, source_engine = engines
    try:
        schema.upgrade(target_engine)
        with schema.connect(target_engine) as target, schema.connect(source_engine) as source:
            source.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
            target.exec_driver_sql("BEGIN IMMEDIATE")
            copy_all(source, target)
            target.exec_driver_sql("COMMIT")
            source.exec_driver_sql("COMMIT")
            target.exec_driver_sql("PRAGMA journal_mode = DELETE")
    finally:
        for engine in engines:
            engine.dispose()


def _make_copy(source: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    target = folder / DATABASE
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _copy_pages(source, target)


def _copy_pages(source: Path, target: Path) -> None:
    """Copy a database in one read of it: writers go on meanwhile, and it is as at one moment."""
    reading = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        reading.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        writing = sqlite3.connect(target)
        try:
            reading.backup(writing)
            # A copy is one file, without a journal beside it.
            writing.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            writing.close()
    finally:
        reading.close()


def _check_is_database(file: Path) -> None:
    with file.open("rb") as opened:
        begins = opened.read(16)
    if begins != b"SQLite format 3\0":
        raise FileUnusable(f"{file} is no database", _MADE_BY_US)


def _files(folder: Path) -> list[Path]:
    return [it for it in (folder / f"{DATABASE}{end}" for end in WITH_DATABASE) if it.exists()]


def _keep(path: Path) -> None:
    """Have what is in a file, or the names in a folder, outlive a power cut."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system or SQLite says into one line."""
    try:
        yield
    except OSError as error:
        why = "is there room, and may this user write there?"
        raise FolderUnusable(f"{path} cannot be used: {reason(error)}", why) from None
    except sqlite3.Error as error:
        raise FileUnusable(
            f"{path} cannot be made or read: {error}", "is the file whole, and is there room?"
        ) from None
