"""Giving back to a server that is being restored; and what one gains that only says so: nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from microblog.client.following import refresh
from microblog.client.giving import give_back_directory
from microblog.client.reading import overview
from microblog.client.transport import Refused, StaleHead
from microblog.protocol.entry import DIRECTORY
from microblog.protocol.log import Head
from tests.client.practice import child_of, read_texts, say
from tests.lying.server import replace_kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from microblog.client.session import Session


@dataclass
class Given:
    """A server that lacks all of a log from `count` on, and notes what it is given."""

    count: int
    given: list[list[bytes]] = field(default_factory=list)
    lie: bool = False

    def give_back(self, log: bytes, entries: Sequence[bytes]) -> Head:
        assert log == DIRECTORY
        first = int(entries[0])
        self.given.append([first, len(entries)])
        if self.lie or first > self.count:
            raise StaleHead("", Head(self.count - 1, bytes(32)) if self.count else None)
        self.count = first + len(entries)
        return Head(self.count - 1, bytes(32))


def raw(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


@pytest.mark.parametrize(
    ("there", "given"),
    [
        (200, [[199, 1]]),
        (199, [[199, 1]]),
        (150, [[199, 1], [150, 50]]),
        (0, [[199, 1], [0, 64], [64, 64], [128, 64], [192, 8]]),
    ],
)
def test_what_the_server_lacks_is_given_and_no_more(there, given):
    server = Given(there)
    give_back_directory(server, raw(200))
    assert server.given == given
    assert server.count == 200


def test_a_server_that_always_lacks_more_is_not_given_for_ever():
    server = Given(50, lie=True)
    give_back_directory(server, raw(200))
    assert server.given == [[199, 1], [50, 64]]


def test_nothing_is_given_where_there_is_nothing():
    server = Given(0)
    give_back_directory(server, [])
    assert server.given == []


# Pins.


def say_restoring(session: Session, monkeypatch, restoring: bool) -> None:
    """Have the server say so, or no longer, and take nothing that is given back."""

    def refuse(*_: object) -> None:
        raise Refused("not-restoring", "")

    monkeypatch.setattr(session.transport, "restoring", lambda: restoring)
    monkeypatch.setattr(session.transport, "give_back", refuse, raising=False)
    monkeypatch.setattr(session.transport, "given_back", lambda: None, raising=False)
    session.transport.sort = ""


def test_less_than_was_seen_is_no_rollback_while_the_server_is_restored_and_one_after(
    team_of_two, monkeypatch
):
    practice, ann, bea, log = team_of_two
    (stream_id,) = practice.server.streams
    older = replace_kept(practice.server.streams[stream_id])
    say(ann, log, "Thinner.")
    refresh(bea)
    practice.server.streams[stream_id] = older
    say_restoring(bea, monkeypatch, True)
    refresh(bea)
    assert overview(bea).restoring
    assert child_of(bea, log).trouble is None
    assert read_texts(bea, log) == ["Thinner."]
    say_restoring(bea, monkeypatch, False)
    refresh(bea)
    assert not overview(bea).restoring
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_a_stream_that_is_gone_is_no_rollback_while_the_server_is_restored_and_one_after(
    team_of_two, monkeypatch
):
    practice, _, bea, log = team_of_two
    kept = dict(practice.server.streams)
    practice.server.streams.clear()
    say_restoring(bea, monkeypatch, True)
    refresh(bea)
    assert child_of(bea, log).trouble is None
    practice.server.streams.update(kept)
    say_restoring(bea, monkeypatch, False)
    refresh(bea)
    assert child_of(bea, log).trouble is None
    practice.server.streams.clear()
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_another_log_is_a_rollback_whatever_the_server_says(team_of_two, monkeypatch):
    practice, ann, bea, log = team_of_two
    (stream_id,) = practice.server.streams
    older = replace_kept(practice.server.streams[stream_id])
    say(bea, log, "Mine.")
    practice.server.streams[stream_id] = older
    monkeypatch.setattr(ann.transport, "restoring", lambda: False)
    ann.feeds[stream_id].settle()
    say(ann, log, "Another in its place.")
    say_restoring(bea, monkeypatch, True)
    refresh(bea)
    assert child_of(bea, log).trouble.error == "RolledBack"


def test_less_of_the_directory_is_no_rollback_while_the_server_is_restored_and_one_after(
    team_of_two, monkeypatch
):
    practice, _, bea, _ = team_of_two
    server = practice.server
    whole, entries = server.directory, list(server.directory_entries)
    practice.join("Cy")
    refresh(bea)
    server.directory, server.directory_entries = whole, entries
    say_restoring(bea, monkeypatch, True)
    refresh(bea)
    assert overview(bea).trouble is None
    assert len(overview(bea).people) == 3
    say_restoring(bea, monkeypatch, False)
    refresh(bea)
    assert overview(bea).trouble.error == "RolledBack"
