"""Two server processes at once on PostgreSQL: whoever is judged is judged by what then is stored.

One is held in the moment before its transaction is committed, while the other, on connections and
with a memory of its own, does what must not go beside it. Each race is also run without locks, and
must then be seen to be lost.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY
from microblog.store.committer import Committer
from tests.asking import Caller, InProcess
from tests.databases import run_sql
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.asking import Reply
    from tests.hosting import Host
    from tests.vectors.practice import Staff

pytestmark = pytest.mark.only("postgresql", "SQLite has one process, and in it one writer")

BLOCKED_SECONDS = 0.3
END_SECONDS = 20


@dataclass
class Race:
    """Two processes on one database: `host`, whose commits can be held, and `other`."""

    host: Host
    other: Host
    laptop: Staff
    holding: threading.Event
    reached: threading.Event
    go_on: threading.Event

    def there(self, name: str) -> Caller:
        """Return someone's browser, which asks the other process."""
        theirs = self.host.callers[name]
        assert isinstance(theirs.way, InProcess)
        elsewhere = Caller(InProcess(self.other.app, self.other.origin))
        for cookie in theirs.way._client._cookies.values():
            elsewhere.way._client._cookies[cookie._storage_key] = cookie
        return elsewhere

    def run(
        self, first: Callable[[], Reply], second: Callable[[], Reply]
    ) -> tuple[Reply, Reply, bool]:
        """Hold the first before it is committed, begin the second, and let the first go on.

        Return what both were answered, and whether the second waited for the first.
        """
        self.holding.set()
        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(first)
            assert self.reached.wait(END_SECONDS)
            self.holding.clear()
            two = threads.submit(second)
            try:
                two.result(BLOCKED_SECONDS)
                waited = False
            except TimeoutError:
                waited = True
            self.go_on.set()
            return one.result(END_SECONDS), two.result(END_SECONDS), waited


@pytest.fixture
def race(host, child, new_host, monkeypatch) -> Iterator[Race]:
    """Return two processes; Asha keeps a stream that Ben follows, and Ben has a laptop."""
    laptop = host.practice.let_in(staff("Ben"), "laptop")
    race = Race(host, new_host(), laptop, *(threading.Event() for _ in range(3)))
    entry = host.practice.directory.entries[-1]
    assert host.callers["Ben"].append(DIRECTORY, [entry]).status == 201
    host.sent += 1
    host.callers["laptop"] = host.sign_in(laptop)
    held = host.app.extensions["microblog"].database.writer._engine
    real = Committer._commit

    def commit(writer: Committer, desk: Any) -> None:
        if desk.connection.engine is held and race.holding.is_set():
            race.reached.set()
            assert race.go_on.wait(END_SECONDS)
        real(writer, desk)

    monkeypatch.setattr(Committer, "_commit", commit)
    yield race
    race.go_on.set()


@pytest.fixture
def unlocked(monkeypatch) -> None:
    """Have nobody hold anything."""
    for name in ("asks", "boxes", "links", "logs", "note", "push", "rounds", "sessions"):
        monkeypatch.setattr(f"microblog.service.{name}.hold", lambda *_, **__: None)


def post_beside_revocation(race: Race, child) -> tuple[Reply, Reply, bool]:
    """Revoke Ben's laptop here while it posts there."""
    entry = child.post(race.laptop)
    revoked = race.host.practice.revoke(race.laptop)
    return race.run(
        lambda: race.host.asha.append(DIRECTORY, [revoked]),
        lambda: race.there("laptop").append(child.log, [entry]),
    )


def test_nobody_posts_beside_their_own_revocation(race, child):
    revoked, posted, waited = post_beside_revocation(race, child)
    assert revoked.status == 201
    assert waited
    assert posted.status in (401, 422)
    assert run_sql(race.host.site, "SELECT count(*) FROM entry WHERE kind = 'post'") == [(0,)]


@pytest.mark.usefixtures("unlocked")
def test_without_locks_they_would(race, child):
    revoked, posted, waited = post_beside_revocation(race, child)
    assert (revoked.status, posted.status, waited) == (201, 201, False)


def test_a_revocation_waits_for_the_post_before_it(race, child):
    entry = child.post(race.laptop)
    revoked = race.host.practice.revoke(race.laptop)
    posted, done, waited = race.run(
        lambda: race.host.callers["laptop"].append(child.log, [entry]),
        lambda: race.there("Asha").append(DIRECTORY, [revoked]),
    )
    assert (posted.status, done.status, waited) == (201, 201, True)


def sign_in_beside_revocation(race: Race) -> tuple[Reply, Reply, bool]:
    host = race.host
    caller = race.other.caller()
    proof = caller.proof("device", race.laptop.seed, host.practice)
    revoked = host.practice.revoke(race.laptop)
    return race.run(
        lambda: host.asha.append(DIRECTORY, [revoked]),
        lambda: caller.call("POST", "/api/sessions", proof),
    )


def test_nobody_signs_in_beside_their_own_revocation(race):
    revoked, signed_in, waited = sign_in_beside_revocation(race)
    assert (revoked.status, signed_in.status, waited) == (201, 401, True)


@pytest.mark.usefixtures("unlocked")
def test_without_locks_they_would_sign_in(race):
    revoked, signed_in, waited = sign_in_beside_revocation(race)
    assert (revoked.status, signed_in.status, waited) == (201, 201, False)


def both_append(race: Race, child) -> tuple[Reply, Reply, bool]:
    one = child.post(race.host.practice.asha, "one")
    child.entries.pop()
    two = child.post(staff("Ben"), "two")
    return race.run(
        lambda: race.host.asha.append(child.log, [one]),
        lambda: race.there("Ben").append(child.log, [two]),
    )


def test_one_entry_follows_another(race, child):
    one, two, waited = both_append(race, child)
    assert (one.status, two.status, waited) == (201, 409, True)
    assert two.code == "stale-head"


@pytest.mark.usefixtures("unlocked")
def test_without_locks_one_of_them_is_told_only_that_it_was_too_late(race, child):
    """Even so no two entries have one place: the key of the table sees to that."""
    one, two, _ = both_append(race, child)
    # The first has judged, but its row goes with its commit: so it is the one that is too late.
    assert (one.status, two.status) == (503, 201)
    assert (one.code, one.header("Retry-After")) == ("busy", "5")


def test_a_stream_is_begun_once(race):
    host = race.host
    child = host.practice.child("Bo")
    again = [*child.entries]
    one, two, waited = race.run(
        lambda: host.asha.append(child.log, again),
        lambda: race.there("Asha").append(child.log, again),
    )
    # The same once more: it is there.
    assert (one.status, two.status, waited) == (201, 200, True)


def test_an_invitation_is_used_once(race):
    host, practice = race.host, race.host.practice
    invite = practice.invite("Cho")
    host.send()
    callers = [host.caller(), race.other.caller()]
    for caller in callers:
        assert caller.knock(practice.invitation_seed("Cho"), practice).status == 201
    join = practice.join_entry("Cho", invite)
    other = practice.join_entry("Cho", invite, time=host.clock() + 1)
    one, two, waited = race.run(
        lambda: callers[0].append(DIRECTORY, [join]),
        lambda: callers[1].append(DIRECTORY, [other]),
    )
    assert (one.status, two.status, waited) == (201, 409, True)


def test_a_challenge_is_used_once(race):
    host = race.host
    proof = host.caller().proof("device", staff("Ben").seed, host.practice)
    one, two, waited = race.run(
        lambda: host.caller().call("POST", "/api/sessions", proof),
        lambda: race.other.caller().call("POST", "/api/sessions", proof),
    )
    assert (one.status, two.status, waited) == (201, 401, True)


def test_a_note_is_replaced_by_one(race):
    def put(caller: Caller, note: bytes) -> Reply:
        return caller.call("PUT", "/api/own-note", encode([0, note]))

    one, two, waited = race.run(
        lambda: put(race.host.callers["Ben"], b"one"), lambda: put(race.there("Ben"), b"two")
    )
    assert (one.status, two.status, waited) == (204, 409, True)


def test_boxes_are_of_the_newest_epoch(race, child):
    removed = child.remove(race.host.practice.asha, staff("Ben"))
    epoch = child.epoch
    one, two, waited = race.run(
        lambda: race.host.asha.append(child.log, [removed]),
        lambda: race.there("Ben").put_boxes(child.log, epoch - 1, [(staff("Ben").id, bytes(80))]),
    )
    assert (one.status, two.status, waited) == (201, 404, True)


def test_a_practice_is_founded_once_and_by_the_newest_link(empty_host, new_host):
    """Two who have the link open it at once, again and again: one session is left."""
    other, token = new_host(), empty_host.founding_token()
    callers = [host.caller() for host in (empty_host, other) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda it: it.open_founding(token), callers))
    assert {it.status for it in opened} == {201}
    sessions = "SELECT count(*) FROM session WHERE sort = 'founding'"
    assert run_sql(empty_host.site, sessions) == [(1,)]
    entries = empty_host.practice.directory.entries[:2]
    with ThreadPoolExecutor(8) as threads:
        founded = [
            it.status for it in threads.map(lambda it: it.append(DIRECTORY, entries), callers)
        ]
    assert founded.count(201) == 1
    assert set(founded) <= {201, 401}
