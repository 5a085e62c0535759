"""Destroying for good on a real server, and restoring an older backup after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.client import team
from microblog.client.destroying import confirm_shred, propose_shred
from microblog.client.following import refresh
from microblog.client.reading import overview, posts
from microblog.client.retention import shreds
from microblog.client.session import read_id
from microblog.protocol import shred
from tests.databases import every_row
from tests.forking import Forked, become
from tests.ops.people import stored
from tests.ops.test_restore import back_up, check, people, restore, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.serving import Server

__all__ = ["people"]


class Hurried(Forked):
    """A server for which a fortnight is over at once."""

    def entrance(self) -> Callable[[list[str], dict[str, str], str], None]:
        return become_hurried


def become_hurried(words: list[str], environment: dict[str, str], output: str) -> None:
    shred.WAIT_MS = 0
    become(words, environment, output)


@pytest.fixture
def begin_microblogd(monkeypatch) -> type[Hurried]:
    """Have what is proposed be seconded at once, in the clients and in the server."""
    monkeypatch.setattr(shred, "WAIT_MS", 0)
    return Hurried


def on_disk(server: Server) -> bytes:
    """Return every byte that the server is using; what was replaced, and backups, lie apart."""
    files = b"".join(it.read_bytes() for it in server.data.iterdir() if it.is_file())
    return files + (every_row(server.site) if server.site.is_shared else b"")


def test_what_was_destroyed_since_the_backup_is_shown_by_nobody_and_destroyed_again(people, server):
    ann, bea, cy = (people.sessions[name] for name in ("Ann", "Bea", "Cy"))
    log = people.child("Ann", "Rosie Turner", "Bea", "Cy")
    team.grant(ann, log, people.id("Bea"), "supervisor", "")
    people.say("Ann", log, "Kept long enough.")
    people.refresh_all()
    file = back_up(server)
    seq = posts(ann, log, "", 9).posts[0].seq
    body = ann.feeds[read_id(log)].entries[seq].body
    propose_shred(ann, log, [seq], "School file", "old")
    refresh(bea)
    confirm_shred(bea, log, shreds(bea, log)[0].id)
    refresh(ann)
    assert body not in on_disk(server)
    before = restore(server, file)
    assert body in on_disk(server)
    for session in (ann, bea):
        refresh(session)
        assert overview(session).restoring
        assert [it.state for it in posts(session, log, "", 9).posts] == ["destroyed"]
    # Cy, who had not heard of it, brings the words along, and learns that they are gone.
    people.refresh_all()
    assert [it.state for it in posts(cy, log, "", 9).posts] == ["destroyed"]
    assert people.troubles() == []
    assert same(before, stored(server.site)) == []
    assert body not in on_disk(server)
    check(server)
