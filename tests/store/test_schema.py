"""Migrations: they make the tables that the code has, and refuse a database that is not theirs."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from microblog.store import engine as sqlite
from microblog.store import postgres, schema
from microblog.store.db import Site, migrate
from microblog.store.engine import DATABASE
from microblog.store.errors import FolderUnusable, InUse, WrongVersion
from microblog.store.lock import Lock, check_folder, make_folder
from microblog.store.tables import Base
from tests.databases import run_sql, table_names

FILE = pytest.mark.only("sqlite", "it is about its file, or the lock beside it")


def open_for_writing(site):
    return (
        postgres.open_for_writing(site) if site.is_shared else sqlite.open_for_writing(site.folder)
    )


def test_the_migrations_make_the_tables_that_the_code_has(site):
    engine = open_for_writing(site)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


@pytest.mark.only("sqlite", "PostgreSQL's tables all have the order in which rows came")
def test_the_tables_that_are_to_be_clustered_are(site):
    made = dict(run_sql(site, "SELECT name, sql FROM sqlite_master"))
    clustered = {name for name, text in made.items() if text and "WITHOUT ROWID" in text}
    wanted = {table.name for table in Base.metadata.tables.values()
              if table.dialect_options["sqlite"].get("with_rowid") is False}  # fmt: skip
    assert clustered == wanted


def test_migrating_again_does_nothing(bare_site):
    assert migrate(bare_site) == ["0001", "0002", "0003", "0004", "0005", "0006", "0007"]
    assert migrate(bare_site) == []


def test_a_migration_stopped_half_way_leaves_nothing(bare_site, monkeypatch):
    monkeypatch.setattr(schema.command, "upgrade", half_way)
    with pytest.raises(RuntimeError, match="half way"):
        migrate(bare_site)
    assert table_names(bare_site) == []


def half_way(config, _target):
    config.attributes["connection"].exec_driver_sql("CREATE TABLE entry (log INTEGER)")
    raise RuntimeError("half way")


def test_a_database_of_a_newer_version_is_refused(site):
    run_sql(site, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WrongVersion, match="made by a newer version"):
        migrate(site)


def test_a_database_of_something_else_is_refused(bare_site):
    run_sql(bare_site, "CREATE TABLE invoice (number INTEGER)")
    with pytest.raises(WrongVersion, match="not one of this program"):
        migrate(bare_site)


def test_a_database_that_was_not_migrated_is_refused(bare_site):
    engine = open_for_writing(bare_site)
    with pytest.raises(WrongVersion, match="older than this program"):
        schema.check_version(engine)
    engine.dispose()


@FILE
@pytest.mark.parametrize("content", [b"not a database" * 1000, bytes(8192)])
def test_a_file_that_is_no_database_is_refused(tmp_path, content):
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(WrongVersion, match="damaged or no database of this program"):
        migrate(Site(tmp_path))


# The folder and its lock.


def test_one_process_at_a_time_has_a_folder(tmp_path):
    lock = Lock(tmp_path)
    with pytest.raises(InUse, match="another server is running on the data in"):
        Lock(tmp_path)
    lock.release()
    Lock(tmp_path).release()


def test_migrating_waits_for_no_server(tmp_path):
    lock = Lock(tmp_path)
    with pytest.raises(InUse, match="another server"):
        migrate(Site(tmp_path))
    lock.release()


def test_a_folder_that_is_missing_is_refused(tmp_path):
    with pytest.raises(FolderUnusable, match="is missing"):
        check_folder(tmp_path / "nothing")
    with pytest.raises(FolderUnusable, match="is missing"):
        migrate(Site(tmp_path / "nothing"))


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderUnusable, match="cannot be made: file exists"):
        make_folder(tmp_path / "file")
    with pytest.raises(FolderUnusable, match="cannot be made: not a directory"):
        make_folder(tmp_path / "file" / "below")


def test_a_folder_is_made_for_one_user_only(tmp_path):
    make_folder(tmp_path / "a" / "data")
    assert (tmp_path / "a" / "data").stat().st_mode & 0o777 == 0o700
