"""Restoring an older backup with clients open: nothing acknowledged is missing, nothing forked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.client import team
from microblog.client.following import refresh
from microblog.client.reading import overview, posts
from microblog.client.transport import Refused
from tests.browser import node
from tests.ops.people import BrowsersClient, People, run, stored

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from microblog.protocol.entry import Entry
    from tests.serving import Server


@pytest.fixture
def people(server, monkeypatch) -> Iterator[People]:
    """Return three people on a real server who follow one child; letters are stretched quickly."""
    monkeypatch.setattr("microblog.protocol.invitation.MEMORY_KIB", 8)
    monkeypatch.setattr("microblog.protocol.invitation.PASSES", 1)
    people = People(server)
    people.found("Ann")
    people.join("Bea")
    people.join("Cy")
    yield people
    people.close()


def back_up(server: Server) -> Path:
    file = server.data.parent / f"backup{len(list(server.data.parent.glob('backup*')))}"
    code, said = run(server, "backup", str(file))
    assert code == 0, said
    return file


def restore(server: Server, file: Path) -> dict[bytes, list[Entry]]:
    """Restore a backup and return what was stored before, which all was acknowledged."""
    assert server.stop() == 0
    before = stored(server.site)
    code, said = run(server, "restore", str(file))
    assert code == 0, said
    server.start()
    return before


def same(before: dict[bytes, list[Entry]], after: dict[bytes, list[Entry]]) -> list[str]:
    """Return where something that was acknowledged is missing, moved, changed or another."""
    faults = []
    for log in before.keys() | after.keys():
        old, new = before.get(log, []), after.get(log, [])
        ids = [it.id for it in old]
        if [it.id for it in new] != ids:
            faults.append(f"{log.hex()}: {len(old)} entries before, {len(new)} after")
        elif [(it.body, it.salt) for it in new] != [(it.body, it.salt) for it in old]:
            faults.append(f"{log.hex()}: other words")
    return faults


def check(server: Server) -> None:
    code, said = run(server, "check")
    assert code == 0, said


def test_three_open_clients_give_back_all_that_a_restore_lost(people, server):
    log = people.child("Ann", "Rosie Turner", "Bea", "Cy")
    people.say("Bea", log, "Thinner than last week.")
    people.say("Cy", log, "Put on the wrong child.")
    people.refresh_all()
    file = back_up(server)
    seq = posts(people.sessions["Cy"], log, "", 9).posts[0].seq
    people.erase("Cy", log, seq)
    people.say("Ann", log, "Rang the school.")
    people.refresh_all()
    # Held by one each: a child begun since, someone let in since, and the newest post of all.
    other = people.child("Bea", "Sam Turner", "Cy")
    people.join("Dee")
    people.refresh_all()
    people.remove("Ann", log, "Cy")
    people.say("Bea", log, "Not let in today.")
    before = restore(server, file)
    for name in ("Ann", "Bea", "Cy"):
        refresh(people.sessions[name])
        assert overview(people.sessions[name]).restoring
        with pytest.raises(Refused, match="restoring"):
            people.say(name, other if name == "Cy" else log, "Not yet.")
    assert people.troubles() == []
    assert same(before, stored(server.site)) == []
    check(server)
    code, said = run(server, "open")
    assert (code, "1 of the 4 people here were not seen" in said) == (1, True)
    people.refresh_all()
    assert run(server, "open") == (0, "open: 4 of 4 people have given back what they held\n")
    people.say("Bea", log, "Seen today, well.")
    people.say("Cy", other, "Also well.")
    people.refresh_all()
    assert people.troubles() == []
    assert not overview(people.sessions["Ann"]).restoring
    newest = posts(people.sessions["Ann"], log, "", 9).posts
    assert [it.text for it in newest] == [
        "Seen today, well.", "Not let in today.", "Rang the school.", "", "Thinner than last week.",
    ]  # fmt: skip
    check(server)


def test_whoever_was_not_seen_before_it_was_opened_is_told_that_something_is_gone(people, server):
    log = people.child("Ann", "Rosie Turner", "Bea")
    people.refresh_all()
    file = back_up(server)
    people.say("Bea", log, "Only I hold this.")
    restore(server, file)
    people.refresh_all(["Ann"])
    assert run(server, "open", "--anyway")[0] == 0
    people.say("Ann", log, "Something else.")
    people.refresh_all()
    # The planted fault of the test above: what is not given back is seen to be missing.
    assert len(people.troubles()) == 1
    assert "Bea" in people.troubles()[0]
    assert "RolledBack" in people.troubles()[0]
    kept = posts(people.sessions["Bea"], log, "", 9).posts
    assert [it.text for it in kept] == ["Only I hold this."]


def test_boxes_made_since_the_backup_are_made_again(people, server):
    log = people.child("Ann", "Rosie Turner", "Bea")
    people.refresh_all()
    file = back_up(server)
    people.remove("Ann", log, "Bea")
    people.join("Dee")
    refresh(people.sessions["Ann"])
    team.grant(people.sessions["Ann"], log, people.id("Dee"), "follower", "new")
    people.say("Ann", log, "After.")
    # Dee has not looked since: her box lay on the server only.
    restore(server, file)
    people.refresh_all(["Ann"])
    people.refresh_all(["Dee", "Bea"])
    assert people.troubles() == []
    (newest, *_) = posts(people.sessions["Dee"], log, "", 9).posts
    assert newest.text == "After."
    (seen_by_bea,) = overview(people.sessions["Bea"]).children
    assert seen_by_bea.removed is not None


def test_a_browsers_client_gives_back_too(server):
    people = People(server)
    people.found("Ann")
    cy = BrowsersClient(node(), people, "Cy")
    try:
        log = people.child("Ann", "Rosie Turner")
        team.grant(people.sessions["Ann"], log, cy.id, "follower", "teaches her")
        assert cy.say(log, "Quiet today.") == []
        people.refresh_all()
        file = back_up(server)
        assert cy.say(log, "Put on the wrong child.") == []
        people.say("Ann", log, "Rang the school.")
        cy.ask("refresh")
        (wrong,) = [it for it in cy.ask("posts", log=log, before="", count=9)["posts"]
                    if it["text"].startswith("Put")]  # fmt: skip
        cy.ask("withdraw", log=log, seq=wrong["seq"], erase=True, why="wrong child")
        people.join("Bea")
        people.refresh_all()
        other = people.child("Ann", "Sam Turner", "Bea")
        team.grant(people.sessions["Ann"], other, cy.id, "follower", "teaches him")
        assert cy.say(other, "Only the browser holds this.") == []
        before = restore(server, file)
        cy.ask("refresh")
        assert cy.ask("overview")["restoring"] is True
        assert cy.say(log, "Not yet.") == ["restoring"]
        assert cy.troubles() == []
        assert same(before, stored(server.site)) == []
        people.refresh_all()
        cy.ask("refresh")
        assert run(server, "open")[0] == 0
        cy.ask("refresh")
        assert cy.ask("overview")["restoring"] is False
        assert cy.say(log, "Open again.") == []
        people.refresh_all()
        assert people.troubles() + cy.troubles() == []
        newest = posts(people.sessions["Bea"], other, "", 9).posts
        assert [it.text for it in newest] == ["Only the browser holds this."]
        # What waited meanwhile went first.
        assert cy.texts(log)[:3] == ["Open again.", "Not yet.", "Rang the school."]
        assert cy.texts(log)[3:] == ["", "Quiet today."]
        check(server)
    finally:
        cy.close()
        people.close()


def act(people: People, chance: random.Random, logs: list[str], number: int) -> None:
    """Have someone do something that a practice does."""
    names, what = list(people.sessions), chance.random()
    who = chance.choice(names)
    refresh(people.sessions[who])
    mine = [it for it in overview(people.sessions[who]).children if it.my_role and not it.waiting]
    if what < 0.1 or not mine:
        friends = chance.sample([it for it in names if it != who], 2)
        logs.append(people.child(who, f"Child {number}", *friends))
        return
    child = chance.choice(mine)
    others = [it for it in names if it != who]
    if what < 0.2 and child.keeper and len(child.members) > 1:
        listed = [it for it in others if people.id(it) in {m.person.id for m in child.members}]
        people.remove(who, child.log, chance.choice(listed))
    elif what < 0.35:
        own = [it for it in posts(people.sessions[who], child.log, "", 50).posts
               if it.mine and it.state == "shown"]  # fmt: skip
        if own:
            people.erase(who, child.log, chance.choice(own).seq)
    else:
        people.say(who, child.log, f"{number}")


@pytest.mark.trial(small=2, great=60)
def test_whatever_happened_since_the_backup_comes_back(people, server, trials):
    logs: list[str] = []
    people.refresh_all()
    for number in range(trials.count):
        chance = trials.random(number)
        for step in range(6):
            act(people, chance, logs, 100 * number + step)
        file = back_up(server)
        for step in range(chance.randrange(1, 12)):
            act(people, chance, logs, 100 * number + 50 + step)
        before = restore(server, file)
        names = list(people.sessions)
        for _ in range(2):
            chance.shuffle(names)
            people.refresh_all(names)
        assert people.troubles() == []
        assert same(before, stored(server.site)) == []
        assert run(server, "open")[0] == 0
        people.refresh_all()
    assert people.troubles() == []
    check(server)


def test_a_lost_a_moved_and_a_changed_entry_are_noticed(people, server):
    people.child("Ann", "Rosie Turner", "Bea")
    assert server.stop() == 0
    log, entries = next((log, it) for log, it in stored(server.site).items() if log != bytes(16))
    assert same({log: entries}, {log: entries}) == []
    assert same({log: entries}, {log: entries[:-1]}) != []
    assert same({log: entries}, {log: entries[::-1]}) != []
    assert same({log: entries[:1]}, {}) != []
