"""Bad input: whatever is sent is refused with the field named, and never a fault or a hang."""

from __future__ import annotations

import json
import time

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode
from tests.asking import Reply
from tests.practice import Child, raw
from tests.vectors.practice import fresh

JSON = {"Content-Type": "application/json"}
CBOR = {"Content-Type": "application/cbor"}
LOG = encode_base64url(fresh("log", 16))
KEY = encode_base64url(bytes(32))

BODIES = {
    "empty": b"",
    "cut": b'{"since": {',
    "null": b"null",
    "an array": b"[]",
    "text": b'"x"',
    "a number": b"1",
    "not a number": b"NaN",
    "endless": b'{"since": Infinity}',
    "a fraction": b'{"since": 1.5}',
    "too great": b'{"since": 1e400}',
    "digits": b'{"since": ' + b"9" * 5000 + b"}",
    "twice": b'{"since": {}, "since": {}}',
    "nested": b'{"since": ' * 2000 + b"1" + b"}" * 2000,
    "nested more": b"[" * 60_000,
    "a mark before": b'\xef\xbb\xbf{"since": {}}',
    "not UTF-8": b'{"since": "\xff"}',
    "UTF-16": '{"since": {}}'.encode("utf-16"),
    "a lone surrogate": b'{"since": {"\\ud800": 1}}',
    "NUL": b'{"since": {"\\u0000": 1}}',
    "a raw NUL": b'{"since": {"\x00": 1}}',
    "two values": b"{}{}",
    "a comment": b"{/**/}",
    "CBOR": b"\xa0",
}
POSTS = ("/api/challenges", "/api/sessions", "/api/logs/fetch")


def is_a_refusal(reply: Reply, statuses: tuple[int, ...] = (400,)) -> bool:
    found = json.loads(reply.data)
    return (
        reply.status in statuses
        and set(found) == {"code", "detail"}
        and ":" in found["detail"]
        and len(found["detail"]) < 200
    )


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("name", BODIES)
def test_what_is_not_an_object_of_the_right_shape_is_malformed(host, path, name):
    started = time.perf_counter()
    reply = host.asha.way.send("POST", path, BODIES[name], JSON)
    assert is_a_refusal(reply), reply.data
    assert reply.code == "malformed"
    assert time.perf_counter() - started < 0.5


BYTES = {
    "empty": "",
    "short": encode_base64url(bytes(31)),
    "long": encode_base64url(bytes(33)),
    "padded": KEY + "=",
    "another alphabet": "+/" + KEY[2:],
    "a newline": KEY + "\n",
    "a tail that is not zero": KEY[:-1] + "B",
    "a number": 7,
    "true": True,
    "null": None,
    "a list": [KEY],
    "an object": {"": KEY},
    "a lone surrogate": "\ud800" * 43,
    "other digits": "\u0661" * 43,
}


@pytest.mark.parametrize("field", ["key", "challenge", "signature"])
@pytest.mark.parametrize("name", BYTES)
def test_bytes_have_one_encoding_and_one_size(host, field, name):
    proof = host.caller().proof("device", host.practice.asha.seed, host.practice)
    reply = host.caller().call("POST", "/api/sessions", {**proof, field: BYTES[name]})
    assert is_a_refusal(reply), reply.data
    assert reply.detail.startswith(f"{field}: ")


NUMBERS = [-1, 2**53, 2**63, 1.0, 1.5, "1", True, None, [], {}]


@pytest.mark.parametrize("value", NUMBERS)
def test_numbers_are_whole_and_in_range(host, value):
    proof = host.caller().proof("device", host.practice.asha.seed, host.practice)
    reply = host.caller().call("POST", "/api/sessions", {**proof, "time": value})
    assert is_a_refusal(reply), reply.data
    reply = host.asha.call("POST", "/api/logs/fetch", {"since": {LOG: value}})
    assert is_a_refusal(reply), reply.data


def test_the_greatest_number_is_taken(host):
    assert host.asha.call("POST", "/api/logs/fetch", {"since": {LOG: 2**53 - 1}}).status == 200


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"sort": "steward"}, "sort: must be one of: device, invitation, founding"),
        ({"sort": "founding"}, "challenge: does not belong here"),
        ({"token": KEY}, "token: does not belong here"),
        ({"other": 1}, "body: unknown field"),
        ({"__proto__": 1}, "body: unknown field"),
    ],
)
def test_a_field_that_does_not_belong_is_refused(host, change, detail):
    proof = host.caller().proof("device", host.practice.asha.seed, host.practice)
    reply = host.caller().call("POST", "/api/sessions", {**proof, **change})
    assert (reply.status, reply.detail) == (400, detail)


@pytest.mark.parametrize("field", ["sort", "key", "challenge", "time", "signature"])
def test_a_field_that_is_missing_is_named(host, field):
    proof = host.caller().proof("device", host.practice.asha.seed, host.practice)
    del proof[field]
    reply = host.caller().call("POST", "/api/sessions", proof)
    assert is_a_refusal(reply), reply.data
    assert reply.detail.startswith(f"{field}: missing")


def test_more_logs_than_a_fetch_takes_are_refused(host):
    since = {encode_base64url(fresh(f"{number}", 16)): 0 for number in range(257)}
    reply = host.asha.call("POST", "/api/logs/fetch", {"since": since})
    assert (reply.status, reply.detail) == (400, "since: more than 256 logs")
    since.popitem()
    assert host.asha.call("POST", "/api/logs/fetch", {"since": since}).status == 200


# CBOR.


@pytest.fixture
def child(host) -> Child:
    child = host.practice.child("Ada")
    host.asha.append_all(child)
    return child


CBORS = {
    "empty": b"",
    "no array": encode(7),
    "an empty array": encode([]),
    "no bytes": encode([7]),
    "no entry": encode([b"x"]),
    "an empty entry": encode([b""]),
    "an entry of nothing": encode([encode([])]),
    "65": encode([b"x"] * 65),
    "cut": encode([bytes(100)])[:-1],
    "a tail": encode([b"x"]) + b"\0",
    "a map": b"\xa0",
    "a float": b"\x81\xfb" + bytes(8),
    "no end": b"\x9f\xff",
    "nested": b"\x81" * 100_000 + b"\0",
    "a great length": b"\x9b" + b"\xff" * 8,
    "long bytes": b"\x81\x5b\x00\x00\x00\x00\xff\xff\xff\xff",
    "not the shortest": b"\x98\x01\x41x",
    "text": encode(["x"]),
    "JSON": b"{}",
}


@pytest.mark.parametrize("what", ["entries", "boxes"])
@pytest.mark.parametrize("name", CBORS)
def test_what_is_not_an_array_of_the_right_shape_is_malformed(host, child, what, name):
    method = "POST" if what == "entries" else "PUT"
    path = f"/api/logs/{encode_base64url(child.log)}/{what}"
    reply = host.asha.way.send(method, path, CBORS[name], CBOR)
    assert is_a_refusal(reply, (400, 413)), reply.data
    assert reply.code in ("malformed", "too-large")


def test_an_entry_of_another_version_is_too_new(host, child):
    entry = encode([encode(["msb/2/entry"]), bytes(64), b"", b"", []])
    path = f"/api/logs/{encode_base64url(child.log)}/entries"
    reply = host.asha.way.send("POST", path, encode([entry]), CBOR)
    assert (reply.status, reply.code) == (422, "too-new")


def test_every_single_byte_of_a_request_may_be_another_without_a_fault(host, child):
    body = encode(raw(child.post(host.practice.asha)))
    path = f"/api/logs/{encode_base64url(child.log)}/entries"
    for at in [*range(460), *range(460, len(body), 97)]:
        mutant = bytearray(body)
        mutant[at] ^= 0x55
        reply = host.asha.way.send("POST", path, bytes(mutant), CBOR)
        assert 400 <= reply.status < 500, (at, reply.data)


# Addresses.


@pytest.mark.parametrize(
    "log",
    ["x", "A" * 21, "A" * 23, "A" * 21 + "B", "A" * 22 + "=", "%00", "%FF%FE", "..", "A" * 5000,
     "\u0661" * 22, "%2e%2e%2f", "+" * 22],
)  # fmt: skip
def test_an_address_with_no_log_in_it_is_refused(host, log):
    reply = host.asha.way.send("GET", f"/api/logs/{log}/boxes?epoch=0", None, {})
    assert reply.status in (400, 404)
    assert is_a_refusal(reply) or reply.code == "not-found"


@pytest.mark.parametrize(
    "query",
    ["", "epoch=", "epoch=-1", "epoch=+1", "epoch=01", "epoch=1e5", "epoch=1.0", "epoch=%D9%A1",
     "epoch=9007199254740992", "epoch=99999999999999999999", "epoch=" + "9" * 3000, "epoch=0x1",
     "epoch=0&epoch=0", "epoch=0&more=1", "Epoch=0", "epoch=%00", "epoch= 1", "epoch"],
)  # fmt: skip
def test_a_query_is_one_number(host, child, query):
    path = f"/api/logs/{encode_base64url(child.log)}/boxes?{query}"
    reply = host.asha.way.send("GET", path, None, {})
    assert is_a_refusal(reply), reply.data


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/practice", {"GET", "HEAD"}),
        ("GET", "/api/challenges", {"POST"}),
        ("PUT", "/api/sessions", {"POST", "DELETE"}),
        ("OPTIONS", "/api/streams", {"GET", "HEAD"}),
        ("PATCH", f"/api/logs/{LOG}/boxes", {"GET", "HEAD", "PUT"}),
        ("POST", "/", {"GET", "HEAD"}),
        ("TRACE", "/api/practice", {"GET", "HEAD"}),
        ("INVENTED", "/api/practice", {"GET", "HEAD"}),
    ],
)
def test_a_method_that_an_address_does_not_know_is_told_those_it_does(host, method, path, allow):
    reply = host.asha.way.send(method, path, None, {})
    assert reply.status == 405
    assert set(reply.header("Allow").split(", ")) == allow


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nothing", "/api/practice/", "//api/practice", "/api//practice",
     "/API/practice", "/api/logs/", "/api/../wsgi.py", "/static/../headers.py", "/static/",
     "/static/%2e%2e/headers.py", "/nothing", "/%00", "/static/%00", "/join/",
     "/static//etc/passwd"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(host, path):
    reply = host.asha.way.send("GET", path, None, {})
    assert (reply.status, reply.code) == (404, "not-found")


# Lengths.


@pytest.mark.parametrize(
    ("path", "sort", "limit"),
    [
        ("/api/challenges", JSON, 64 * 1024),
        ("/api/sessions", JSON, 64 * 1024),
        ("/api/logs/fetch", JSON, 64 * 1024),
        (f"/api/logs/{LOG}/entries", CBOR, 64 * (96 * 1024 + 5) + 8),
    ],
)
def test_a_body_longer_than_its_address_takes_is_refused(host, path, sort, limit):
    reply = host.asha.way.send("POST", path, b" " * (limit + 1), sort)
    assert (reply.status, reply.code) == (413, "too-large")
    assert host.asha.way.send("POST", path, b" " * limit, sort).status == 400


def test_a_packed_body_is_not_unpacked(host):
    headers = {**JSON, "Content-Encoding": "gzip"}
    reply = host.asha.way.send("POST", "/api/logs/fetch", b"\x1f\x8b" + bytes(100), headers)
    assert (reply.status, reply.code) == (415, "wrong-type")


def test_nothing_of_what_was_sent_comes_back_in_a_refusal(host):
    canary = "canary5f2a"
    for body in ({canary: 1}, {"since": canary}, {"since": {canary: 1}}, {"since": {LOG: canary}}):
        reply = host.asha.call("POST", "/api/logs/fetch", body)
        assert is_a_refusal(reply), reply.data
        assert canary not in reply.data.decode()


def test_a_fault_that_nobody_foresaw_is_answered_in_the_one_shape_and_logged_without_values(
    host, monkeypatch, caplog
):
    def planted(*_: object) -> None:
        raise KeyError("canary5f2a")

    monkeypatch.setattr("microblog.service.logs.fetch", planted)
    reply = host.asha.call("POST", "/api/logs/fetch", {"since": {}})
    assert (reply.status, reply.code) == (500, "broken")
    assert "KeyError in planted" in caplog.text
    assert "canary" not in caplog.text
