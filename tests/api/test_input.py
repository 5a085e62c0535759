"""Bad bodies, to every route there is: refused with the field named, nothing half done."""

from __future__ import annotations

import json
import time

import pytest

from microblog.api import reading
from microblog.protocol.base64url import encode_base64url
from tests.api.answers import description_of
from tests.api.badness import BODIES, CBORS, NESTED, NUMBERS, TYPES, bytes_of
from tests.api.refusing import CBOR, JSON, LOG, SIZES, Faults, good, send, taking
from tests.api.rules import RULES
from tests.vectors.practice import fresh

# Bodies.


@pytest.mark.parametrize(("media_type", "bodies"), [(JSON, BODIES), (CBOR, CBORS)])
def test_a_body_that_is_not_of_its_kind_is_malformed(world, faults, media_type, bodies):
    routes = taking(world, media_type)
    assert len(routes) >= 2
    for method, rule, _ in routes:
        path, _ = good(world, method, rule)
        for name, data in bodies.items():
            reply = send(world, method, path, data, media_type)
            faults.expect((method, rule, name), reply)
            assert reply.code == "malformed"


def test_what_is_nested_deep_is_refused_at_once(world, faults):
    for media_type, bodies in NESTED.items():
        for method, rule, limit in taking(world, media_type):
            path, _ = good(world, method, rule)
            for number, data in enumerate(bodies):
                # The best of three: the machine may be busy with something else.
                tries = []
                for _ in range(3):
                    started = time.perf_counter()
                    reply = send(world, method, path, data, media_type)
                    tries.append(time.perf_counter() - started)
                faults.expect((method, rule, number), reply, (413 if len(data) > limit else 400,))
                if min(tries) > 0.05:
                    faults.append((method, rule, number, min(tries)))


def test_a_body_of_another_type_is_refused_before_it_is_read(world, faults):
    for media_type in (JSON, CBOR):
        for method, rule, _ in taking(world, media_type):
            path, _ = good(world, method, rule)
            for sort in [*TYPES, CBOR if media_type == JSON else JSON]:
                reply = send(world, method, path, b"x", sort)
                faults.expect((method, rule, sort), reply, (415,), "content-type: ")
            reply = send(world, method, path, b"x")
            faults.expect((method, rule, "none"), reply, (415,), "content-type: ")


def test_a_packed_body_is_not_unpacked_by_any_route(world, faults):
    for method, rule in RULES:
        path, _ = good(world, method, rule)
        for packed in ("gzip", "deflate", "br", "identity, gzip", "IDENTITY", ""):
            sort = next((it for it in (JSON, CBOR) if (method, rule) in
                         [row[:2] for row in taking(world, it)]), None)  # fmt: skip
            headers = {"Content-Encoding": packed}
            reply = send(world, method, path, b"\x1f\x8b" + bytes(100), sort, **headers)
            faults.expect((method, rule, packed), reply, (415,), "content-encoding: ")


def test_a_body_longer_than_its_route_takes_is_refused(world, faults):
    for media_type in (JSON, CBOR):
        for method, rule, limit in taking(world, media_type):
            path, _ = good(world, method, rule)
            reply = send(world, method, path, b" " * (limit + 1), media_type)
            faults.expect((method, rule), reply, (413,), "body: ")
            faults.expect((method, rule), send(world, method, path, b" " * limit, media_type))


# Fields of JSON.


def schema_of(world, method, rule):
    """Return the schema of a JSON body, as described."""
    document = description_of(world.host.app)
    operation = document["paths"][rule.replace("<", "{").replace(">", "}")][method.lower()]
    reference = operation["requestBody"]["content"][JSON]["schema"]["$ref"]
    return document["components"]["schemas"][reference.rpartition("/")[2]]


def bad_values(schema):
    """Return what does not fit a field of a described kind."""
    if schema.get("format") == "base64url":
        return bytes_of(SIZES[schema["pattern"]]).values()
    if schema["type"] == "integer":
        return NUMBERS
    if schema["type"] == "boolean":
        return [0, 1, "true", "", None, [], {}]
    if schema["type"] == "array":
        lists = ([it] for it in bad_values(schema["items"]))
        return [None, 7, "", "x", {}, True, [0, 0], list(range(7)), *lists]
    if "additionalProperties" in schema:
        keys = [key for key in bytes_of(16).values() if isinstance(key, str)]
        return [None, 7, "", [], True, *({key: 0} for key in keys), *({LOG: it} for it in NUMBERS)]
    return [None, 7, "", "x", [], {}, True, "device\0", "DEVICE", "\ud800"]


def test_every_field_of_every_body_has_one_shape(world, faults):
    seen = 0
    for method, rule, _ in taking(world, JSON):
        path, body = good(world, method, rule)
        schema = schema_of(world, method, rule)
        for name, field in schema["properties"].items():
            for value in bad_values(field):
                seen += 1
                reply = send(world, method, path, json.dumps({**body, name: value}).encode(), JSON)
                what = (method, rule, name, repr(value)[:60])
                faults.expect(what, reply, field=f"{name}: ")
        for name in schema.get("required", []):
            less = {key: value for key, value in body.items() if key != name}
            reply = send(world, method, path, json.dumps(less).encode(), JSON)
            faults.expect((method, rule, "without", name), reply, field=f"{name}: missing")
        for other in ("other", "__proto__", "", "\0", "\ud800", next(iter(body), "x").upper()):
            reply = send(world, method, path, json.dumps({**body, other: 1}).encode(), JSON)
            faults.expect((method, rule, "more", repr(other)), reply, field="body: unknown field")
    assert seen > 100


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"sort": "steward"}, "sort: must be one of: device, invitation, founding, witness"),
        ({"sort": "founding"}, "challenge: does not belong here"),
        ({"token": encode_base64url(bytes(32))}, "token: does not belong here"),
    ],
)
def test_a_field_that_does_not_belong_is_refused(world, change, detail):
    path, proof = good(world, "POST", "/api/sessions")
    reply = send(world, "POST", path, json.dumps({**proof, **change}).encode(), JSON)
    assert (reply.status, reply.detail) == (400, detail)


def test_zeros_sign_nobody_in(world, faults):
    path, proof = good(world, "POST", "/api/sessions")
    for field, size in (("key", 32), ("challenge", 32), ("signature", 64)):
        body = json.dumps({**proof, field: encode_base64url(bytes(size))}).encode()
        reply = world.host.caller().way.send("POST", path, body, {"Content-Type": JSON})
        faults.expect((field,), reply, (401,))


def test_the_greatest_number_is_taken_and_the_next_is_not(world):
    fetch = "/api/logs/fetch"
    for most, status in ((2**53 - 1, 200), (2**53, 400), (2**53 + 1, 400)):
        body = json.dumps({"since": {LOG: most}}).encode()
        assert send(world, "POST", fetch, body, JSON).status == status
    boxes = good(world, "GET", "/api/logs/<log>/boxes")[0].partition("?")[0]
    assert send(world, "GET", f"{boxes}?epoch={2**53 - 1}", None).status == 404


def test_more_logs_than_a_fetch_takes_are_refused(world):
    since = {encode_base64url(fresh(f"{number}", 16)): 0 for number in range(257)}
    reply = send(world, "POST", "/api/logs/fetch", json.dumps({"since": since}).encode(), JSON)
    assert (reply.status, reply.detail) == (400, "since: more than 256 logs")
    since.popitem()
    reply = send(world, "POST", "/api/logs/fetch", json.dumps({"since": since}).encode(), JSON)
    assert reply.status == 200


# What comes back.


def test_nothing_of_what_was_sent_comes_back_in_a_refusal(world):
    canary = "canary5f2a"
    for body in ({canary: 1}, {"since": canary}, {"since": {canary: 1}}, {"since": {LOG: canary}}):
        reply = world.callers["keeper"].call("POST", "/api/logs/fetch", body)
        assert reply.status == 400
        assert canary not in reply.data.decode()


def test_a_fault_that_nobody_foresaw_is_answered_in_the_one_shape_and_logged_without_values(
    world, monkeypatch, caplog
):
    def planted(*_: object, **__: object) -> None:
        raise KeyError("canary5f2a")

    monkeypatch.setattr("microblog.service.logs.fetch", planted)
    reply = world.callers["keeper"].call("POST", "/api/logs/fetch", {"since": {}})
    assert (reply.status, reply.code) == (500, "broken")
    assert "KeyError in planted" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    ("check", "instead", "data"),
    [
        ("_object", dict, '{"since": {}, "since": {}}'),
        ("_no_number", lambda _: 0, '{"since": {"LOG": 1e2}}'),
        ("_whole", lambda text: int(text[:9]), '{"since": {"LOG": 99999999999999999999}}'),
    ],
)
def test_without_a_check_what_it_is_for_goes_through(world, monkeypatch, check, instead, data):
    body = data.replace("LOG", LOG).encode()
    assert send(world, "POST", "/api/logs/fetch", body, JSON).status == 400
    monkeypatch.setattr(reading, check, instead)
    found = Faults(world)
    found.expect(("planted",), send(world, "POST", "/api/logs/fetch", body, JSON))
    assert len(found) == 1
