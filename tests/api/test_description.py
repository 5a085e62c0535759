"""The interface's own description: OpenAPI 3.1, and all of it."""

from __future__ import annotations


def description(host):
    reply = host.caller().call("GET", "/api/openapi.json")
    assert reply.status == 200
    return reply.json


def test_every_route_is_described(empty_host):
    found = description(empty_host)
    described = {(path, method) for path, item in found["paths"].items()
                 for method in item if method in ("get", "post", "put", "delete")}  # fmt: skip
    assert found["openapi"] == "3.1.0"
    assert described == {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in empty_host.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD"}
        if rule.rule.startswith("/api")
    }


def test_the_binary_bodies_are_described(empty_host):
    paths = description(empty_host)["paths"]
    binary = {"application/cbor": {"schema": {"type": "string", "format": "binary"}}}
    append = paths["/api/logs/{log}/entries"]["post"]
    assert append["requestBody"]["content"] == binary
    assert set(append["responses"]) >= {"200", "201"}
    assert paths["/api/logs/fetch"]["post"]["responses"]["200"]["content"] == binary
    assert paths["/api/logs/{log}/boxes"]["get"]["responses"]["200"]["content"] == binary
    assert paths["/api/logs/{log}/boxes"]["put"]["requestBody"]["content"] == binary


def test_every_reference_leads_somewhere(empty_host):
    found = description(empty_host)

    def references(value):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            for item in value.values():
                yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    for reference in references(found):
        at = found
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]
        assert at
