"""Who is told of an entry, and whose stream is cut off: as they would find by asking."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import pytest

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.entry import DIRECTORY
from microblog.service import live
from microblog.service.live import Listeners, cut_off, serve_listeners, tell
from microblog.service.sessions import DEVICE, LIFE_MS, Who, hash_token
from microblog.store.db import open_ear, read_in
from microblog.store.errors import DatabaseUnusable
from tests.vectors.practice import staff


@dataclass
class Line:
    """A line that remembers what was written to it."""

    told: list[tuple[str, int]] = field(default_factory=list)
    is_open: bool = True
    takes: bool = True

    def tell(self, log, seq):
        self.told.append((log, seq))
        return self.takes

    def beat(self):
        self.told.append(("", 0))
        return self.takes

    def end(self):
        self.is_open = False


def token_of(caller):
    (cookie,) = caller.way._client._cookies.values()
    return hash_token(decode_base64url(cookie.value))


@pytest.fixture
def listeners():
    found = Listeners()
    found.hears = True
    return found


@pytest.fixture
def listen(host, listeners):
    """Return what lets someone listen with the session that they have."""

    def listen(name):
        who = Who(DEVICE, staff(name).id, staff(name).device)
        listener = listeners.admit(who, token_of(host.callers[name]))
        line = Line()
        listener.begin(line)
        return line

    return listen


def tell_of(host, listeners, news):
    read_in(host.site, lambda session: tell(listeners, session, news))


def cut(host, listeners):
    read_in(host.site, lambda session: cut_off(listeners, session, host.clock.now))


def test_a_stream_is_told_of_to_its_followers_and_to_nobody_else(host, child, listeners, listen):
    host.admit("Cleo")
    lines = {name: listen(name) for name in ("Asha", "Ben", "Cleo")}
    tell_of(host, listeners, {child.log: [3]})
    text = encode_base64url(child.log)
    assert {name: line.told for name, line in lines.items()} == {
        "Asha": [(text, 3)],
        "Ben": [(text, 3)],
        "Cleo": [],
    }


def test_the_directory_is_told_of_to_everyone(host, listeners, listen):
    line = listen("Asha")
    tell_of(host, listeners, {DIRECTORY: [4, 5]})
    assert line.told == [(encode_base64url(DIRECTORY), 5)]


def test_who_was_taken_off_hears_of_the_entry_that_did_it_and_of_none_after(
    host, child, listeners, listen
):
    ben = listen("Ben")
    child.remove(staff("Asha"), staff("Ben"))
    host.asha.append_all(child, 3)
    tell_of(host, listeners, {child.log: [3]})
    assert ben.told == [(encode_base64url(child.log), 3)]
    tell_of(host, listeners, {child.log: [4]})
    # In one breath with a later one, too, no further than to their own.
    tell_of(host, listeners, {child.log: [3, 4]})
    assert ben.told == [(encode_base64url(child.log), 3)] * 2


def test_who_left_hears_nothing(host, child, listeners, listen):
    ben = listen("Ben")
    host.practice.leave(staff("Ben"))
    host.send()
    tell_of(host, listeners, {child.log: [3]})
    assert ben.told == []


def sign_out(host):
    assert host.callers["Ben"].call("DELETE", "/api/sessions").status == 204


def leave(host):
    host.practice.leave(staff("Ben"))
    host.send()


def revoke(host):
    host.practice.revoke(staff("Ben"))
    host.send()


@pytest.mark.parametrize("end", [sign_out, leave, revoke])
def test_a_stream_ends_with_its_session(host, child, listeners, listen, end):
    lines = {name: listen(name) for name in ("Asha", "Ben")}
    cut(host, listeners)
    assert all(line.is_open for line in lines.values())
    end(host)
    cut(host, listeners)
    assert {name: line.is_open for name, line in lines.items()} == {"Asha": True, "Ben": False}
    assert [it.person for it in listeners] == [staff("Asha").id]


def test_a_stream_ends_when_its_session_is_out_of_date(host, child, listeners, listen):
    line = listen("Ben")
    host.clock.now += LIFE_MS - 1
    cut(host, listeners)
    assert line.is_open
    host.clock.now += 1
    cut(host, listeners)
    assert not line.is_open


def test_who_does_not_take_it_or_has_hung_up_is_forgotten(host, child, listeners, listen):
    full, gone, quiet = listen("Ben"), listen("Ben"), listen("Ben")
    full.takes = False
    tell_of(host, listeners, {child.log: [3]})
    gone.is_open = False
    cut(host, listeners)
    assert len(listeners) == 1
    assert quiet.is_open
    assert not full.is_open


def test_what_comes_before_the_line_is_there_is_said_once_it_is(host, child, listeners):
    who = Who(DEVICE, staff("Ben").id, staff("Ben").device)
    listener = listeners.admit(who, token_of(host.callers["Ben"]))
    tell_of(host, listeners, {child.log: [3]})
    tell_of(host, listeners, {child.log: [4]})
    line = Line()
    listener.begin(line)
    assert line.told == [(encode_base64url(child.log), 4)]


def test_a_line_that_comes_too_late_is_hung_up(host, child, listeners):
    who = Who(DEVICE, staff("Ben").id, staff("Ben").device)
    listener = listeners.admit(who, token_of(host.callers["Ben"]))
    listener.end()
    line = Line()
    listener.begin(line)
    assert not line.is_open
    assert len(listeners) == 0


def test_a_thousand_sessions_are_looked_up_in_a_few_statements(host, listeners, listen):
    line = listen("Asha")
    for number in range(1100):
        who = Who(DEVICE, number.to_bytes(16, "big"), b"")
        listeners.admit(who, hash_token(number.to_bytes(32, "big"))).begin(Line())
    cut(host, listeners)
    assert line.is_open
    assert len(listeners) == 1


class Stopped(Exception):
    """Ends what has no end."""


@dataclass
class Deaf:
    """An ear on a database that hears something and then no more."""

    ear: object
    heard: list[dict[bytes, list[int]]]

    @property
    def session(self):
        return self.ear.session

    def wait(self, _seconds):
        if not self.heard:
            raise DatabaseUnusable("postgresql://name:word@host cannot be heard", "")
        return self.heard.pop(0)

    def close(self):
        self.ear.close()


def test_news_and_beats_are_told_until_the_database_is_not_heard_then_all_are_cut_off(
    host, child, listeners, listen, monkeypatch, caplog
):
    monkeypatch.setattr(live, "BEAT_SECONDS", 0)
    monkeypatch.setattr(live, "LOOK_SECONDS", 0)
    lines, opened, paused = [listen("Ben"), listen("Asha")], [], []

    def pause(seconds):
        paused.append((seconds, listeners.hears, len(listeners)))
        if len(paused) == 2:
            raise Stopped

    monkeypatch.setattr(live.time, "sleep", pause)

    def open_it():
        opened.append(Deaf(open_ear(host.site), [{}, {child.log: [3]}]))
        return opened[-1]

    with pytest.raises(Stopped), caplog.at_level(logging.ERROR, "microblog"):
        serve_listeners(listeners, open_it, host.clock)
    news = (encode_base64url(child.log), 3)
    for line in lines:
        assert line.told == [("", 0), news, ("", 0)]
        assert not line.is_open
    # Nobody is let in before it is heard again, which is tried after a while.
    assert paused == [(live.AGAIN_SECONDS, False, 0)] * 2
    assert len(opened) == 2
    assert "word" not in caplog.text
