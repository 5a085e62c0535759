"""Statements that are sent to PostgreSQL at once: their answers, and what becomes of them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest

from microblog.store.committer import Committer
from microblog.store.errors import Busy
from microblog.store.locks import hold, of_log
from microblog.store.postgres import connect, open_pool
from microblog.store.quick import line_of, put_off, run
from microblog.store.schema import newest
from tests.databases import run_sql
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from microblog.store.db import Site
    from microblog.store.driver import Driven

pytestmark = pytest.mark.only("postgresql", "it is about PostgreSQL itself")

ADD = "INSERT INTO challenge (challenge, expires) VALUES (%s, %s)"
COUNT = "SELECT count(*) FROM challenge"
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"


@pytest.fixture
def driver(site: Site) -> Iterator[Driven]:
    with closing(connect(site, writes=True, serves=True)) as opened:
        yield opened


@pytest.fixture
def writer(site: Site) -> Iterator[Committer]:
    with closing(Committer(open_pool(site, newest()))) as opened:
        yield opened


@pytest.mark.parametrize("value", [b"", b"\0\xff", 0, -1, 2**53, "", "two %s, $1", None])
def test_values_come_back_as_they_went(driver, value):
    sort = {bytes: "bytea", int: "bigint"}.get(type(value), "text")
    for _ in range(2):
        assert driver.ask((f"SELECT %s::{sort}, '%%'", (value,))) == [(value, "%")]


def test_a_text_with_a_zero_is_not_cut_off(driver):
    with pytest.raises(psycopg.DataError):
        driver.ask(("SELECT %s::text", ("a\0b",)))
    assert driver.ask(("SELECT 1", ())) == [(1,)]


def test_what_follows_on_a_failure_is_not_done(driver):
    one, two = fresh("one"), fresh("two")
    begin, commit = ("BEGIN", ()), ("COMMIT", ())
    for _ in range(2):
        with pytest.raises(psycopg.errors.UniqueViolation):
            driver.ask(begin, (ADD, (one, 0)), (ADD, (one, 0)), (ADD, (two, 0)), commit)
        driver.ask(("ROLLBACK", ()))
        assert driver.ask((COUNT, ())) == [(0,)]
    driver.ask(begin, (ADD, (one, 0)), (ADD, (two, 0)), commit)
    assert driver.ask((COUNT, ())) == [(2,)]


def test_an_answer_that_was_not_heard_is_not_taken_for_the_next(driver):
    asking = driver._send_all([driver._as_sent("SELECT 1", ())] * 2)
    next(asking)
    asking.close()
    assert driver.closed


def test_a_connection_that_ends_between_is_told(driver, site):
    (number,) = driver.ask(("SELECT pg_backend_pid()", ()))[0]
    run_sql(site, f"SELECT pg_terminate_backend({number})")
    with pytest.raises(psycopg.OperationalError):
        driver.ask(("BEGIN", ()), ("SELECT 1", ()), ("COMMIT", ()))
    assert driver.closed
    assert not driver.is_good


def test_locks_are_held_with_the_next_statement(writer, site):
    def look(session: Session) -> list[tuple[int]]:
        hold(session, of_log(b"log"), with_next=True)
        run(line_of(session), "SELECT 1", ())
        return run_sql(site, HELD)

    assert [writer.write(look) for _ in range(2)] == [[(1,)]] * 2
    assert run_sql(site, HELD) == [(0,)]


def test_what_is_put_off_is_there_for_the_next_statement_and_undone_with_the_rest(writer, site):
    def fail(session: Session) -> None:
        put_off(session, ADD, (fresh("one"), 0))
        assert session.connection().exec_driver_sql(COUNT).scalar_one() == 1
        raise LookupError

    with pytest.raises(LookupError):
        writer.write(fail)
    assert run_sql(site, COUNT) == [(0,)]


def test_what_fails_with_the_commit_is_undone_with_the_rest(writer, site):
    def twice(session: Session) -> None:
        for name in ("one", "two", "one"):
            put_off(session, ADD, (fresh(name), 0))

    for _ in range(2):
        with pytest.raises(Busy, match="somebody else did the same at once"):
            writer.write(twice)
    assert run_sql(site, COUNT) == [(0,)]
    writer.write(lambda it: put_off(it, ADD, (fresh("one"), 0)))
    assert run_sql(site, COUNT) == [(1,)]
