"""The note that someone leaves for their own devices."""

from __future__ import annotations

import pytest

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.note import MAX_NOTE_BYTES
from microblog.store.db import read_in
from microblog.store.note import read_note
from tests.api.badness import CBORS
from tests.asking import refused
from tests.vectors.practice import staff

STALE = "number: another note has been put meanwhile"


def put(caller, number, note):
    return caller.call("PUT", "/api/own-note", encode([number, note]))


def kept(caller):
    reply = caller.call("GET", "/api/own-note")
    assert reply.status == 200
    return decode_array(reply.data)


def test_a_note_is_kept_for_its_own_person_alone(host):
    host.admit("Ben")
    ben = host.callers["Ben"]
    assert kept(ben) == [0, b""]
    assert put(ben, 0, b"mine").status == 204
    assert kept(ben) == [1, b"mine"]
    assert kept(host.asha) == [0, b""]
    assert put(host.asha, 0, b"hers").status == 204
    assert kept(ben) == [1, b"mine"]


def test_only_the_newest_note_is_replaced(host):
    assert put(host.asha, 0, b"one").status == 204
    for number in (0, 2, 2**53 - 2):
        refused(put(host.asha, number, b"another"), 409, "stale-note", STALE)
    assert kept(host.asha) == [1, b"one"]
    assert put(host.asha, 1, b"two").status == 204
    assert kept(host.asha) == [2, b"two"]


def test_a_note_has_bytes_and_not_too_many(host):
    refused(put(host.asha, 0, b""), 400, "malformed", "body: not a note of the right length")
    long = put(host.asha, 0, bytes(MAX_NOTE_BYTES + 1))
    refused(long, 400, "malformed", "body: not a note of the right length")
    longer = put(host.asha, 0, bytes(MAX_NOTE_BYTES + 100))
    refused(longer, 413, "too-large", "body: longer than this address takes")
    assert kept(host.asha) == [0, b""]
    assert put(host.asha, 0, bytes(MAX_NOTE_BYTES)).status == 204
    assert kept(host.asha) == [1, bytes(MAX_NOTE_BYTES)]


@pytest.mark.parametrize(
    "body",
    [*CBORS.values(), encode([0]), encode([0, "text"]), encode([0, b"x", 0]),
     encode([b"", b"x"]), encode([2**53 - 1, b"x"])],
    ids=repr,
)  # fmt: skip
def test_what_is_no_note_is_refused_and_changes_nothing(host, body):
    reply = host.asha.call("PUT", "/api/own-note", body)
    assert (reply.status, reply.code) == (400, "malformed")
    assert kept(host.asha) == [0, b""]


def test_who_has_left_leaves_no_note(host):
    host.admit("Ben")
    ben = staff("Ben")
    assert put(host.callers["Ben"], 0, b"mine").status == 204
    assert read_in(host.site, lambda session: read_note(session, ben.id)).note == b"mine"
    host.practice.leave(ben)
    host.send()
    assert read_in(host.site, lambda session: read_note(session, ben.id)) is None
