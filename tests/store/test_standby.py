"""A standby that is asked for and not there; a PostgreSQL that hangs, breaks, or was replaced."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import insert

from microblog.store import committer, schema
from microblog.store import postgres as opening
from microblog.store.committer import Committer
from microblog.store.db import open_database
from microblog.store.driver import Era
from microblog.store.errors import Busy, DatabaseUnusable, NotDurable
from microblog.store.tables import challenges
from tests.databases import name_of, run_sql
from tests.store.test_postgres import add, configure, stored
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from microblog.store.site import Site

pytestmark = pytest.mark.only("postgresql", "it is about PostgreSQL itself")

NOBODY = "synchronous_standby_names = nobody"


@pytest.fixture
def alone(site, postgres, monkeypatch) -> Iterator[Site]:
    """Have PostgreSQL wait for a standby that there is not, once there is a database."""
    monkeypatch.setattr(committer, "COMMIT_SECONDS", 0.3)
    monkeypatch.setattr(committer, "ASK_SECONDS", 0.1)
    configure(postgres, NOBODY)
    yield site
    _let_go(postgres)


def _let_go(postgres) -> None:
    postgres.run("ALTER SYSTEM RESET synchronous_standby_names")
    postgres.run("SELECT pg_reload_conf()")
    while postgres.run("SHOW synchronous_standby_names") != [("",)]:
        time.sleep(0.01)


def pool_of(site: Site, *, standby: bool = False) -> Committer:
    return Committer(opening.open_pool(site, schema.newest()), standby=standby)


def is_waiting(postgres, site: Site) -> list[int]:
    """Return the processes of a site that wait for the standby."""
    return [pid for (pid,) in postgres.run(
        "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        f" AND datname = '{name_of(site)}'"
    )]  # fmt: skip


def test_a_server_does_not_start_where_no_standby_takes_what_is_written(alone, monkeypatch):
    monkeypatch.setattr(opening, "STANDBY_SECONDS", 0.2)
    with pytest.raises(NotDurable, match="none takes what is written"):
        open_database(replace(alone, standby=True))


def test_a_post_that_no_standby_takes_is_never_acknowledged(alone, postgres, monkeypatch):
    site, writer = alone, pool_of(alone, standby=True)
    with pytest.raises(Busy, match="went away before it said"):
        writer.write(add("one"))
    # Nobody else begins to wait, however long that would be.
    monkeypatch.setattr(committer, "COMMIT_SECONDS", 60)
    begun = time.monotonic()
    with pytest.raises(Busy, match="no standby takes what is written"):
        writer.write(add("two"))
    assert time.monotonic() - begun < 30
    assert len(is_waiting(postgres, site)) == 1
    assert stored(site) == set()
    _let_go(postgres)
    monkeypatch.setattr(committer, "_STANDBYS", "SELECT 'as if one took everything'")
    writer.write(add("three"))
    assert stored(site) == {fresh("one"), fresh("three")}
    writer.close()


def test_a_wait_that_somebody_ends_is_no_acknowledgement(alone, postgres, monkeypatch):
    site = alone
    monkeypatch.setattr(committer, "COMMIT_SECONDS", 5)
    writer = pool_of(site)
    with ThreadPoolExecutor() as threads:
        answer = threads.submit(writer.write, add("one"))
        while not (pids := is_waiting(postgres, site)):
            time.sleep(0.01)
        era = opening.ERA.number
        postgres.run(f"SELECT pg_cancel_backend({pids[0]})")
        with pytest.raises(Busy, match="no standby takes what is written"):
            answer.result(timeout=5)
    # It can be seen here, and lost: who has a connection of before has it no more.
    assert stored(site) == {fresh("one")}
    assert opening.ERA.number == era + 1
    writer.close()


# Who does not answer.


def test_a_statement_without_an_answer_is_given_up_and_its_era_ends(site, monkeypatch):
    monkeypatch.setattr(opening, "STATEMENT_SECONDS", 0.2)
    hanging = opening.connect(site, writes=False, serves=True)
    beside = opening.connect(site, writes=False, serves=True)
    with pytest.raises(psycopg.OperationalError):
        hanging.execute("SELECT pg_sleep(5)")
    assert hanging.closed
    assert not beside.closed
    assert not beside.is_good
    beside.close()
    after = opening.connect(site, writes=False, serves=True)
    assert after.is_good
    after.close()


def test_whoever_is_no_server_waits_as_long_as_it_takes(site, monkeypatch):
    monkeypatch.setattr(opening, "STATEMENT_SECONDS", 0.1)
    with opening.connect(site, writes=True) as connection:
        connection.execute("SELECT pg_sleep(0.3)")


def test_of_several_hosts_a_reader_finds_the_one_that_can_be_written(site):
    url = f"{site.url}&target_session_attrs=read-write"
    connection = opening.connect(replace(site, url=url), writes=False, serves=True)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("DELETE FROM challenge")
    connection.close()


# Who was replaced.


def test_an_older_history_is_not_taken_once_a_newer_was_seen():
    era = Era()
    assert era.see(3)
    assert (era.see(3), era.number) == (True, 0)
    assert (era.see(4), era.number) == (True, 1)
    assert (era.see(3), era.number) == (False, 1)


def test_an_era_is_ended_once_by_all_who_notice():
    era = Era()
    for _ in range(3):
        era.end(0)
    assert era.number == 1


def test_a_server_that_was_replaced_is_not_read(site, monkeypatch):
    era = Era()
    era.see(2**20)
    monkeypatch.setattr(opening, "ERA", era)
    with pytest.raises(DatabaseUnusable, match="was replaced by a standby, and does not know"):
        opening.connect(site, writes=False, serves=True)


# Who breaks.


def test_a_crash_of_postgresql_under_load_loses_nothing_acknowledged(site, postgres):
    """One of its processes is killed: PostgreSQL ends all others and recovers by itself."""
    writer, acknowledged, refused = pool_of(site), set(), []
    ended = threading.Event()

    def post(number: int) -> None:
        count = 0
        while not ended.is_set():
            name = f"{number} {count}"
            count += 1
            try:
                writer.write(lambda it, name=name: it.execute(
                    insert(challenges), {"challenge": fresh(name), "expires": 0}
                ))  # fmt: skip
            except Busy as busy:
                refused.append(str(busy))
                time.sleep(0.05)
            else:
                acknowledged.add(fresh(name))

    with ThreadPoolExecutor() as threads:
        working = [threads.submit(post, number) for number in range(4)]
        while len(acknowledged) < 20:
            time.sleep(0.01)
        (pid,) = run_sql(site, "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                               " AND application_name = 'microblog' LIMIT 1")[0]  # fmt: skip
        os.kill(pid, signal.SIGKILL)
        before, deadline = len(acknowledged), time.monotonic() + 10
        while not refused and time.monotonic() < deadline:
            time.sleep(0.01)
        while len(acknowledged) < before + 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        ended.set()
        for it in working:
            it.result()
    assert refused
    assert len(acknowledged) >= before + 20
    assert acknowledged <= stored(site)
    writer.write(add("after"))
    writer.close()


def test_who_cannot_be_asked_to_end_a_wait_is_given_up_all_the_same(alone, monkeypatch):
    def cancel_nothing(_self, **_):
        raise psycopg.OperationalError("nobody answers")

    monkeypatch.setattr(opening, "STATEMENT_SECONDS", 0.4)
    connection = opening.connect(alone, writes=True, serves=True)
    monkeypatch.setattr(type(connection), "cancel_safe", cancel_nothing)
    with pytest.raises(psycopg.OperationalError):
        opening.await_standby(connection, 0.1)
    assert connection.closed
