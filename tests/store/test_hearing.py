"""Hearing what a database is appended, beside the server that writes it."""

from __future__ import annotations

import shutil
import time
from contextlib import closing

import pytest

from microblog.store import hearing
from microblog.store.db import open_ear
from microblog.store.errors import StoreError
from tests.databases import run_sql
from tests.listening import announcing_host
from tests.vectors.practice import staff

WAIT_SECONDS = 5


@pytest.fixture
def host(site):
    found = announcing_host(site)
    yield found
    found.close()


@pytest.fixture
def ear(host, child):
    with closing(open_ear(host.site)) as found:
        yield found


def append(host, child, *texts):
    since = len(child.entries)
    for text in texts:
        child.post(staff("Asha"), text)
    host.asha.append_all(child, since)


def test_what_is_appended_is_heard_once_and_soon(host, child, ear):
    assert ear.wait(0) == {}
    append(host, child, "x")
    begun = time.monotonic()
    assert ear.wait(WAIT_SECONDS) == {child.log: [3]}
    assert time.monotonic() - begun < 1
    assert ear.wait(0.3) == {}


def test_the_directory_and_several_entries_at_once_are_heard(host, child, ear):
    append(host, child, "x", "y")
    heard = ear.wait(WAIT_SECONDS)
    assert {log: max(seqs) for log, seqs in heard.items()} == {child.log: 4}
    host.admit("Cleo")
    (seqs,) = ear.wait(WAIT_SECONDS).values()
    assert max(seqs) == len(host.practice.directory.entries) - 1


def test_what_is_refused_is_not_heard(host, child, ear):
    child.post(staff("Asha"), "x")
    host.asha.append_all(child, 3)
    assert ear.wait(WAIT_SECONDS) == {child.log: [3]}
    late = child.then(staff("Asha"), "post", [0], b"x", seq=9)
    assert host.asha.append(child.log, [late]).status == 409
    # Sent once more, it is there already.
    assert host.asha.append(child.log, [child.entries[3]]).status == 200
    assert ear.wait(0.3) == {}


def test_what_writes_no_entry_is_not_heard(host, child, ear):
    host.sign_in(staff("Asha"))
    assert ear.wait(0.3) == {}


@pytest.mark.only("sqlite", "its file")
def test_erasing_is_heard_like_anything_else(host, child, ear):
    append(host, child, "x")
    ear.wait(WAIT_SECONDS)
    child.withdraw(staff("Asha"), 3, erase=1)
    host.asha.append_all(child, 4)
    assert ear.wait(WAIT_SECONDS) == {child.log: [4]}
    append(host, child, "y")
    assert ear.wait(WAIT_SECONDS) == {child.log: [5]}


@pytest.mark.only("sqlite", "its rows are read, some at a time")
def test_of_very_much_all_is_heard(host, child, ear, monkeypatch):
    monkeypatch.setattr(hearing, "MOST_ROWS", 2)
    append(host, child, *"abcde")
    heard = [it for _ in range(3) for it in ear.wait(WAIT_SECONDS)[child.log]]
    assert heard == [3, 4, 5, 6, 7]
    assert ear.wait(0) == {}


@pytest.mark.only("sqlite", "it is told nothing, and looks")
def test_however_much_is_appended_it_looks_four_times_a_second(host, child, ear):
    append(host, child, "x")
    ear.wait(WAIT_SECONDS)
    append(host, child, "y")
    begun = time.monotonic()
    assert ear.wait(WAIT_SECONDS) == {child.log: [4]}
    append(host, child, "z")
    assert ear.wait(WAIT_SECONDS) == {child.log: [5]}
    assert time.monotonic() - begun > 1.5 * hearing.LOOK_SECONDS


@pytest.mark.only("sqlite", "its file")
def test_another_file_in_its_place_is_not_taken_for_it(host, ear, tmp_path):
    file = host.folder / "microblog.sqlite3"
    shutil.copy(file, tmp_path / "copy")
    (tmp_path / "copy").replace(file)
    with pytest.raises(StoreError, match="replaced"):
        ear.wait(0)
    file.unlink()
    with pytest.raises(StoreError, match="there is no database"):
        ear.wait(0)


@pytest.mark.only("postgresql", "its words")
def test_what_others_say_there_is_nothing_to_us(host, child, ear):
    for word in ("", "x", "00:1", f"{child.log.hex()}:", f"{child.log.hex()}:x", "é" * 9):
        run_sql(host.site, f"SELECT pg_notify('microblog_news', '{word}')")
    assert ear.wait(0.5) == {}


@pytest.mark.only("postgresql", "connections break")
def test_a_broken_connection_is_said(host, ear):
    run_sql(
        host.site,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'",
    )
    with pytest.raises(StoreError, match="cannot be heard any more"):
        ear.wait(WAIT_SECONDS)
