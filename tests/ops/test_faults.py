"""Bad luck while people write: nothing acknowledged is lost, doubled or moved; and all goes on.

A disk with no room is one that the system limits the size of files on (RLIMIT_FSIZE), or, for root,
a small file system of its own.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from microblog.store.engine import DATABASE
from tests.forking import MICROBLOGD
from tests.ops.people import run, stored
from tests.ops.saying import Done
from tests.ops.test_kill import Author, settle
from tests.serving import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def write_until(authors: list[Author], happen: Callable[[], None]) -> None:
    """Have all write while something happens; then let them finish what they are at."""
    threads = [threading.Thread(target=author.run) for author in authors]
    for author in authors:
        author.stop.clear()
    for thread in threads:
        thread.start()
    happen()
    for author in authors:
        author.stop.set()
    for thread in threads:
        thread.join()


def check_all(server: Server, authors: list[Author]) -> None:
    for author in authors:
        author.check()
    code, said = run(server, "check")
    assert code == 0, said


def refused_entries(author: Author, reason: str) -> None:
    """Take what was refused for this reason as never sent: it is sent again as it is."""
    assert all(reason.encode() in it for it in author.refusals), author.refusals
    author.refusals = []
    sent = {it.id for it in author.acknowledged}
    author.unanswered = [it for it in author.child.entries if it.id not in sent]


# A disk that is full.


def limit(server: Server, size: int) -> None:
    """Limit the files of a running server to a size."""
    pids = [server.process.pid]
    children = f"/proc/{server.process.pid}/task/{server.process.pid}/children"
    pids += map(int, Path(children).read_text().split())
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.only("sqlite", "it is about its files")
@pytest.mark.trial(small=2, great=30)
def test_a_full_disk_refuses_and_loses_nothing_and_all_goes_on_once_there_is_room(server, trials):
    authors = settle(server)
    for number in range(trials.count):
        room = trials.random(number).randrange(3, 60) * 4096
        journal = server.data / f"{DATABASE}-wal"
        full = journal.stat().st_size + room

        def fill(full: int = full) -> None:
            limit(server, full)
            wait_for(lambda: all(author.refusals for author in authors))

        write_until(authors, fill)
        reply = authors[0].caller.fetch({authors[0].child.log: 0})
        assert len(reply[authors[0].child.log][0]) > 0
        limit(server, resource.RLIM_INFINITY)
        for author in authors:
            refused_entries(author, "busy")
        check_all(server, authors)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Return a folder on a file system of two megabytes, of which an empty database takes half."""
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(place)],
        check=False, capture_output=True,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip("only root can make a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_file_system_without_room_is_said_to_be_full(small_disk, tmp_path, begin_microblogd):
    server = Server(small_disk / "data", tmp_path / "log", begin=begin_microblogd)
    server.start()
    try:
        authors = settle(server)
        write_until(authors, lambda: wait_for(lambda: all(it.refusals for it in authors)))
        code, said = run(server, "backup", str(small_disk / "backup"))
        Done(code, "", said.splitlines()).refused(f"{small_disk}/backup.part cannot be made")
        assert list(small_disk.glob("backup*")) == []
        for author in authors:
            refused_entries(author, "the disk of the server is full")
            # What was acknowledged before is there, and is read.
            stored = author.caller.fetch({author.child.log: 0})[author.child.log][0]
            assert len(stored) >= len(author.acknowledged)
    finally:
        server.kill()


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


# Backups made meanwhile.


@pytest.mark.trial(small=3, great=40)
def test_a_backup_made_while_people_write_holds_all_that_was_acknowledged_before(
    server, trials, tmp_path
):
    authors = settle(server)
    made: list[tuple[Path, set[bytes]]] = []

    def back_up() -> None:
        for number in range(trials.count):
            before = {it.id for author in authors for it in list(author.acknowledged)}
            file = tmp_path / f"backup{number}"
            code, said = run(server, "backup", str(file))
            assert code == 0, said
            made.append((file, before))

    write_until(authors, back_up)
    check_all(server, authors)
    sent = {it.id for author in authors for it in author.child.entries}
    for file, before in made:
        place = Server(tmp_path / "new" / file.name, tmp_path / "log", begin=server.begin)
        code, said = run(place, "restore", str(file))
        assert code == 0, said
        ids = {it.id for log, entries in stored(place.site).items() if any(log) for it in entries}
        assert before <= ids <= sent
    assert len(made[0][1]) < len(made[-1][1])


# A database that another process holds.


@pytest.mark.only("sqlite", "it is about its files")
@pytest.mark.trial(small=1, great=30)
def test_a_database_held_by_another_process_is_waited_for_or_said_to_be_busy(server, trials):
    """The trial's number is for how many seconds it is held."""
    authors = settle(server)
    slowest = 0.0

    def hold() -> None:
        nonlocal slowest
        other = sqlite3.connect(server.data / DATABASE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + trials.count
        reader = server.caller()
        while time.monotonic() < end:
            # Whoever reads waits for nobody.
            began = time.monotonic()
            assert reader.call("GET", "/api/practice").status == 200
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        other.execute("ROLLBACK")
        other.close()

    write_until(authors, hold)
    assert slowest < 2
    for author in authors:
        refused_entries(author, "busy")
    check_all(server, authors)
    # And each can write again.
    for author in authors:
        assert author.caller.append(author.child.log, [author.child.post(author.who)]).status == 201


# Being told to stop.


@pytest.mark.trial(small=3, great=40)
def test_a_server_told_to_stop_answers_what_it_was_asked_and_loses_nothing(server, trials):
    authors = settle(server)
    codes: list[int] = []
    for number in range(trials.count):

        def stop(wait: float = 0.02 + 0.2 * trials.random(number).random()) -> None:
            time.sleep(wait)
            codes.append(server.stop())

        write_until(authors, stop)
        server.start()
        check_all(server, authors)
    assert set(codes) == {0}


# A migration that is stopped.

#: How many statements a migration from nothing has, at the least.
STATEMENTS = 20
#: It is killed at the n-th statement of a migration.
STOPPED = """
import os, signal, sys
from sqlalchemy import Engine, event
from microblog.ops.main import main
left = iter(range(int(sys.argv.pop(1))))

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *_):
    if not statement.startswith("PRAGMA") and next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

main()
"""


@pytest.mark.trial(small=2, great=40)
def test_a_migration_killed_at_any_statement_is_done_again(tmp_path, trials, begin_microblogd):
    killed = 0
    for number in range(trials.count):
        server = Server(tmp_path / f"data{number}", tmp_path / "log", begin=begin_microblogd)
        server.data.mkdir()
        place = trials.random(number).randrange(STATEMENTS)
        done = subprocess.run(
            [sys.executable, "-c", STOPPED, str(place), "migrate"],
            env=server.environment, check=False, capture_output=True,
        )  # fmt: skip
        killed += done.returncode == -signal.SIGKILL
        server.start()
        assert requests.get(f"{server.origin}/api/practice", timeout=5).json()["founded"] is False
        assert server.stop() == 0
    assert killed == trials.count


# Folders and files that cannot be used.

#: What lets root do as it likes with everyone's files (linux/capability.h).
DROP_BOUNDING, OVERRIDE, READ_SEARCH = 24, 1, 2


def obey() -> None:
    """Have even root obey the permissions of files, from the next program on."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for power in (OVERRIDE, READ_SEARCH):
            assert libc.prctl(DROP_BOUNDING, power, 0, 0, 0) == 0


def obeying(server: Server, *words: str) -> Done:
    """Run a command as a user who may not do more than files allow."""
    done = subprocess.run(
        [*MICROBLOGD, *words], env=server.environment, check=False, capture_output=True,
        text=True, timeout=60, preexec_fn=obey,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr.splitlines())


@pytest.mark.parametrize("word", ["serve", "check"])
def test_a_folder_that_may_not_be_written_is_refused_in_one_line(tmp_path, word):
    server = Server(tmp_path / "data", tmp_path / "log")
    server.data.mkdir(mode=0o555)
    obeying(server, word).refused("cannot be written by this user")


def test_a_folder_that_may_not_be_made_is_refused_in_one_line(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o555)
    server = Server(tmp_path / "closed" / "data", tmp_path / "log")
    obeying(server, "serve").refused("cannot be made: permission denied")


def test_a_folder_on_a_read_only_file_system_is_refused_in_one_line(small_disk, tmp_path):
    server = Server(small_disk / "data", tmp_path / "log")
    server.data.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    obeying(server, "serve").refused("cannot be written by this user")
    server.data = small_disk / "other"
    obeying(server, "serve").refused("cannot be made: read-only file system")


@pytest.mark.only("sqlite", "it is about its files")
def test_a_database_that_may_not_be_written_is_refused_in_one_line(tmp_path, data_folder):
    (data_folder / DATABASE).chmod(0o444)
    (data_folder / "lock").unlink(missing_ok=True)
    server = Server(data_folder, tmp_path / "log")
    obeying(server, "serve").refused(f"{DATABASE} cannot be written by this user")


@pytest.mark.only("sqlite", "it is about its files")
def test_a_backup_where_nothing_may_be_written_is_refused_in_one_line(tmp_path, data_folder):
    (tmp_path / "closed").mkdir(mode=0o555)
    server = Server(data_folder, tmp_path / "log")
    done = obeying(server, "backup", str(tmp_path / "closed" / "monday"))
    done.refused("cannot be used: permission denied")
