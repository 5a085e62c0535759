"""`microblogd live`: a process of its own hears what the server is given, and says log and seq."""

from __future__ import annotations

import re
import time

import pytest

from microblog.ops.main import commands, run
from microblog.protocol.base64url import encode_base64url
from tests.listening import announcing_host, cookie_of, live_beside
from tests.vectors.practice import staff

#: Within so long nobody hears anything more that is no longer theirs.
CUT_SECONDS = 5


@pytest.fixture(scope="module")
def host(new_site, tmp_path_factory):
    """Return an application beside which the process runs; its clock goes with that one's."""
    found = announcing_host(new_site(tmp_path_factory.mktemp("live") / "data"))
    for name in ("Ben", "Cleo", "Dan"):
        found.admit(name)
    found.clock.now = time.time_ns() // 1_000_000
    yield found
    found.close()


@pytest.fixture(scope="module")
def live(host, tmp_path_factory):
    process = live_beside(host.site, tmp_path_factory.mktemp("live"))
    process.start()
    yield process
    process.kill()


@pytest.fixture
def child(host, request):
    """Return a stored stream that Asha keeps and Ben follows."""
    child = host.practice.child(request.node.name)
    child.grant(staff("Asha"), staff("Ben"))
    for name in ("Asha", "Ben"):
        host.callers[name] = host.sign_in(staff(name))
    host.asha.append_all(child)
    return child


def post(host, child):
    """Append a post and return the event that tells of it."""
    child.post(staff("Asha"))
    host.asha.append_all(child, len(child.entries) - 1)
    return event(child)


def event(log):
    return f"data: {encode_base64url(log.log)} {len(log.entries) - 1}"


def listen(host, live, *names):
    found = [live.listen_at_last(cookie_of(host.callers[name])) for name in names]
    assert [it.status for it in found] == [200] * len(names)
    return found


def heard_until(stream, last):
    """Return the events up to one; before it there may be some of what was just appended."""
    found = [stream.event()]
    while found[-1] not in (last, None):
        found.append(stream.event())
    assert found[-1] == last
    return found


def test_an_entry_is_told_of_to_whom_it_concerns_and_nothing_else_is_said(host, child, live):
    other = host.practice.child("another child")
    host.asha.append_all(other)
    asha, ben = listen(host, live, "Asha", "Ben")
    assert ben.fields["content-type"] == "text/event-stream"
    assert ben.fields["transfer-encoding"] == "chunked"
    assert "content-length" not in ben.fields
    assert [asha.line(), ben.line()] == [": live", ": live"]
    first, then = post(host, other), post(host, child)
    waited = {first, then}
    while waited:
        waited.discard(asha.event())
    told = heard_until(ben, then)
    assert first not in told
    assert all(re.fullmatch(r"data: [\w-]{22} [0-9]+", it) for it in told)


def test_who_ceases_to_follow_hears_of_that_and_of_nothing_after(host, child, live):
    mine = host.practice.child("Ben's")
    mine.grant(staff("Asha"), staff("Ben"))
    host.asha.append_all(mine)
    asha, ben = listen(host, live, "Asha", "Ben")
    child.remove(staff("Asha"), staff("Ben"))
    host.asha.append_all(child, len(child.entries) - 1)
    removed = event(child)
    assert removed in heard_until(ben, removed)
    after = post(host, child)
    # Once it was told it was told to all whom it concerns.
    heard_until(asha, after)
    assert after not in heard_until(ben, post(host, mine))


def test_a_stream_is_cut_off_within_five_seconds_of_its_sessions_end(host, live):
    for name in ("Asha", "Ben", "Cleo", "Dan"):
        host.callers[name] = host.sign_in(staff(name))
    asha, *others = listen(host, live, "Asha", "Ben", "Cleo", "Dan")
    begun = time.monotonic()
    assert host.callers["Ben"].call("DELETE", "/api/sessions").status == 204
    host.practice.revoke(staff("Cleo"))
    host.practice.leave(staff("Dan"))
    host.send()
    for stream in others:
        while stream.line(CUT_SECONDS) is not None:
            continue
    assert time.monotonic() - begun < CUT_SECONDS
    assert asha.event() is not None
    assert live.listen(cookie_of(host.callers["Dan"])).status == 401
    assert live.listen(cookie_of(host.asha), "HEAD").status == 200


def test_a_place_is_free_again_soon_after_its_client_is_gone(host, live):
    host.callers["Asha"] = host.sign_in(staff("Asha"))
    cookie = cookie_of(host.asha)
    opened = [live.listen(cookie) for _ in range(9)]
    assert {it.status for it in opened} == {200, 503}
    assert opened[-1].fields["retry-after"] == "5"
    for stream in opened:
        stream.close()
    assert live.listen_at_last(cookie).status == 200


def test_it_ends_when_it_is_told_to_and_so_does_every_stream(host, live):
    host.callers["Asha"] = host.sign_in(staff("Asha"))
    (asha,) = listen(host, live, "Asha")
    begun = time.monotonic()
    assert live.stop() == 0
    assert asha.event() is None
    assert time.monotonic() - begun < CUT_SECONDS
    assert "Traceback" not in live.log.read_text()


@pytest.mark.only("sqlite", "what it refuses is the same")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "MICROBLOG_LIVE is not set"),
        ({"MICROBLOG_LIVE": "8001"}, "there is no database in"),
        ({"MICROBLOG_LIVE": "/nowhere/live.sock"}, "the folder /nowhere is missing"),
    ],
)
def test_where_it_cannot_be_it_says_so(site, tmp_path, monkeypatch, capsys, changes, words):
    folder = site.folder if "nowhere" in str(changes) else tmp_path
    for name, value in {"MICROBLOG_DATA": str(folder), **changes}.items():
        monkeypatch.setenv(name, value)
    assert run(lambda: commands.main(["live"], standalone_mode=False)) == 1
    assert words in capsys.readouterr().err
