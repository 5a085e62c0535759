"""Checking and rebuilding: all damage is named; what follows from the logs is made anew."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.service import audit
from microblog.store.db import read_in, write_in
from microblog.store.engine import DATABASE
from tests.vectors.practice import fresh, staff

if TYPE_CHECKING:
    from pathlib import Path

ADA = encode_base64url(fresh("Ada", 16))
BEN = encode_base64url(fresh("Ben id", 16))
LOG = f"x'{fresh('Ada', 16).hex()}'"


@pytest.fixture
def folder(empty_host) -> Path:
    """Return the data of a practice with people, a removal, a withdrawal and an erased post."""
    empty_host.found()
    asha, ben = empty_host.practice.asha, empty_host.admit("Ben")
    empty_host.admit("Cho")
    child = empty_host.practice.child("Ada")
    child.grant(asha, ben)
    child.post(ben, "one")
    child.post(ben, "two")
    child.withdraw(ben, 3)
    child.withdraw(ben, 4, erase=1)
    child.grant(asha, staff("Cho"), "supervisor")
    child.remove(asha, ben)
    child.post(asha, "three", nudge=1)
    for number, entry in enumerate(child.entries):
        caller = empty_host.callers["Ben" if entry.header.author == ben.id else "Asha"]
        assert caller.append(child.log, [entry]).status == 201, number
    empty_host.practice.leave(ben)
    empty_host.send()
    empty_host.close()
    return empty_host.folder


def damage(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / DATABASE)
    assert database.execute(statement).rowcount > 0
    database.commit()
    database.close()


def faults(folder: Path) -> list[str]:
    return read_in(folder, audit.check).faults


def test_a_sound_practice_has_no_faults(folder):
    found = read_in(folder, audit.check)
    assert (found.faults, found.logs, found.entries) == ([], 2, 17)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (f"UPDATE log_head SET seq = 8 WHERE log = {LOG}", f"head of log {ADA}: not what"),
        (f"UPDATE log_head SET state = x'80' WHERE log = {LOG}", f"head of log {ADA}: not what"),
        (f"DELETE FROM log_head WHERE log = {LOG}", f"head of log {ADA}: follows from the logs"),
        ("UPDATE follower SET until_seq = NULL", f"follower {ADA} {BEN}: not what follows"),
        ("UPDATE follower SET role = 'keeper'", "follower"),
        ("DELETE FROM follower", "follower"),
        (
            f"INSERT INTO follower VALUES ({LOG}, x'01', 'keeper', 0, NULL)",
            f"follower {ADA} AQ: st",
        ),
        ("UPDATE person SET left_seq = NULL", f"person {BEN}: not what follows"),
        ("DELETE FROM person", "person"),
        ("UPDATE device SET since_seq = 99", "device"),
        ("UPDATE entry SET withdrawn = 0", f"withdrawals of log {ADA}: follows from the logs"),
        ("UPDATE entry SET time = time + 1", "a column is not what the header says"),
        ("UPDATE entry SET nudge = 1 - nudge", "a column is not what the header says"),
        ("UPDATE entry SET kind = 'about' WHERE kind = 'post'", "a column is not what the header"),
        ("UPDATE entry SET signature = zeroblob(64)", "does not verify"),
        (f"DELETE FROM entry WHERE seq = 3 AND log = {LOG}", f"log {ADA} seq 4: does not verify"),
        (f"DELETE FROM entry WHERE seq = 9 AND log = {LOG}", f"log {ADA} seq 9: words without an"),
        (f"DELETE FROM body WHERE seq = 3 AND log = {LOG}", f"log {ADA} seq 3: its words are mis"),
        (f"UPDATE body SET body = zeroblob(2088) WHERE seq = 3 AND log = {LOG}", "are missing, or"),
        (f"INSERT INTO body VALUES ({LOG}, 4, x'', x'')", f"log {ADA} seq 4: its words are still"),
        (f"INSERT INTO box VALUES ({LOG}, 7, x'', x'')", f"log {ADA}: boxes of epoch 7"),
    ],
)
def test_damage_is_named(folder, statement, fault):
    damage(folder, statement)
    assert any(fault in line for line in faults(folder)), faults(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM follower",
        "DELETE FROM person",
        "DELETE FROM device",
        "DELETE FROM log_head",
        "UPDATE entry SET withdrawn = 2",
        "UPDATE follower SET role = 'follower', since_seq = 0, until_seq = NULL",
    ],
)
def test_what_follows_from_the_logs_is_made_anew(folder, statement):
    damage(folder, statement)
    assert write_in(folder, audit.rebuild) != []
    assert faults(folder) == []
    assert write_in(folder, audit.rebuild) == []


def test_nothing_is_rebuilt_from_a_log_that_does_not_verify(folder):
    damage(folder, f"UPDATE entry SET signature = zeroblob(64) WHERE log = {LOG} AND seq = 5")
    damage(folder, "DELETE FROM follower")
    with pytest.raises(ValueError, match=f"log {ADA} seq 5: does not verify: the signature"):
        write_in(folder, audit.rebuild)
    assert any("follower" in line for line in faults(folder))
