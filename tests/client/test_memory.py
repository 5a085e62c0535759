"""What is remembered: sealed, whole, one process at a time, and erased when it is erased."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from microblog.client.following import refresh
from microblog.client.memory import Memory, Note, StorageBusy, StorageFull
from microblog.client.posting import withdraw
from microblog.client.session import read_id
from microblog.protocol.log import Head
from tests.client.practice import child_of, read_posts, read_texts, say

SEED, LOG, OTHER = bytes(range(32)), bytes(16), bytes([1]) * 16
NOTE = Note(
    pin=Head(1, bytes([7]) * 32),
    read=1,
    secrets={0: bytes(32), 2: bytes([9]) * 32},
    rolled_back=True,
    boxes=b"mark",
    state=b"state",
    seen=(bytes([3]) * 16,),
)


@pytest.fixture
def memory(tmp_path):
    opened = Memory(tmp_path, SEED)
    yield opened
    opened.close()


def test_what_is_put_is_there_at_the_next_start(tmp_path, memory):
    memory.put(LOG, {0: b"first", 1: b"second"}, NOTE)
    memory.put(OTHER, {0: b"other"}, Note())
    memory.close()
    again = Memory(tmp_path, SEED)
    assert again.logs() == [LOG, OTHER]
    assert again.entries(LOG) == [b"first", b"second"]
    assert again.note(LOG) == NOTE
    assert again.note(bytes([5]) * 16) == Note()
    again.close()


def test_entries_after_a_gap_are_not_remembered(memory):
    memory.put(LOG, {0: b"first", 2: b"third"}, Note())
    assert memory.entries(LOG) == [b"first"]


def test_nothing_of_it_is_legible_on_the_disk(tmp_path, memory):
    memory.put(LOG, {0: b"a canary in a coal mine"}, NOTE)
    disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in disk
    assert bytes([9]) * 32 not in disk
    assert b"state" not in disk


def test_another_device_reads_nothing(tmp_path, memory):
    memory.put(LOG, {0: b"first"}, NOTE)
    memory.close()
    other = Memory(tmp_path, bytes(32))
    assert other.entries(LOG) == []
    assert other.note(LOG) == Note()
    other.close()


def test_a_record_moved_to_another_place_is_not_taken(memory):
    memory.put(LOG, {0: b"first"}, Note())
    memory._database.execute("UPDATE record SET log = ? WHERE counter = 1", (OTHER,))
    assert memory.entries(OTHER) == []


def test_only_its_owner_can_read_the_file(tmp_path, memory):
    memory.put(LOG, {0: b"first"}, Note())
    assert stat.S_IMODE((tmp_path / "memory").stat().st_mode) == 0o600


def test_a_second_process_is_refused_while_the_first_is_at_work(tmp_path, memory):
    program = (
        "import sys, pathlib\n"
        "from microblog.client.memory import Memory, StorageBusy\n"
        "try:\n"
        "    Memory(pathlib.Path(sys.argv[1]), bytes(range(32)), wait_seconds=0.1)\n"
        "except StorageBusy as busy:\n"
        "    print(busy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "another microblog is using the same folder\n"
    with pytest.raises(StorageBusy, match="another microblog is using the same folder"):
        Memory(tmp_path, SEED, wait_seconds=0.1)


def test_a_process_that_was_killed_locks_nobody_out(tmp_path):
    program = (
        "import os, sys, pathlib\n"
        "from microblog.client.memory import Memory, Note\n"
        "memory = Memory(pathlib.Path(sys.argv[1]), bytes(range(32)))\n"
        "memory.put(bytes(16), {0: b'kept'}, Note())\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    memory = Memory(tmp_path, SEED)
    assert memory.entries(LOG) == [b"kept"]
    memory.close()


def test_a_damaged_file_is_said_to_be(tmp_path):
    (tmp_path / "memory").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageFull, match="cannot be read or written"):
        Memory(tmp_path, SEED)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFull, match="cannot be written"):
        Memory(tmp_path / "file" / "home", SEED)


def test_a_full_disk_keeps_what_was_there(memory):
    memory.put(LOG, {0: b"first"}, Note())
    pages = memory._database.execute("PRAGMA page_count").fetchone()[0]
    memory._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="cannot be read or written"):
        memory.put(LOG, {1: os.urandom(100_000)}, NOTE)
    assert memory.entries(LOG) == [b"first"]
    assert memory.note(LOG) == Note()


def test_what_is_forgotten_is_gone(memory):
    memory.put(LOG, {0: b"first"}, NOTE)
    memory.forget()
    assert memory.logs() == []


def test_an_erased_body_is_overwritten_on_the_disk(team_of_two, tmp_path):
    practice, ann, bea, log = team_of_two
    bea.memory = Memory(tmp_path, bea.keys.device_seed)
    bea = practice.reopen(bea)
    say(ann, log, "On the wrong child.")
    refresh(bea)
    seq = read_posts(ann, log)[0].seq
    query = "SELECT sealed FROM record WHERE log = ? AND counter = ?"
    row = bea.memory._database.execute(query, (read_id(log), seq + 1)).fetchone()
    pieces = [row[0][at : at + 32] for at in range(0, len(row[0]) - 32, 64)]
    assert pieces[-1] in (tmp_path / "memory").read_bytes()
    withdraw(ann, log, seq, True, "wrong child")
    refresh(bea)
    disk = (tmp_path / "memory").read_bytes()
    assert not any(piece in disk for piece in pieces)
    bea.memory.close()


def test_a_memory_that_lost_entries_is_filled_again_and_its_pin_still_holds(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Kept.")
    refresh(bea)
    bea.memory._database.execute("DELETE FROM record WHERE counter = 3")
    again = practice.reopen(bea)
    assert read_texts(again, log) == []
    refresh(again)
    assert read_texts(again, log) == ["Kept."]
    assert child_of(again, log).trouble is None


def test_a_pin_does_not_go_back_with_a_memory_that_lost_its_entries(team_of_two):
    practice, ann, bea, log = team_of_two
    say(ann, log, "Seen.")
    refresh(bea)
    pin = bea.memory.note(read_id(log)).pin
    bea.memory._database.execute("DELETE FROM record WHERE counter = 2")
    entries = practice.server.streams[read_id(log)].entries
    real = entries[1]
    entries[1] = replace(real, signature=bytes(64))
    again = practice.reopen(bea)
    refresh(again)
    assert child_of(again, log).trouble.error == "NotAuthentic"
    assert again.memory.note(read_id(log)).pin == pin
    entries[1] = real
    entries.pop()
    once_more = practice.reopen(bea)
    refresh(once_more)
    assert child_of(once_more, log).trouble.error == "RolledBack"


def test_many_at_once_wait_for_one_another_and_no_two_for_each_other(tmp_path):
    def use(_number):
        with closing(Memory(tmp_path, SEED, wait_seconds=10)) as memory:
            return memory.logs()

    with ThreadPoolExecutor(12) as pool:
        for _ in range(5):
            # Two that wait for each other give up when their time is over.
            assert list(pool.map(use, range(12))) == [[]] * 12
