"""The interface's own description: OpenAPI 3.1, all of it, and nothing that is not so.

That no answer is other than described, every test of an application in its process checks
(`tests/api/answers.py`); here is that what is described is answered, too.
"""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
import werkzeug.datastructures

from microblog.api.answers import VERDICT
from microblog.protocol import errors
from microblog.service import restoring
from microblog.store.db import Busy
from tests.api.answers import EVENTS, SEEN, description_of, faults
from tests.api.badness import ELSEWHERE
from tests.api.refusing import CBOR, JSON, good, send, taking, user_of
from tests.api.rules import RULES

BINARY = {"type": "string", "format": "binary"}
SCHEMAS = {CBOR: BINARY, EVENTS: {"type": "string"}}


@pytest.fixture
def description(world):
    reply = world.callers["nobody"].call("GET", "/api/openapi.json")
    assert reply.status == 200
    return reply.json


def operations(description):
    for path, item in description["paths"].items():
        for method in item.keys() & {"get", "post", "put", "delete"}:
            yield method.upper(), path, item.get("parameters", []), item[method]


def test_every_route_is_described_and_nothing_else(description):
    described = {(method, path) for method, path, _, _ in operations(description)}
    assert description["openapi"] == "3.1.0"
    assert described == {(method, path_of(rule)) for method, rule in RULES}


def path_of(rule):
    return rule.replace("<", "{").replace(">", "}")


def test_every_parameter_says_what_it_is(description):
    for method, path, shared, operation in operations(description):
        parameters = [*shared, *operation.get("parameters", [])]
        named = {it["name"] for it in parameters if it["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path)), (method, path)
        for it in parameters:
            assert it["required"], (method, path, it)
            assert it["description"], (method, path, it)
            assert it["schema"].keys() & {"pattern", "maximum"}, (method, path, it)
        assert operation["summary"]


def test_every_body_is_described_with_its_type(world, description):
    bodies = {
        (method, path): operation.get("requestBody")
        for method, path, _, operation in operations(description)
    }
    for media_type in (JSON, CBOR):
        for method, rule, _ in taking(world, media_type):
            body = bodies.pop((method, path_of(rule)))
            assert body["required"]
            (schema,) = [it["schema"] for it in body["content"].values()]
            assert list(body["content"]) == [media_type]
            assert schema == BINARY or "$ref" in schema
    assert set(bodies.values()) == {None}


def test_every_answer_is_described_with_its_body(description):
    for method, path, _, operation in operations(description):
        for status, answer in operation["responses"].items():
            assert status.isdigit(), (method, path, "only what is known is declared")
            assert answer["description"]
            content = answer.get("content", {})
            assert (status in ("204", "304")) == (content == {}), (method, path, status)
            for media_type, it in content.items():
                assert media_type in (JSON, CBOR, EVENTS)
                assert media_type == JSON or it["schema"] == SCHEMAS[media_type]
            if int(status) >= 400:
                schema = content[JSON]["schema"]
                assert schema["properties"]["code"]["enum"]
                assert {"code", "detail"} <= set(schema["required"]) <= set(schema["properties"])


def test_every_schema_is_one_and_every_reference_leads_somewhere(description):
    for schema in description["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
        assert schema["additionalProperties"] is False

    def references(value):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
        for item in value.values() if isinstance(value, dict) else value:
            if isinstance(item, dict | list):
                yield from references(item)

    found = set(references(description))
    used = {it.rpartition("/")[2] for it in found}
    assert used == set(description["components"]["schemas"])


def test_every_word_for_a_refused_entry_is_one_of_the_protocols():
    known = {
        re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        for name, it in vars(errors).items()
        if isinstance(it, type) and issubclass(it, errors.ProtocolError)
    }
    # What only clients say, and what has a status of its own.
    known -= {
        "protocol-error",
        "malformed",
        "rolled-back",
        "held-back",
        "forked-log",
        "bad-letters",
        "link-over",
        "weak-vault",
        "wrong-passphrase",
    }
    assert {it.rpartition(" ")[2] for it in VERDICT} == known | {"wrong-time"}


def provoke(world, monkeypatch):
    """Have every route answer everything that follows from what it declares."""
    for method, rule in RULES:
        if (method, rule) == ("DELETE", "/api/sessions"):
            continue
        path, body = good(world, method, rule)
        for who in ("keeper", "stranger", "nobody", "invited"):
            caller = world.host.caller() if rule == "/api/sessions" else world.callers[who]
            path, body = RULES[method, rule].ask(world, who, "own")
            caller.call(method, path, body)
        world.host.caller().call(method, path, body)  # A proof counts once.
        keeper = world.callers[user_of(rule)]
        keeper.call(method, *RULES[method, rule].ask(world, "keeper", "absent"))
        for headers in (ELSEWHERE[0], {"Host": "x"}, {"Content-Encoding": "gzip"}):
            keeper.call(method, path, body, headers)
        with monkeypatch.context() as patch:
            for error in (KeyError("x"), Busy("x")):
                patch.setattr("microblog.api.guards.check_body", _raise(error))
                keeper.call(method, path, body)
        if body is not None:
            sort = CBOR if isinstance(body, bytes) else JSON
            send(world, method, path, b"x", sort)
            send(world, method, path, bytes(64 * 97 * 1024), sort)
        where, _, query = path.partition("?")
        bad = "/".join("x" if it.startswith("<") else at for it, at in
                       zip(rule.split("/"), where.split("/"), strict=True))  # fmt: skip
        send(world, method, f"{bad}?{query and 'x'}", None if body is None else b"x", sort_of(body))
    restoring.end(world.host.marks)


def sort_of(body):
    return None if body is None else CBOR if isinstance(body, bytes) else JSON


def _raise(error):
    def fail(*_):
        raise error

    return fail


def sign_out(world, monkeypatch):
    for headers in ({}, *ELSEWHERE[:1], {"Host": "x"}, {"Content-Encoding": "gzip"}):
        caller = world.host.caller()
        caller.sign_in(world.person("keeper"), world.host.practice)
        caller.call("DELETE", "/api/sessions", headers=headers)
    world.host.caller().call("DELETE", "/api/sessions")
    with monkeypatch.context() as patch:
        for error in (KeyError("x"), Busy("x")):
            patch.setattr("microblog.api.guards.check_body", _raise(error))
            world.callers["keeper"].call("DELETE", "/api/sessions")


def test_every_refusal_that_follows_from_a_declaration_is_answered(world, monkeypatch, description):
    SEEN.clear()
    provoke(world, monkeypatch)
    sign_out(world, monkeypatch)
    seen = {(method, path, status) for method, path, status, _ in SEEN}
    declared = {
        (method, path, int(status))
        for method, path, _, operation in operations(description)
        for status in operation["responses"]
    }
    assert sorted(seen - declared) == []
    # A success and a conflict depend on what went before: their own tests have them.
    general = {400, 401, 403, 404, 413, 415, 421, 500, 503}
    assert [it for it in sorted(declared - seen) if it[2] in general] == []


def test_an_answer_that_is_not_declared_is_seen(world):
    class Planted:
        status_code, content_type, data = 418, JSON, b'{"code":"x","detail":"y: z"}'
        headers = werkzeug.datastructures.Headers()

    app = world.host.app
    assert faults(app, "GET", "/api/practice", Planted) == [
        "GET /api/practice: 418 x is not declared"
    ]
    Planted.status_code, Planted.data = 415, b'{"code":"other","detail":"y: z"}'
    Planted.request = type("", (), {"method": "GET"})
    assert "other" in faults(app, "GET", "/api/practice", Planted)[0]
    Planted.data = b'{"code":"wrong-type","detail":"y: z"}'
    assert faults(app, "GET", "/api/practice", Planted) == []
    Planted.headers = werkzeug.datastructures.Headers({"Set-Cookie": "session=x; Path=/"})
    assert len(faults(app, "GET", "/api/practice", Planted)) == 2


def test_the_description_is_the_same_for_who_asks_and_for_the_tests(world, description):
    assert description == description_of(world.host.app)
