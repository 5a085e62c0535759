"""Requests to follow: who hears who keeps a stream, who asks, who declines, when it is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from microblog.protocol.ask import LIFE_MS, Asker, decode_ask, encode_ask, seal_reason, write_ask
from microblog.protocol.base64url import decode_base64url
from microblog.protocol.encoding import encode
from microblog.protocol.entry import DIRECTORY
from tests.asking import refused
from tests.databases import on_disk
from tests.practice import signed_ask
from tests.vectors.practice import fresh, staff

AHEAD_MS = 2 * 60 * 1000


@pytest.fixture
def cho(host, child):
    """Return someone who does not follow the child, and has a browser."""
    return host.admit("Cho")


def ask(host, child, who, *keepers, **changes):
    return signed_ask(host.practice, who, child.log, keepers or [host.practice.asha], **changes)


# Who keeps a stream.


def test_whoever_has_a_slip_hears_who_the_keepers_are(host, child, cho):
    reply = host.callers["Cho"].keepers(child.log)
    assert [decode_base64url(it) for it in reply.json["keepers"]] == [host.practice.asha.id]
    assert host.callers["Ben"].keepers(child.log).json == reply.json


def test_without_a_keeper_the_supervisors_are_asked_and_without_one_everybody(host, child, cho):
    ben, asha = staff("Ben"), host.practice.asha
    child.grant(asha, ben, "supervisor")
    child.grant(asha, asha, "follower")
    host.asha.append_all(child, since=3)
    keepers = host.callers["Cho"].keepers(child.log).json["keepers"]
    assert list(map(decode_base64url, keepers)) == [ben.id]
    child.grant(ben, ben, "follower")
    host.callers["Ben"].append_all(child, since=5)
    keepers = host.callers["Cho"].keepers(child.log).json["keepers"]
    assert list(map(decode_base64url, keepers)) == sorted([asha.id, ben.id])


def test_a_stream_that_is_not_there_and_the_directory_have_no_keepers(host, child):
    for log in (fresh("nothing", 16), DIRECTORY):
        refused(host.asha.keepers(log), 404, "not-found", "nothing here")


# Asking.


def test_a_request_comes_to_the_keeper_and_to_who_asked_and_to_nobody_else(host, child, cho):
    asked = ask(host, child, cho)
    assert host.callers["Cho"].put_ask(child.log, asked).status == 204
    assert host.asha.asks() == host.callers["Cho"].asks() == [asked]
    assert host.callers["Ben"].asks() == []


def test_a_later_request_takes_the_place_of_an_earlier(host, child, cho):
    first, second = ask(host, child, cho), ask(host, child, cho, time=host.practice.now + 1)
    for asked in (first, second, second):
        assert host.callers["Cho"].put_ask(child.log, asked).status == 204
    assert host.asha.asks() == [second]


def test_who_is_on_the_list_has_nothing_to_ask(host, child):
    asked = ask(host, child, staff("Ben"))
    refused(host.callers["Ben"].put_ask(child.log, asked), 409, "following", "on the list already")
    assert host.asha.asks() == []


def test_who_was_removed_may_ask_again(host, child):
    child.remove(host.practice.asha, staff("Ben"))
    host.asha.append_all(child, since=3)
    assert host.callers["Ben"].put_ask(child.log, ask(host, child, staff("Ben"))).status == 204


def test_nobody_asks_for_what_is_not_there(host, child, cho):
    for log in (fresh("nothing", 16), DIRECTORY):
        asked = signed_ask(host.practice, cho, log, [host.practice.asha])
        refused(host.callers["Cho"].put_ask(log, asked), 404, "not-found", "nothing here")


def changed(asked, **changes):
    return encode_ask(replace(decode_ask(asked), **changes))


def boxes_of(asked):
    return decode_ask(asked).boxes


REFUSED = {
    "another's": ("not-allowed", "not those signed in",
                  lambda host, child, cho: ask(host, child, staff("Ben"))),
    "another's device": ("not-allowed", "not those signed in",
                         lambda host, child, cho: ask(host, child, cho, device=bytes(32))),
    "another practice": ("forked-directory", "another practice",
                         lambda host, child, cho: ask(host, child, cho, fingerprint=bytes(32))),
    "another stream": ("wrong-log", "another stream",
                       lambda host, child, cho: signed_ask(
                           host.practice, cho, bytes(16), [host.practice.asha])),
    "a signature that does not fit": (
        "not-authentic", "signature",
        lambda host, child, cho: changed(ask(host, child, cho), signature=bytes(64))),
    "another's reasons": (
        "not-authentic", "not those that were signed",
        lambda host, child, cho: changed(
            ask(host, child, cho), boxes=boxes_of(ask(host, child, staff("Ben"))))),
    "a follower for a keeper": (
        "wrong-list", "no keeper",
        lambda host, child, cho: ask(host, child, cho, host.practice.asha, staff("Ben"))),
    "a stranger for a keeper": ("wrong-list", "no keeper",
                                lambda host, child, cho: ask(host, child, cho, staff("Dan"))),
    "too far ahead": (
        "wrong-time", "in the future",
        lambda host, child, cho: ask(host, child, cho, time=host.practice.now + AHEAD_MS + 1)),
    "too long ago": (
        "wrong-time", "too long ago",
        lambda host, child, cho: ask(host, child, cho, time=host.practice.now - LIFE_MS)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_is_not_in_order_is_refused_and_not_kept(host, child, cho, name):
    code, words, make = REFUSED[name]
    refused(host.callers["Cho"].put_ask(child.log, make(host, child, cho)), 422, code, words)
    assert host.asha.asks() == []


@pytest.mark.parametrize("data", [b"", b"\x00", encode([b"", bytes(64), []]), b"\xff" * 100])
def test_what_is_no_request_is_refused(host, child, cho, data):
    refused(host.callers["Cho"].put_ask(child.log, data), 400, "malformed", "body")


def test_the_edges_of_time_are_taken(host, child, cho):
    now = host.practice.now
    for time in (now + AHEAD_MS, now - LIFE_MS + 1):
        asked = ask(host, child, cho, time=time)
        assert host.callers["Cho"].put_ask(child.log, asked).status == 204
    host.clock.now += 1
    assert host.asha.asks() == []


# When it is over.


def test_who_comes_on_to_the_list_asks_no_longer(host, child, cho):
    dan = host.admit("Dan")
    asked = ask(host, child, dan)
    host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
    host.callers["Dan"].put_ask(child.log, asked)
    child.grant(host.practice.asha, cho)
    host.asha.append_all(child, since=3)
    assert (host.asha.asks(), host.callers["Cho"].asks()) == ([asked], [])


def test_a_grant_that_is_refused_leaves_the_request(host, child, cho):
    host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
    grant = child.grant(host.practice.asha, cho)
    bad = child.then(host.practice.asha, "grant", [bytes(16), "follower"], b"")
    assert host.asha.append(child.log, [grant, bad]).status == 422
    assert len(host.asha.asks()) == 1


def test_a_keeper_declines_and_who_asked_takes_back(host, child, cho):
    for caller in (host.asha, host.callers["Cho"]):
        host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
        assert caller.delete_ask(child.log, cho.id).status == 204
        assert host.asha.asks() == []
        refused(caller.delete_ask(child.log, cho.id), 404, "not-found", "nothing here")


def test_who_is_neither_hears_that_there_is_none(host, child, cho):
    host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
    host.admit("Dan")
    for name in ("Ben", "Dan"):
        reply = host.callers[name].delete_ask(child.log, cho.id)
        refused(reply, 404, "not-found", "nothing here")
    assert len(host.asha.asks()) == 1


def test_who_leaves_asks_no_longer(host, child, cho):
    host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
    host.practice.leave(cho)
    host.send()
    assert host.asha.asks() == []


def test_a_request_is_kept_for_thirty_days_and_then_deleted(host, child, cho):
    dan = host.admit("Dan")
    host.callers["Cho"].put_ask(child.log, ask(host, child, cho))
    host.clock.now += LIFE_MS - 1
    asha = host.sign_in(host.practice.asha)
    assert len(asha.asks()) == 1
    host.clock.now += 1
    assert asha.asks() == []
    later = host.sign_in(dan)
    assert later.put_ask(child.log, ask(host, child, dan, time=host.clock.now)).status == 204
    host.clock.now -= 1
    assert len(asha.asks()) == 1


def test_of_more_requests_than_one_answer_holds_the_newest_come(host, child, cho, monkeypatch):
    monkeypatch.setattr("microblog.service.asks.REPLY_BYTES", 2000)
    first, second = (ask(host, child, host.admit(name)) for name in ("Dan", "Eve"))
    third = ask(host, child, cho, time=host.practice.now + 1)
    for name, asked in (("Dan", first), ("Eve", second), ("Cho", third)):
        host.callers[name].put_ask(child.log, asked)
    assert len(first) > 900
    assert host.asha.asks()[0] == third
    assert len(host.asha.asks()) == 2


def test_a_reason_is_kept_sealed(host, child, cho):
    words = "She sits in my class and her lip is split."
    asha = host.practice.asha
    asker = Asker(host.practice.fingerprint, child.log, cho.id, cho.device, host.practice.now)
    sealed = seal_reason(bytes(32), asker, asha.reading_key, words)
    host.callers["Cho"].put_ask(child.log, write_ask(cho.seed, asker, [(asha.id, sealed)]))
    assert len(host.asha.asks()) == 1
    assert words.encode() not in on_disk(host.site)
