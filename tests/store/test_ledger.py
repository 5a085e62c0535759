"""The ledger of round-ups: one process holds it, nothing half done stays, and others may read."""

from __future__ import annotations

import sqlite3
import stat

import pytest

from microblog.store.db import Site
from microblog.store.engine import DATABASE
from microblog.store.errors import DatabaseUnusable, FolderUnusable, WrongVersion
from microblog.store.ledger import LEDGER, hold_ledger, read_ledger
from microblog.store.mailings import put_looked, read_looked

FILE = pytest.mark.only("sqlite", "it is a file of its own there")


def look(site, time):
    with hold_ledger(site) as book:
        book.write(lambda it: put_looked(it, time))


def test_what_is_written_is_there_for_who_reads(site):
    assert read_ledger(site, read_looked) is None
    look(site, 7)
    assert read_ledger(site, read_looked) == 7
    look(site, 8)
    assert read_ledger(site, read_looked) == 8


def test_another_gets_it_when_the_first_has_done(site):
    with hold_ledger(site) as first:
        assert first is not None
        with hold_ledger(site) as second:
            assert second is None
    with hold_ledger(site) as third:
        assert third is not None


def test_what_fails_half_way_leaves_nothing(site):
    def fail(session):
        put_looked(session, 9)
        session.flush()
        raise RuntimeError("half way")

    look(site, 7)
    with hold_ledger(site) as book:
        with pytest.raises(RuntimeError, match="half way"):
            book.write(fail)
        assert book.write(read_looked) == 7


@FILE
def test_each_commit_is_on_the_disk(tmp_path):
    with hold_ledger(Site(tmp_path)) as book:
        found = book.write(
            lambda it: [it.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()
                        for name in ("journal_mode", "synchronous")])  # fmt: skip
    # 3: EXTRA, so that the journal's removal outlives a power cut too.
    assert found == ["delete", 3]


@FILE
def test_it_is_beside_the_database_and_not_in_it(data_folder):
    before = (data_folder / DATABASE).read_bytes()
    look(Site(data_folder), 7)
    assert (data_folder / DATABASE).read_bytes() == before


def test_who_reads_while_it_is_written_sees_what_was_there(site):
    look(site, 7)

    def write(session):
        put_looked(session, 8)
        session.flush()
        return read_ledger(site, read_looked)

    with hold_ledger(site) as book:
        assert book.write(write) == 7
    assert read_ledger(site, read_looked) == 8


def test_who_reads_cannot_write(site):
    look(site, 7)
    with pytest.raises((FolderUnusable, DatabaseUnusable), match="cannot be"):
        read_ledger(site, lambda it: put_looked(it, 9))


@FILE
def test_one_of_a_newer_version_is_refused(tmp_path):
    look(Site(tmp_path), 7)
    database = sqlite3.connect(tmp_path / LEDGER)
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(WrongVersion, match="made by a newer version"), hold_ledger(Site(tmp_path)):
        pytest.fail("it was opened")
    assert read_ledger(Site(tmp_path), read_looked) is None


@FILE
def test_a_damaged_one_is_refused_in_a_line(tmp_path):
    (tmp_path / LEDGER).write_bytes(b"no database" * 1000)
    with pytest.raises(WrongVersion, match="it is damaged") as caught, hold_ledger(Site(tmp_path)):
        pytest.fail("it was opened")
    assert "begin again from now on" in caught.value.hint


@FILE
def test_a_folder_that_is_missing_is_said(tmp_path):
    with (
        pytest.raises(FolderUnusable, match="cannot be written"),
        hold_ledger(Site(tmp_path / "no")),
    ):
        pytest.fail("it was opened")


@FILE
def test_a_process_that_died_while_writing_leaves_nothing_half_done(tmp_path):
    """Its journal is still there: whoever opens the ledger next undoes what it began."""
    look(Site(tmp_path), 7)
    writer = sqlite3.connect(tmp_path / LEDGER, isolation_level=None)
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE look SET time = 8")
    for number in range(3000):
        writer.execute("INSERT INTO told VALUES (?, 1)", (number.to_bytes(16, "big"),))
    names = (LEDGER, f"{LEDGER}-journal")
    left = {name: (tmp_path / name).read_bytes() for name in names}
    writer.execute("ROLLBACK")
    writer.close()
    for name, data in left.items():
        (tmp_path / name).write_bytes(data)
    assert read_ledger(Site(tmp_path), read_looked) == 7


@FILE
def test_it_is_for_this_users_eyes_only(tmp_path):
    look(Site(tmp_path), 7)
    assert stat.S_IMODE((tmp_path / LEDGER).stat().st_mode) == 0o600
