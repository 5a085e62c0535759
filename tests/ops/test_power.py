"""A power cut at any write or sync: what was acknowledged is on the disk; with NORMAL it is not."""

from __future__ import annotations

import random
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from microblog.service import audit
from microblog.store.db import Site, read_in
from microblog.store.engine import DATABASE
from tests.ops.power import (
    LOSSES,
    Cut,
    can_compile,
    compile_shim,
    note_answer,
    read_notes,
    watched_server,
)
from tests.practice import Practice
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.power import Note
    from tests.practice import Child
    from tests.serving import Server

pytestmark = pytest.mark.skipif(not can_compile(), reason="there is no C compiler")

WRITERS = 3


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return compile_shim(tmp_path_factory.mktemp("power"))


def write(folder: Path, server: Server, practice: Practice, child: Child) -> None:
    """Post, and now and then erase, noting each answer."""
    caller = server.caller()
    assert caller.sign_in(staff("Asha"), practice).status == 201
    for number in range(10):
        entry = child.post(practice.asha, f"{number}")
        if number % 5 == 4:
            child.entries.pop()
            entry = child.withdraw(practice.asha, entry.header.seq - 1, erase=1)
        assert caller.append(child.log, [entry]).status == 201
        note_answer(folder, [entry.id])


def record(folder: Path, library: Path, synchronous: str) -> list[Note]:
    """Have people write to a server and return all that it did to its files."""
    folder.mkdir()
    server = watched_server(folder, library, synchronous)
    server.start()
    try:
        practice, caller = Practice(time.time_ns() // 1_000_000), server.caller()
        caller.open_founding(server.founding_token())
        caller.append_all(practice.directory)
        note_answer(folder, [it.id for it in practice.directory.entries])
        caller.sign_in(practice.asha, practice)
        children = [practice.child(f"Child {number}") for number in range(WRITERS)]
        for child in children:
            caller.append_all(child)
            note_answer(folder, [it.id for it in child.entries])
        with ThreadPoolExecutor(WRITERS) as pool:
            for done in [pool.submit(write, folder, server, practice, it) for it in children]:
                done.result()
    finally:
        server.kill()
    return read_notes(folder)


def faults(cut: Cut, folder: Path, *, whole: bool) -> list[str]:
    """Return what is wrong with what a cut has left; `whole`: with every log verified."""
    if not (folder / DATABASE).exists():
        return ["everything is lost"] if cut.acknowledged else []
    database = sqlite3.connect(folder / DATABASE)
    try:
        found = [it for (it,) in database.execute("PRAGMA integrity_check") if it != "ok"]
        tables = {it for (it,) in database.execute("SELECT name FROM sqlite_master")}
        rows = []
        if "entry" in tables:
            rows = database.execute("SELECT log, seq, id FROM entry ORDER BY log, seq").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        database.close()
    lost = cut.acknowledged - {it for _, _, it in rows}
    if lost:
        found.append(f"{len(lost)} acknowledged entries are lost")
    if rows and whole:
        found += read_in(Site(folder), audit.check).faults
    return found


def try_cuts(notes: list[Note], folder: Path, count: int, seed: int) -> list[str]:
    """Cut at so many moments, each with every sort of loss, and return what was wrong."""
    chance, found, cut = random.Random(seed), [], Cut(notes)
    moments = range(1, len(notes) + 1)
    # More cuts than moments: what is lost of the writes since is drawn anew each time.
    for moment in sorted(chance.choices(moments, k=count)):
        cut.go_to(moment)
        for loss in LOSSES:
            cut.leave(folder, loss, chance)
            found += [
                f"at {moment}, {loss}: {it}" for it in faults(cut, folder, whole=loss == LOSSES[-1])
            ]
    return found


@pytest.mark.trial(small=8, great=1500)
def test_a_power_cut_at_any_write_or_sync_loses_nothing_acknowledged(tmp_path, library, trials):
    notes = record(tmp_path / "server", library, "FULL")
    assert try_cuts(notes, tmp_path / "cut", trials.count, trials.seed) == []


def test_without_the_sync_before_the_answer_a_power_cut_is_seen_to_lose(tmp_path, library):
    notes = record(tmp_path / "server", library, "NORMAL")
    found = try_cuts(notes, tmp_path / "cut", 8, 1)
    assert any("acknowledged entries are lost" in it for it in found)
    # And never more than that: it is the sync that is missing, not the journal.
    assert all("acknowledged entries are lost" in it for it in found)
