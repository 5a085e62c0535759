"""PostgreSQL: what it must be before anything is written to it, and each refusal in one line."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError

from microblog.store import postgres as opening
from microblog.store.committer import Committer, told
from microblog.store.db import Site, migrate, open_database, read_in, write_in
from microblog.store.errors import Busy, DatabaseUnusable, InUse, NotDurable, StoreError
from microblog.store.locks import BY_DIRECTORY, hold, of_log, of_person
from microblog.store.tables import challenges
from tests.databases import name_of, run_sql, settings_on
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

pytestmark = pytest.mark.only("postgresql", "it is about PostgreSQL itself")


def opened(site: Site) -> None:
    open_database(site).close()


def add(name: str) -> Callable[[Session], None]:
    return lambda it: it.execute(insert(challenges), {"challenge": fresh(name), "expires": 0})


def stored(site: Site) -> set[bytes]:
    return {row for (row,) in run_sql(site, "SELECT challenge FROM challenge")}


def configure(postgres, setting: str) -> None:
    """Set something of the whole server, and wait until it is so."""
    name, _, value = setting.partition(" = ")
    postgres.run(f"ALTER SYSTEM SET {setting}" if value else f"ALTER SYSTEM RESET {name}")
    postgres.run("SELECT pg_reload_conf()")
    wanted = value or "on"
    for _ in range(200):
        if postgres.run(f"SHOW {name}") == [(wanted,)]:
            return
        threading.Event().wait(0.02)
    pytest.fail(f"{name} is not {wanted}")


# What it must be.


def test_it_is_opened_as_it_is_here(site):
    opened(site)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER DATABASE {} SET synchronous_commit = off", "synchronous_commit is off"),
        ("ALTER DATABASE {} SET synchronous_commit = local", "synchronous_commit is local"),
        ("ALTER DATABASE {} SET synchronous_commit = remote_write", "is remote_write"),
    ],
)
def test_one_that_acknowledges_what_it_could_lose_is_refused(site, postgres, change, words):
    postgres.run(change.format(name_of(site)))
    with pytest.raises(NotDurable, match=words):
        opened(site)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_one_that_loses_things_in_a_power_cut_is_refused(site, postgres, setting):
    configure(postgres, f"{setting} = off")
    try:
        with pytest.raises(NotDurable, match=f"power cut what it acknowledges: {setting} is off"):
            opened(site)
    finally:
        configure(postgres, setting)
    opened(site)


def test_where_a_standby_is_asked_for_one_must_be_waited_for(site):
    with pytest.raises(NotDurable, match="asks for a standby, and the database waits for none"):
        opened(replace(site, standby=True))


def test_a_standby_that_is_waited_for_no_longer_is_noticed_before_the_next_post(site):
    writer = Committer(opening.open_for_writing(site), standby=True)
    with pytest.raises(Busy, match="no standby takes what is written"):
        writer.write(add("one"))
    assert stored(site) == set()


def test_one_that_can_only_be_read_is_refused(site, postgres):
    postgres.run(f"ALTER DATABASE {name_of(site)} SET default_transaction_read_only = on")
    with pytest.raises(DatabaseUnusable, match="can only be read: it is a standby, or set so"):
        opened(site)


def test_an_old_one_is_refused(site, monkeypatch):
    monkeypatch.setattr(opening, "OLDEST", 990000)
    with pytest.raises(DatabaseUnusable, match=r"is PostgreSQL \d+, which is too old"):
        opened(site)


def test_one_that_keeps_texts_otherwise_is_refused(site, postgres, tmp_path):
    kind = "ENCODING 'SQL_ASCII' LOCALE 'C' STRATEGY file_copy"
    postgres.run(f"CREATE DATABASE ascii TEMPLATE template0 {kind}")
    postgres.begun.append("ascii")
    with pytest.raises(DatabaseUnusable, match="does not keep texts as UTF-8"):
        migrate(Site(tmp_path, postgres.url("ascii")))


# Ways not to get in.


def refused(url: str, words: str, tmp_path) -> None:
    with pytest.raises(DatabaseUnusable, match=words) as caught:
        migrate(Site(tmp_path, url))
    said = f"{caught.value} {caught.value.hint} {caught.value!r}"
    assert "canary" not in said
    assert "\n" not in said


def test_a_server_that_is_not_there_is_one_line(tmp_path, free_port):
    refused(f"postgresql://u:canary@127.0.0.1:{free_port}/m", "server cannot be reached", tmp_path)


def test_a_server_of_no_such_name_is_one_line(tmp_path):
    refused("postgresql://u:canary@nowhere.invalid/m", "no such name", tmp_path)


def test_an_address_that_is_none_is_one_line(tmp_path):
    refused("postgresql://u:canary@h:x/m?nothing=canary", "cannot be read|no such", tmp_path)


def test_a_database_that_is_missing_is_one_line(tmp_path, postgres):
    refused(postgres.url("canary"), "there is no such database", tmp_path)


def test_a_role_that_is_missing_is_one_line(tmp_path, postgres):
    refused(postgres.address.replace("postgres:@", "canary@"), "or no such role", tmp_path)


@pytest.fixture
def guarded(postgres) -> Iterator[None]:
    """Have the server ask one role for a password."""
    rules = postgres.folder / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all guarded scram-sha-256\n{before}")
    postgres.run("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    postgres.run("SELECT pg_reload_conf()")
    yield
    rules.write_text(before)
    postgres.run("DROP ROLE guarded")
    postgres.run("SELECT pg_reload_conf()")


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    ("given", "words"),
    [("guarded:canary@", "does not take our password"), ("guarded@", "wants a password")],
)
def test_a_wrong_password_is_one_line(tmp_path, postgres, given, words):
    refused(postgres.address.replace("postgres:@", given), words, tmp_path)


def test_a_role_that_may_not_make_tables_is_one_line(tmp_path, postgres):
    url = postgres.create()
    postgres.run("CREATE ROLE guest LOGIN")
    try:
        refused(url.replace("postgres:@", "guest@"), "does not let this role do what", tmp_path)
    finally:
        postgres.run("DROP ROLE guest")


def test_a_password_is_in_nothing_that_is_shown(tmp_path):
    site = Site(tmp_path, "postgresql://u:canary@h/m")
    assert "canary" not in f"{site} {site!r} {settings_on(site)}"


# Who may be there together.


def test_nobody_migrates_or_writes_alone_beside_a_server(site):
    run_sql(site, "UPDATE alembic_version SET version_num = '0006'")
    run_sql(site, "DROP TABLE server_mark", "DROP TABLE challenge_key")
    beside = Site(site.folder, site.url)
    engine = opening.open_pool(beside, "0006")
    holding = engine.connect()
    for work in (lambda: migrate(site), lambda: write_in(site, add("one"))):
        with pytest.raises(InUse, match="another server is running on the data in PostgreSQL"):
            work()
    holding.close()
    engine.dispose()
    assert migrate(site) == ["0007"]


def test_no_server_begins_while_somebody_writes_alone(site):
    engine = opening.open_alone(site)
    with engine.connect(), pytest.raises(InUse, match="is being migrated or restored"):
        open_database(site)
    engine.dispose()


def test_several_servers_are_there_together(site):
    one, two = open_database(site), open_database(site)
    one.write(add("one"))
    two.write(add("two"))
    assert stored(site) == {fresh("one"), fresh("two")}
    one.close()
    two.close()


def test_whoever_migrates_second_finds_it_done(bare_site):
    with ThreadPoolExecutor(4) as threads:
        steps = list(threads.map(migrate, [bare_site] * 4))
    assert sorted(map(len, steps)) == [0, 0, 0, 7]


# Reading and writing.


def test_a_reader_cannot_write(site):
    with pytest.raises(StoreError):
        read_in(site, add("one"))
    assert stored(site) == set()


@pytest.fixture
def writer(site) -> Iterator[Committer]:
    writer = Committer(opening.open_pool(site, "0007"))
    yield writer
    writer.close()


def test_what_is_refused_is_undone(writer, site):
    def refuse(session: Session) -> None:
        add("refused")(session)
        raise LookupError("refused")

    with pytest.raises(LookupError):
        writer.write(refuse)
    writer.write(add("one"))
    assert stored(site) == {fresh("one")}


def cut(session: Session) -> None:
    """Have the server end the session's connection."""
    number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    url = session.connection().connection.driver_connection.info.dsn
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (number,))


def test_a_connection_that_breaks_is_busy_and_the_next_is_another(writer, site):
    def broken(session: Session) -> None:
        add("lost")(session)
        cut(session)
        add("never")(session)

    with pytest.raises(Busy):
        writer.write(broken)
    writer.write(add("one"))
    assert stored(site) == {fresh("one")}


def test_one_that_breaks_in_a_commit_says_that_nobody_knows(writer, site):
    def broken(session: Session) -> None:
        add("perhaps")(session)
        cut(session)

    with pytest.raises(Busy, match="went away before it said whether this is written"):
        writer.write(broken)
    writer.write(add("one"))


def test_two_who_wait_for_each_other_are_busy(writer, site):
    """Our own locks have one order; this is about others that anything may take."""
    writer.write(add("one"))
    writer.write(add("two"))
    both = threading.Barrier(2)

    def change(first: str, second: str) -> str:
        def work(session: Session) -> None:
            for name in (first, second):
                session.execute(challenges.update().where(challenges.c.challenge == fresh(name))
                                .values(expires=1))  # fmt: skip
                if name == first:
                    both.wait(10)

        try:
            writer.write(work)
        except Busy:
            return "busy"
        return "done"

    with ThreadPoolExecutor(2) as threads:
        found = [threads.submit(change, *names) for names in (("one", "two"), ("two", "one"))]
        assert sorted(it.result(20) for it in found) == ["busy", "done"]


def test_a_row_that_is_there_already_is_busy_and_tells_no_value(writer, caplog):
    writer.write(add("one"))
    with pytest.raises(Busy, match="somebody else did the same at once"):
        writer.write(add("one"))
    assert "challenge_pkey" in caplog.text
    assert fresh("one").hex() not in caplog.text


def test_what_is_asked_wrongly_is_no_trouble_of_the_database(writer):
    with pytest.raises(SQLAlchemyError) as caught:
        writer.write(lambda it: it.execute(text("SELECT nothing")))
    assert told(caught.value) is None


# The order of locks.


def test_locks_are_held_in_one_order(writer):
    def wrong(session: Session) -> None:
        hold(session, of_log(b"log"))
        hold(session, BY_DIRECTORY)

    with pytest.raises(RuntimeError, match="DIRECTORY is held after LOG"):
        writer.write(wrong)
    writer.write(lambda it: hold(it, BY_DIRECTORY, of_log(b"log"), of_person(b"one")))


def test_a_lock_ends_with_its_transaction(writer, site):
    def fail(session: Session) -> None:
        hold(session, of_log(b"log"))
        raise LookupError

    with pytest.raises(LookupError):
        writer.write(fail)
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
    assert run_sql(site, held) == [(0,)]


@pytest.mark.parametrize("before", [0, 1])
def test_a_lock_is_held_until_its_transaction_ends_on_a_fresh_connection_too(writer, site, before):
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
    seen = []

    def look(session: Session) -> None:
        hold(session, of_log(b"log"))
        seen.append(run_sql(site, held))

    for _ in range(before + 1):
        writer.write(look)
    assert seen == [[(1,)]] * (before + 1)
