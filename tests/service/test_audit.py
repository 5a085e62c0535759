"""Checking and rebuilding: all damage is named; what follows from the logs is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.app import create_app
from microblog.protocol.base64url import encode_base64url
from microblog.service import audit
from microblog.store.db import read_in, write_in
from tests.databases import change_rows, settings_on
from tests.hosting import ORIGIN, Clock, Host
from tests.vectors.practice import fresh, staff

if TYPE_CHECKING:
    from microblog.store.db import Site

ADA = encode_base64url(fresh("Ada", 16))
BEN = encode_base64url(fresh("Ben id", 16))
LOG = f"x'{fresh('Ada', 16).hex()}'"
NOTHING = f"x'{'00' * 64}'"


@pytest.fixture(scope="module")
def written(new_site, tmp_path_factory) -> Site:
    """Return the data of a practice with people, a removal, a withdrawal and an erased post."""
    site, clock = new_site(tmp_path_factory.mktemp("written") / "data"), Clock()
    host = Host(create_app(settings_on(site, ORIGIN), clock), site, clock)
    host.found()
    asha, ben = host.practice.asha, host.admit("Ben")
    host.admit("Cho")
    child = host.practice.child("Ada")
    child.grant(asha, ben)
    child.post(ben, "one")
    child.post(ben, "two")
    child.withdraw(ben, 3)
    child.withdraw(ben, 4, erase=1)
    child.grant(asha, staff("Cho"), "supervisor")
    child.remove(asha, ben)
    child.post(asha, "three", nudge=1)
    for number, entry in enumerate(child.entries):
        caller = host.callers["Ben" if entry.header.author == ben.id else "Asha"]
        assert caller.append(child.log, [entry]).status == 201, number
    host.practice.leave(ben)
    host.send()
    host.close()
    return site


@pytest.fixture
def there(written, copy_site, tmp_path) -> Site:
    """Return a copy of it, to be damaged."""
    return copy_site(written, tmp_path / "data")


def damage(site: Site, statement: str) -> None:
    assert change_rows(site, statement) > 0


def faults(site: Site) -> list[str]:
    return read_in(site, audit.check).faults


def test_a_sound_practice_has_no_faults(there):
    found = read_in(there, audit.check)
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
        (f"UPDATE entry SET signature = {NOTHING}", "does not verify"),
        (f"DELETE FROM entry WHERE seq = 3 AND log = {LOG}", f"log {ADA} seq 4: does not verify"),
        (f"DELETE FROM entry WHERE seq = 9 AND log = {LOG}", f"log {ADA} seq 9: words without an"),
        (f"DELETE FROM body WHERE seq = 3 AND log = {LOG}", f"log {ADA} seq 3: its words are mis"),
        (
            f"UPDATE body SET body = {NOTHING} WHERE seq = 3 AND log = {LOG}",
            "are missing, or",
        ),
        (f"INSERT INTO body VALUES ({LOG}, 4, x'', x'')", f"log {ADA} seq 4: its words are still"),
        (f"INSERT INTO box VALUES ({LOG}, 7, x'', x'')", f"log {ADA}: boxes of epoch 7"),
    ],
)
def test_damage_is_named(there, statement, fault):
    damage(there, statement)
    assert any(fault in line for line in faults(there)), faults(there)


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
def test_what_follows_from_the_logs_is_made_anew(there, statement):
    damage(there, statement)
    assert write_in(there, audit.rebuild) != []
    assert faults(there) == []
    assert write_in(there, audit.rebuild) == []


def test_nothing_is_rebuilt_from_a_log_that_does_not_verify(there):
    damage(there, f"UPDATE entry SET signature = {NOTHING} WHERE log = {LOG} AND seq = 5")
    damage(there, "DELETE FROM follower")
    with pytest.raises(ValueError, match=f"log {ADA} seq 5: does not verify: the signature"):
        write_in(there, audit.rebuild)
    assert any("follower" in line for line in faults(there))
