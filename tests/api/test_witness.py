"""Witnesses: what they are given, what of theirs is kept, and who is handed it."""

from __future__ import annotations

import pytest

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.protocol.primitives import sign
from microblog.protocol.witness import MAX_HEADS, decode_head, write_head
from tests.asking import refused
from tests.vectors.practice import fresh, staff

MINUTE_MS = 60 * 1000


@pytest.fixture
def seed(host):
    """Return the seed of a witness that the directory names."""
    made = host.practice.witness("next door")
    host.send()
    return made


@pytest.fixture
def witness(host, seed):
    """Return the witness's way to the server."""
    caller = host.caller()
    assert caller.bear_witness(seed, host.practice).status == 201
    return caller


def head_of(host, seed, log, seq=-1, /, **changes):
    return write_head(seed, host.practice.sighting(log, seq, **changes))


# Signing in.


def test_a_key_that_no_steward_has_named_is_no_witness(host):
    reply = host.caller().bear_witness(fresh("unnamed"), host.practice)
    refused(reply, 401, "signed-out", "not signed in")


def test_a_device_is_no_witness_and_a_witness_no_device(host, seed):
    reply = host.caller().bear_witness(host.practice.asha.seed, host.practice)
    assert reply.status == 401
    caller = host.caller()
    assert (
        caller.call("POST", "/api/sessions", caller.proof("device", seed, host.practice)).status
        == 401
    )


def test_a_witness_that_was_ended_is_signed_out_at_once_and_signs_in_no_more(host, seed, witness):
    assert len(witness.list_logs()) == 1
    host.practice.witness("next door", since=0)
    host.send()
    assert witness.call("GET", "/api/witness/logs").status == 401
    assert host.caller().bear_witness(seed, host.practice).status == 401


# What it is given.


def test_it_sees_every_log_and_no_word_of_any(host, child, witness):
    rows = {log: (seq, id_) for log, seq, id_ in witness.list_logs()}
    newest = child.entries[-1]
    assert rows[child.log] == (newest.header.seq, newest.id)
    assert rows.keys() == {DIRECTORY, child.log}
    got = witness.headers({DIRECTORY: 0, child.log: 1, fresh("no log", 16): 0})
    assert got.keys() == {DIRECTORY, child.log}
    for log, of in ((host.practice.directory, 0), (child, 1)):
        entries, more = got[log.log]
        there = list(map(decode_entry, entries))
        assert [it.id for it in there] == [it.id for it in log.entries[of:]]
        assert more == 0
        assert {(it.body, it.salt, tuple(it.boxes)) for it in there} == {(b"", b"", ())}


def test_more_than_a_reply_holds_comes_in_pieces(host, child, witness, monkeypatch):
    monkeypatch.setattr("microblog.service.witness.REPLY_BYTES", 1)
    monkeypatch.setattr("microblog.service.witness.ROWS_AT_ONCE", 2)
    first, more = witness.headers({child.log: 0})[child.log]
    assert (len(first), more) == (2, 1)
    rest, more = witness.headers({child.log: 2})[child.log]
    assert [decode_entry(it).id for it in first + rest] == [it.id for it in child.entries]
    assert more == 0


# What it signs.


def test_whoever_follows_a_stream_gets_its_newest_head_and_nobody_else(host, child, seed, witness):
    host.admit("Cho")
    of_directory = head_of(host, seed, host.practice.directory)
    older, newer = head_of(host, seed, child, 1), head_of(host, seed, child)
    assert witness.put_heads(of_directory, older).status == 204
    assert witness.put_heads(newer).status == 204
    assert host.asha.heads() == host.callers["Ben"].heads() == [of_directory, newer]
    assert host.callers["Cho"].heads() == [of_directory]
    asha = host.practice.asha
    child.remove(asha, staff("Ben"))
    host.asha.append_all(child, since=3)
    assert host.callers["Ben"].heads() == [of_directory]


def test_the_heads_of_a_witness_that_was_ended_are_handed_out_no_more(host, child, seed, witness):
    other = host.practice.witness("further off")
    host.send()
    assert witness.put_heads(head_of(host, seed, child)).status == 204
    second = host.caller()
    assert second.bear_witness(other, host.practice).status == 201
    theirs = head_of(host, other, child)
    assert second.put_heads(theirs).status == 204
    assert len(host.asha.heads()) == 2
    host.practice.witness("next door", since=0)
    host.send()
    assert host.asha.heads() == [theirs]


def test_what_is_signed_again_later_takes_the_place_of_what_was(host, child, seed, witness):
    assert witness.put_heads(head_of(host, seed, child)).status == 204
    host.clock.now += MINUTE_MS
    again = head_of(host, seed, child, time=host.clock.now)
    assert witness.put_heads(again).status == 204
    assert host.asha.heads() == [again]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"fingerprint": bytes(32)}, "forked-directory", "head 0: the head is of another practice"),
        ({"log": fresh("no log", 16)}, "unknown-head", "head 0: no such entry is stored here"),
        ({"time": 0}, "wrong-time", "head 0: time is more than two minutes from now"),
    ],
)
def test_what_does_not_fit_is_refused(host, child, seed, witness, changes, code, words):
    refused(witness.put_heads(head_of(host, seed, child, **changes)), 422, code, words)
    assert host.asha.heads() == []


def test_a_time_ahead_or_behind_by_two_minutes_is_taken_and_no_more(host, child, seed, witness):
    now = host.practice.now
    for off in (2 * MINUTE_MS + 1, -2 * MINUTE_MS - 1):
        refused(
            witness.put_heads(head_of(host, seed, child, time=now + off)), 422, "wrong-time", ""
        )
    for off in (-2 * MINUTE_MS, 2 * MINUTE_MS):
        assert witness.put_heads(head_of(host, seed, child, time=now + off)).status == 204


def test_a_head_of_what_is_not_there_is_refused_and_all_with_it(host, child, seed, witness):
    good, ahead = (
        head_of(host, seed, host.practice.directory),
        child.then(host.practice.asha, "post", [0], b"x"),
    )
    child.keep(ahead)
    beyond = head_of(host, seed, child)
    refused(witness.put_heads(good, beyond), 422, "unknown-head", "head 1")
    swapped = host.practice.sighting(child, 0, log=DIRECTORY)
    refused(witness.put_heads(write_head(seed, swapped)), 422, "unknown-head", "head 0")
    assert host.asha.heads() == []


def test_a_witness_does_not_go_back(host, child, seed, witness):
    assert witness.put_heads(head_of(host, seed, child)).status == 204
    refused(witness.put_heads(head_of(host, seed, child, 1)), 422, "older-head", "newer one")
    earlier = head_of(host, seed, child, time=host.practice.now - 1)
    refused(witness.put_heads(earlier), 422, "older-head", "newer one")
    both = (
        head_of(host, seed, host.practice.directory),
        head_of(host, seed, host.practice.directory, 0),
    )
    refused(witness.put_heads(*both), 422, "older-head", "head 1")


def test_the_signature_of_another_is_refused(host, child, seed, witness):
    other = host.practice.witness("further off")
    host.send()
    refused(witness.put_heads(head_of(host, other, child)), 422, "not-authentic", "head 0")
    statement = decode_head(head_of(host, seed, child)).statement
    as_login = encode([statement, sign(seed, "msb/1/login", statement)])
    refused(witness.put_heads(as_login), 422, "not-authentic", "head 0")


def test_a_head_of_another_shape_is_refused(host, child, seed, witness):
    good = head_of(host, seed, child)
    refused(witness.put_heads(), 400, "malformed", "heads is not an array of the right length")
    refused(witness.put_heads(*[good] * (MAX_HEADS + 1)), 400, "malformed", "right length")
    refused(witness.put_heads(good, good[:-1]), 400, "malformed", "head 1")
    body = encode([7])
    refused(witness.call("PUT", "/api/witness/heads", body), 400, "malformed", "head 0: not bytes")
    statement = decode_array(decode_head(good).statement)
    newer = encode([encode(["msb/2/head", *statement[1:]]), bytes(64)])
    refused(witness.put_heads(newer), 422, "too-new", "head 0")


def test_while_restoring_nothing_is_vouched_for(host, child, seed, witness, monkeypatch):
    monkeypatch.setattr("microblog.service.restoring.is_restoring", lambda _: True)
    refused(witness.put_heads(head_of(host, seed, child)), 409, "restoring", "given back")


def test_the_session_of_a_witness_names_nobody(host, seed):
    caller = host.caller()
    reply = caller.bear_witness(seed, host.practice)
    assert reply.json == {"sort": "witness", "person": None}
    assert caller.call("DELETE", "/api/sessions").status == 204
    assert caller.call("GET", "/api/witness/logs").status == 401
