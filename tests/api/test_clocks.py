"""Clocks that jump, the server's and the clients', forward and back: nothing is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from microblog.protocol.entry import decode_entry
from microblog.service import audit
from microblog.store.db import read_in
from tests.asking import refused
from tests.vectors.practice import staff

if TYPE_CHECKING:
    from tests.asking import Caller
    from tests.hosting import Host
    from tests.practice import Child

HOUR_MS = 60 * 60 * 1000
YEAR_MS = 365 * 24 * HOUR_MS


def stored(caller: Caller, child: Child) -> list[bytes]:
    entries, _ = caller.fetch({child.log: 0})[child.log]
    return [decode_entry(it).id for it in entries]


def post_at(caller: Caller, child: Child, time: int) -> int:
    """Post with a client's clock at this time; return the status. A refused post is not kept."""
    child.now = time
    entry = child.post(staff("Ben"), f"{len(child.entries)}")
    reply = caller.append(child.log, [entry])
    if reply.status != 201:
        refused(reply, 422, "wrong-time", "entry 0")
        child.entries.pop()
    return reply.status


def sound(host: Host) -> None:
    assert read_in(host.site, audit.check).faults == []


@pytest.mark.parametrize("jump", [YEAR_MS, -YEAR_MS, HOUR_MS, -HOUR_MS])
def test_whatever_the_servers_clock_does_what_was_acknowledged_stays(host, child, jump):
    ben, start = host.callers["Ben"], host.clock.now
    assert post_at(ben, child, start) == 201
    host.clock.now += jump
    if jump > HOUR_MS:
        # Sessions are out of date by the server's clock: signing in anew mends it.
        refused(ben.call("GET", "/api/streams"), 401, "signed-out", "")
        ben = host.sign_in(staff("Ben"))
    status = post_at(ben, child, start + 1000)
    assert status == (201 if jump > 0 else 422)
    host.clock.now = start + 2000
    ben = host.sign_in(staff("Ben"))
    assert post_at(ben, child, start + 2000) == 201
    assert stored(ben, child) == [it.id for it in child.entries]
    sound(host)


def test_a_clients_clock_that_is_ahead_is_refused_and_one_that_is_behind_is_not_needed(host, child):
    ben, start = host.callers["Ben"], host.clock.now
    assert post_at(ben, child, start + 2 * 60 * 1000) == 201
    assert post_at(ben, child, start + 2 * 60 * 1000 + 1) == 422
    # What a client does whose clock is behind: it takes the newest entry's time.
    assert post_at(ben, child, child.entries[-1].header.time) == 201
    assert post_at(ben, child, start) == 422
    assert stored(ben, child) == [it.id for it in child.entries]


def test_a_log_written_while_all_clocks_were_a_year_ahead_goes_on_after(host, child):
    start = host.clock.now
    host.clock.now += YEAR_MS
    ben = host.sign_in(staff("Ben"))
    assert post_at(ben, child, host.clock.now) == 201
    host.clock.now = start
    ben = host.sign_in(staff("Ben"))
    ahead = child.entries[-1].header.time
    assert post_at(ben, child, start) == 422
    assert post_at(ben, child, ahead + 1) == 422
    assert post_at(ben, child, ahead) == 201
    assert stored(ben, child) == [it.id for it in child.entries]
    sound(host)
