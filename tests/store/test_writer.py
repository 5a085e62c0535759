"""The one writer: what it commits together, what it undoes, and when it answers."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from microblog.store import engine as engines
from microblog.store import writer as writers
from microblog.store.engine import DATABASE, open_for_reading, open_for_writing
from microblog.store.errors import Busy
from microblog.store.logs import MOVED, HeadRow, move_head
from microblog.store.tables import challenges
from microblog.store.writer import Writer
from tests.vectors.practice import fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


pytestmark = pytest.mark.only("sqlite", "PostgreSQL has no one writer: test_committer.py")


@pytest.fixture
def writer(data_folder: Path) -> Iterator[Writer]:
    writer = Writer(open_for_writing(data_folder))
    yield writer
    writer.close()


def add(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.execute(insert(challenges), {"challenge": fresh(name), "expires": 0})
        return name

    return work


def add_and_refuse(session: Session) -> None:
    add("refused")(session)
    raise LookupError("refused")


def stored(folder: Path) -> set[bytes]:
    engine = open_for_reading(folder)
    with Session(engine) as session:
        found = set(session.scalars(select(challenges.c.challenge)))
    engine.dispose()
    return found


def at_once(writer: Writer, works: list[Callable[[Session], object]]) -> list[object]:
    """Have all works wait for the writer together, and return what each came to."""
    gate, outcomes = threading.Event(), [None] * len(works)
    holding = threading.Event()

    def hold(_: Session) -> None:
        holding.set()
        gate.wait(10)

    def run(number: int) -> None:
        try:
            outcomes[number] = writer.write(works[number])
        except Exception as error:  # noqa: BLE001
            outcomes[number] = error

    threads = [threading.Thread(target=writer.write, args=(hold,))]
    threads[0].start()
    holding.wait(10)
    for number in range(len(works)):
        threads.append(threading.Thread(target=run, args=(number,)))
        threads[-1].start()
        while writer.count_waiting() <= number:
            pass
    gate.set()
    for thread in threads:
        thread.join()
    return outcomes


def test_what_is_answered_is_committed(writer, data_folder):
    assert writer.write(add("one")) == "one"
    assert stored(data_folder) == {fresh("one")}


def test_what_is_refused_is_undone_and_undoes_nothing_else(writer, data_folder):
    outcomes = at_once(writer, [add("one"), add_and_refuse, add("two")])
    assert outcomes[0] == "one"
    assert isinstance(outcomes[1], LookupError)
    assert outcomes[2] == "two"
    assert stored(data_folder) == {fresh("one"), fresh("two")}


def test_a_row_that_is_there_already_is_the_fault_of_one_alone(writer, data_folder):
    outcomes = at_once(writer, [add("one"), add("one"), add("two")])
    assert [type(it).__name__ for it in outcomes] == ["str", "IntegrityError", "str"]
    assert stored(data_folder) == {fresh("one"), fresh("two")}


def test_all_that_waits_is_committed_together(writer):
    commits: list[str] = []
    writer._driver.set_trace_callback(
        lambda statement: commits.append(statement) if statement == "COMMIT" else None
    )
    at_once(writer, [add(f"{number}") for number in range(20)])
    assert len(commits) == 2


def test_each_works_alone_and_later_ones_see_what_earlier_ones_did(writer):
    def count(session: Session) -> int:
        return len(list(session.scalars(select(challenges.c.challenge))))

    assert at_once(writer, [count, add("one"), count, add("two"), count]) == [0, "one", 1, "two", 2]


def test_a_full_disk_is_said_and_nothing_is_written(writer, data_folder):
    def fill(session: Session) -> None:
        for number in range(1000):
            add(f"filler {number}")(session)

    pages = sqlite3.connect(data_folder / DATABASE).execute("PRAGMA page_count").fetchone()[0]
    with writer._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    outcomes = at_once(writer, [add("one"), fill])
    assert [str(it) for it in outcomes] == ["the disk of the server is full"] * 2
    assert stored(data_folder) == set()
    with writer._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert writer.write(add("after")) == "after"


def test_a_database_that_another_holds_is_busy(data_folder, monkeypatch):
    # How long it waits is set where a connection begins, and again once the journal was emptied.
    for module in (engines, writers):
        monkeypatch.setattr(module, "BUSY_MS", 50)
    other = sqlite3.connect(data_folder / DATABASE)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(open_for_writing(data_folder))
    with pytest.raises(Busy, match="the database cannot be written"):
        writer.write(add("one"))
    other.rollback()
    assert writer.write(add("two")) == "two"
    writer.close()
    assert stored(data_folder) == {fresh("two")}


def test_work_that_takes_too_long_is_given_up(writer, data_folder):
    gate, holding = threading.Event(), threading.Event()

    def hold(_: Session) -> None:
        holding.set()
        gate.wait(10)

    holder = threading.Thread(target=writer.write, args=(hold,))
    holder.start()
    holding.wait(10)
    with pytest.raises(Busy, match="did not answer in time"):
        writer.write(add("one"), wait_seconds=0.05)
    gate.set()
    holder.join()
    assert writer.write(add("two")) == "two"
    assert stored(data_folder) == {fresh("two")}


def test_whatever_ends_a_commit_nobody_is_left_waiting_or_told_that_it_is_done(writer, data_folder):
    def end(_: Session) -> None:
        raise KeyboardInterrupt

    def first() -> None:
        with pytest.raises(KeyboardInterrupt):
            writer.write(end)

    thread = threading.Thread(target=first)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert writer.write(add("after")) == "after"
    assert stored(data_folder) == {fresh("after")}


def test_nothing_that_one_piece_of_work_notes_is_left_to_the_next(writer):
    def note(session: Session) -> None:
        move_head(session, HeadRow(fresh("log", 16), 0, fresh("id"), 0, 0, b""))

    writer.write(note)
    assert writer.write(lambda session: session.info.get(MOVED)) is None


def test_what_waits_when_the_writer_stops_is_still_done(data_folder):
    writer = Writer(open_for_writing(data_folder))
    thread = threading.Thread(target=writer.write, args=(add("one"),))
    thread.start()
    while not writer.count_waiting() and thread.is_alive():
        pass
    writer.close()
    thread.join()
    assert stored(data_folder) == {fresh("one")}


def test_the_journal_is_emptied_when_asked_for(writer, data_folder):
    journal = data_folder / f"{DATABASE}-wal"
    writer.write(add("one"))
    assert journal.stat().st_size > 0

    def work(session: Session) -> None:
        add("two")(session)
        writers.ask_for_truncation(session)

    writer.write(work)
    assert journal.stat().st_size == 0


def test_a_reader_in_the_way_puts_it_off(writer, data_folder):
    journal = data_folder / f"{DATABASE}-wal"
    reader = sqlite3.connect(data_folder / DATABASE, isolation_level=None)
    writer.write(add("one"))
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM challenge").fetchall()
    writer.write(writers.ask_for_truncation)
    assert journal.stat().st_size > 0
    reader.execute("COMMIT")
    writer.write(add("two"))
    assert journal.stat().st_size == 0


def test_what_was_put_off_is_done_though_nobody_writes(writer, data_folder, monkeypatch):
    monkeypatch.setattr(writers, "RETRY_SECONDS", 0.05)
    journal = data_folder / f"{DATABASE}-wal"
    reader = sqlite3.connect(data_folder / DATABASE, isolation_level=None)
    writer.write(add("one"))
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM challenge").fetchall()
    writer.write(writers.ask_for_truncation)
    assert journal.stat().st_size > 0
    reader.execute("COMMIT")
    _wait_until(lambda: journal.stat().st_size == 0)


def test_a_journal_left_by_a_server_that_was_stopped_is_emptied_at_the_start(data_folder):
    left = open_for_writing(data_folder)
    journal = data_folder / f"{DATABASE}-wal"
    with left.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE left_behind (words TEXT)")
        assert journal.stat().st_size > 0
    writer = writers.Writer(open_for_writing(data_folder))
    try:
        assert journal.stat().st_size == 0
    finally:
        writer.close()
        left.dispose()


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
