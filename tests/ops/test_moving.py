"""`microblogd move`: every row, once, whatever stops it; and nothing that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.service import audit
from microblog.store import copying, moving
from microblog.store.db import Lock, Site, migrate, open_database, read_in
from microblog.store.errors import FolderUnusable, InUse, Unfinished
from microblog.store.ledger import hold_ledger, read_ledger
from microblog.store.mailings import add_round_up, put_looked, read_looked
from tests.databases import contents, environment_of, run_sql, settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.only("postgresql", "it is from the one to the other")

MARKS = "server_mark"


@pytest.fixture
def here(tmp_path) -> Site:
    """Return SQLite's data of a practice with people, posts, a withdrawal, a ledger and a link."""
    here, clock = Site(tmp_path / "old"), Clock()
    here.folder.mkdir()
    migrate(here)
    host = Host(create_app(settings_on(here, ORIGIN), clock), here, clock)
    host.found()
    ben = host.admit("Ben")
    child = host.practice.child("Ada")
    child.grant(host.practice.asha, ben)
    for number in range(5):
        child.post(ben, str(number))
    child.withdraw(ben, 4, erase=1)
    for number, entry in enumerate(child.entries):
        name = "Ben" if entry.header.author == ben.id else "Asha"
        assert host.callers[name].append(child.log, [entry]).status == 201, number
    host.founding_token()
    host.close()
    with hold_ledger(here) as book:
        book.write(lambda it: put_looked(it, 7))
        values = {"person": staff("Ben").id, "message_id": "m", "line": "l", "nudge": 0,
                  "made": 1, "next": 1}  # fmt: skip
        book.write(lambda it: add_round_up(it, values, {}))
    return here


@pytest.fixture
def there(here, bare_site) -> Site:
    """Return the database that it goes to; the folder stays."""
    return Site(here.folder, bare_site.url)


@pytest.fixture
def place(there) -> Site:
    return there


def rows(site: Site) -> dict[str, list[tuple[object, ...]]]:
    found = contents(site)
    del found[MARKS]
    return found


def arrived(before: dict[str, list[tuple[object, ...]]], there: Site) -> None:
    assert rows(there) == before
    assert read_in(there, audit.check).faults == []
    assert read_ledger(there, read_looked) == 7
    assert run_sql(there, f"SELECT name FROM {MARKS}") == [("founding",)]
    open_database(there).close()


def test_every_row_is_moved_and_the_file_set_aside(microblogd, here, there):
    before = rows(here)
    done = microblogd("move")
    assert (done.code, done.lines) == (0, [])
    assert "moved: 13 entries in 2 logs, every row compared" in done.out
    arrived(before, there)
    (aside,) = here.folder.glob("moved-*")
    assert rows(Site(aside)) == before
    with pytest.raises(FolderUnusable, match="were moved to PostgreSQL"):
        open_database(here)
    microblogd("move").refused("there is no database in")
    with hold_ledger(there) as book:
        values = {"person": staff("Ben").id, "message_id": "n", "line": "l", "nudge": 0,
                  "made": 1, "next": 1}  # fmt: skip
        assert book.write(lambda it: add_round_up(it, values, {})) == 2


@pytest.fixture
def die_after(monkeypatch) -> Callable[[int], list[str]]:
    """Return what has the power go after so many steps of a move; it returns the steps."""
    monkeypatch.setattr(copying, "ROWS", 3)
    steps: list[str] = []
    left = [0]

    def counted(name: str) -> None:
        real = getattr(moving, name)

        def step(*given):
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            steps.append(name)
            return real(*given)

        monkeypatch.setattr(moving, name, step)

    for name in ("_claim", "add_batch", "_copy_ledger", "_copy_marks", "_compare", "_set_aside"):
        counted(name)

    def start(count: int) -> list[str]:
        left[0] = count
        return steps

    return start


def test_killed_at_every_step_it_goes_on_from_there(microblogd, here, there, die_after):
    before, kills = rows(here), 0
    # As many as it takes to come one batch further than the time before.
    steps = die_after(2)
    while microblogd("move").code != 0:
        kills += 1
        assert kills < 100
        if (here.folder / "microblog.sqlite3").exists():
            assert rows(here) == before
            if run_sql(there, f"SELECT count(*) FROM {MARKS} WHERE name = 'moving'") != [(0,)]:
                with pytest.raises(Unfinished, match="was stopped half way"):
                    open_database(there)
        copied = steps.count("add_batch")
        steps = die_after(2 if steps[-1:] == ["add_batch"] else 9)
    arrived(before, there)
    # No batch was copied twice.
    assert copied == steps.count("add_batch")
    assert copied == sum(-(-len(it) // 3) for name, it in before.items() if name in TABLES)
    assert kills > 10


TABLES = {table.name for table in moving._tables()}


@pytest.mark.parametrize("name", ["_set_aside", "remove"])
def test_killed_in_the_last_moment_it_is_ended_by_the_next(
    microblogd, here, there, monkeypatch, name
):
    before = rows(here)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if name == "remove":
            real = moving.RowMarks.remove
            patch.setattr(
                moving.RowMarks, "remove",
                lambda self, it: die() if it == "moving" else real(self, it),
            )  # fmt: skip
        else:
            patch.setattr(moving, name, die)
        microblogd("move").refused("stopped")
    with pytest.raises(Unfinished):
        open_database(there)
    assert microblogd("move").code == 0
    arrived(before, there)


def test_what_is_in_use_is_not_moved(microblogd, here, there):
    lock = Lock(here.folder)
    microblogd("move").refused("another server is running on the data in")
    lock.release()
    migrate(there)
    server = open_database(there)
    microblogd("move").refused("another server is running on the data in PostgreSQL")
    server.close()


def test_a_database_with_rows_of_its_own_is_left_alone(microblogd, here, there):
    migrate(there)
    run_sql(there, "INSERT INTO challenge VALUES (x'00', 1)")
    microblogd("move").refused("the database has rows of its own")
    assert rows(there)["challenge"] == [(b"\0", 1)]


def test_a_difference_is_noticed_and_nothing_is_set_aside(
    microblogd, here, there, die_after, monkeypatch
):
    die_after(30)
    monkeypatch.setattr(moving, "_compare", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    microblogd("move").refused("stopped")
    monkeypatch.undo()
    run_sql(there, "UPDATE entry SET time = time + 1 WHERE seq = 3")
    for name, value in environment_of(there).items():
        monkeypatch.setenv(name, value)
    microblogd("move").refused("the database is not what the file is: a row of entry is not what")
    assert not list(here.folder.glob("moved-*"))
    open_database(here).close()


def test_without_a_database_there_is_nowhere_to_move_to(microblogd, here, monkeypatch):
    monkeypatch.delenv("MICROBLOG_DATABASE")
    microblogd("move").refused("there is nowhere to move to")


def test_a_move_of_another_practice_is_not_gone_on_with(microblogd, here, there):
    migrate(there)
    run_sql(there, f"INSERT INTO {MARKS} VALUES ('moving', x'00')")
    microblogd("move").refused("another practice was being moved")
    with pytest.raises((InUse, Unfinished)):
        open_database(there)
