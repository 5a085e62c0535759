"""Bad addresses, methods and headers, and pages of other origins, at every route there is."""

from __future__ import annotations

import json

import pytest

from tests.api.answers import description_of
from tests.api.badness import ELSEWHERE, QUERY_NUMBERS, TYPES, bytes_of
from tests.api.refusing import CBOR, JSON, LOG, good, send
from tests.api.rules import RULES

# Addresses.


def test_no_route_takes_an_id_in_its_address_that_is_not_one(world, faults):
    for method, rule in RULES:
        path, body = good(world, method, rule)
        parts = rule.split("/")
        for at in (n for n, part in enumerate(parts) if part.startswith("<")):
            for name in (
                *(it for it in bytes_of(16).values() if isinstance(it, str)),
                "%00",
                "..",
                "%FF%FE",
                "%2e%2e%2f",
                "+" * 22,
                "%ED%A0%80",
                "A" * 22 + "%0A",
            ):
                where, _, query = path.partition("?")
                bad = "/".join(name if n == at else it for n, it in enumerate(where.split("/")))
                if not name or set(bad) & {"\ud800", "\0", "\n"}:
                    continue  # A client cannot send it, or it is another address.
                sort = CBOR if isinstance(body, bytes) else JSON if body is not None else None
                data = (
                    body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
                )
                reply = send(world, method, f"{bad}?{query}".rstrip("?"), data, sort)
                faults.expect((method, rule, name[:60]), reply, (400, 404))


def test_no_route_takes_a_query_that_is_not_described(world, faults):
    document = description_of(world.host.app)
    seen = 0
    for method, rule in RULES:
        operation = document["paths"][rule.replace("<", "{").replace(">", "}")][method.lower()]
        names = [it["name"] for it in operation.get("parameters", []) if it["in"] == "query"]
        path = good(world, method, rule)[0].partition("?")[0]
        for name in names:
            bad = [f"{name}={value}" for value in QUERY_NUMBERS]
            bad += ["", name, f"{name.upper()}=0", f"{name}=0&{name}=0", f"{name}=0&more=1",
                    f"{name}[]=0", f"{name}=0;{name}=0"]  # fmt: skip
            for query in bad:
                seen += 1
                faults.expect((rule, query[:60]), send(world, method, f"{path}?{query}", None))
    assert seen >= 20


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/nothing", "/api/practice/", "//api/practice", "/api//practice",
     "/API/practice", "/api/logs/", "/api/../wsgi.py", "/static/../headers.py", "/static/",
     "/static/%2e%2e/headers.py", "/nothing", "/%00", "/static/%00", "/join/",
     "/static//etc/passwd", "/api/practice%00", "/api/practice%2f", "/api/%70ractice/", "/%ff",
     "/static/" + "a" * 60_000, "/api/" + "a" * 60_000, "/api/logs/fetch/", "/.well-known/x"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(world, path):
    reply = world.callers["keeper"].way.send("GET", path, None, {})
    assert (reply.status, reply.code) == (404, "not-found")


def test_a_method_that_an_address_does_not_know_is_told_those_it_does(world, faults):
    rules = {rule for _, rule in RULES}
    for rule in [*rules, "/"]:
        known = {method for method, at in RULES if at == rule} or {"GET"}
        known |= {"HEAD"} if "GET" in known else set()
        path = rule.replace("<log>", LOG).replace("<", "").replace(">", "")
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
                       "CONNECT", "INVENTED", "get", "PROPFIND"):  # fmt: skip
            if method.upper() not in known:
                reply = world.callers["keeper"].way.send(method, path, None, {})
                if method != "HEAD":
                    faults.expect((method, rule), reply, (405,))
                assert reply.status == 405
                assert set(reply.header("Allow").split(", ")) == known


# Pages elsewhere.


def test_no_other_page_can_use_a_session(world, faults):
    for method, rule in RULES:
        if method == "GET":
            continue
        path, body = good(world, method, rule)
        for headers in ELSEWHERE:
            reply = world.callers["keeper"].call(method, path, body, headers)
            faults.expect((method, rule, headers), reply, (403,), "origin: ")
        # What a form can send without a browser asking first, were there no Origin at all.
        for sort in TYPES[:4] if body is not None else ():
            reply = world.callers["keeper"].way.send(method, path, b"{}", {"Content-Type": sort})
            faults.expect((method, rule, sort), reply, (415,), "content-type: ")
    assert world.callers["keeper"].call("GET", "/api/streams").status == 200


def test_no_route_answers_under_another_name(world, faults):
    for method, rule in RULES:
        path, body = good(world, method, rule)
        for name in (
            "elsewhere.example",
            "localhost:8000",
            "127.0.0.1",
            "127.0.0.1:80",
            "",
            "127.0.0.1:8000.elsewhere.example",
            "127.0.0.1:8000, elsewhere.example",
        ):
            reply = world.callers["keeper"].call(method, path, body, {"Host": name})
            faults.expect((method, rule, name), reply, (421,), "host: ")
            assert name not in ("", reply.data.decode()) or "elsewhere" not in reply.detail


def test_what_a_proxy_says_of_the_client_is_not_believed(world):
    lies = {
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Prefix": "/x",
        "X-Real-IP": "10.0.0.1",
        "X-Original-URL": "/api/practice",
        "X-Rewrite-URL": "/api/practice",
        "X-HTTP-Method-Override": "GET",
        "Forwarded": "host=elsewhere.example;proto=https",
        "X-Forwarded-User": "Asha",
        "Remote-User": "Asha",
        "Authorization": "Basic eDp4",
    }
    for who, status in (("keeper", 200), ("nobody", 401)):
        plain = world.callers[who].call("GET", "/api/streams")
        lied = world.callers[who].call("GET", "/api/streams", headers=lies)
        assert (lied.status, lied.data) == (status, plain.data)
        assert "elsewhere" not in str(lied.headers)
