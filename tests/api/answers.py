"""Whether an answer is one that the interface's description declares: status, type, shape, code.

`tests/asking.py` asks this of every answer that any test gets from an application in its process.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from werkzeug.exceptions import HTTPException

from microblog.api.description import describe_all
from microblog.protocol.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

JSON, CBOR = "application/json", "application/cbor"
EVENTS = "text/event-stream"
#: What is answered where there is no route, so that no description can have it.
UNROUTED = {404: "not-found", 405: "wrong-method", 421: "wrong-host"}
#: Every answer that was seen in this process: (method, path as described, status, code).
SEEN: set[tuple[str, str, int, str]] = set()


def description_of(app: Flask) -> dict[str, Any]:
    """Return an application's description; one that has the same routes has the same."""
    rules = frozenset((rule.rule, *sorted(rule.methods or ())) for rule in app.url_map.iter_rules())
    if rules not in _DESCRIPTIONS:
        with app.test_request_context():
            _DESCRIPTIONS[rules] = describe_all(app)
    return _DESCRIPTIONS[rules]


_DESCRIPTIONS: dict[frozenset[tuple[str, ...]], dict[str, Any]] = {}


def faults(app: Flask, method: str, path: str, reply: Any) -> list[str]:
    """Return what about an answer to a request is not as it is described."""
    if not path.startswith("/api/"):
        return []
    code = _code(reply)
    found = [f"{method} {path}: {cookie}" for cookie in _open_cookies(app, reply)]
    try:
        rule, _ = app.url_map.bind("").match(path, method=method, return_rule=True)
    except HTTPException:
        fits = UNROUTED.get(reply.status_code) == code
        if not (fits or method == "HEAD"):
            found.append(f"{method} {path}: {reply.status_code} {code}, and no such route")
        return found
    described = rule.rule.replace("<", "{").replace(">", "}")
    method = "GET" if method == "HEAD" else method
    SEEN.add((method, described, reply.status_code, code))
    document = description_of(app)
    answers = document["paths"][described][method.lower()]["responses"]
    answer = answers.get(str(reply.status_code))
    name = f"{method} {described}: {reply.status_code}"
    if answer is None:
        return [*found, f"{name} {code} is not declared"]
    return [*found, *(f"{name} {fault}" for fault in _faults(document, answer, reply))]


def _open_cookies(app: Flask, reply: Any) -> list[str]:
    """Return the cookies that lack a flag: every one that is ever set has them all."""
    wanted = {"HttpOnly", "Path=/", "SameSite=Strict"}
    if app.extensions["microblog"].secure_cookie:
        wanted |= {"Secure"}
    cookies = reply.headers.getlist("Set-Cookie")
    return [it for it in cookies if not wanted <= set(it.split("; ")) or "Domain" in it]


def _faults(document: dict[str, Any], answer: dict[str, Any], reply: Any) -> list[str]:
    found = []
    if ("Set-Cookie" in reply.headers) != ("Set-Cookie" in answer.get("headers", {})):
        found.append("sets a cookie, or none, otherwise than declared")
    content = answer.get("content", {})
    if not content:
        return found + (["has a body"] if reply.data else [])
    if reply.content_type not in content:
        return [*found, f"is {reply.content_type}"]
    if reply.content_type == CBOR:
        decode(reply.data)
        return found
    if reply.request.method == "HEAD" or reply.content_type == EVENTS:
        return found
    check = _validator(json.dumps(content[JSON]["schema"]), json.dumps(document["components"]))
    return found + [f"has {error.message}" for error in check(json.loads(reply.data))]


@lru_cache(maxsize=500)
def _validator(schema: str, components: str) -> Callable[[Any], Any]:
    whole = {**json.loads(schema), "components": json.loads(components)}
    return jsonschema_rs.Draft202012Validator(whole).iter_errors


def _code(reply: Any) -> str:
    if reply.status_code < 400 or reply.content_type != JSON or not reply.data:
        return ""
    return str(json.loads(reply.data)["code"])
