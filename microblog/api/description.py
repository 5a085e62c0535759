"""The interface's own description, OpenAPI 3.1."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from flask import Flask, Response, current_app

from microblog.api.access import ANYONE, access, access_of
from microblog.api.answers import STALE_HEAD, refusals_of
from microblog.api.context import context
from microblog.api.fields import MAX_UINT, pattern_of
from microblog.api.guards import PREFIX
from microblog.api.reading import JSON, json_response
from microblog.api.smorest import Blueprint, Description

_NAME = "microblog-description"
_MEANINGS = {
    400: "something sent is not well-formed; detail names the field",
    401: "nobody is signed in, or signing in failed; which part was wrong is not told",
    403: "a page of another origin asks, or this kind of session may not do this",
    404: "it is not there, or not theirs: the two are told in the same words",
    409: "it does not fit what the server has, or what it is doing now",
    413: "body: longer than this address takes",
    415: "the body is packed, or not of the type that this address takes",
    421: "asked under another name than the server's",
    422: "well-formed, and refused; detail names the entry or field",
    429: "too much of it is going on already: try again later",
    500: "the server has a fault",
    503: "the server is busy: try again",
}
_NOT_OURS = ("Error", "PaginationMetadata")
_HEAD = {
    "seq": {"type": ["integer", "null"], "minimum": 0, "maximum": MAX_UINT},
    "id": {"type": ["string", "null"], "pattern": pattern_of(32)},
}

routes = Blueprint("description", __name__, url_prefix="/api", description="This description")


def describe(app: Flask, version: str) -> Description:
    """Return the collector of an application; its routes are registered with it."""
    app.config["API_TITLE"] = "microblog"
    app.config["API_VERSION"] = version
    app.config["OPENAPI_VERSION"] = "3.1.0"
    collector = Description(app)
    app.extensions[_NAME] = collector
    return collector


@routes.route("/openapi.json", methods=["GET"])
@access(ANYONE)
@routes.doc(responses={"200": {"description": "OpenAPI 3.1",
                               "content": {JSON: {"schema": {"type": "object"}}}}})  # fmt: skip
def openapi() -> Response:
    """Return this description."""
    return json_response(describe_all(current_app), 200)


def describe_all(app: Flask) -> dict[str, Any]:
    """Return the description of every route, with all that each may answer."""
    collector: Description = app.extensions[_NAME]
    # What the collector gives is its own.
    document = deepcopy(collector.spec.to_dict())
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PREFIX):
            item = document["paths"][rule.rule.replace("<", "{").replace(">", "}")]
            for method in (rule.methods or set()) - {"HEAD"}:
                operation = item[method.lower()]
                operation["responses"] |= _refusals(refusals_of(app, rule, method))
                operation["responses"].pop("default", None)
                open_to_all = ANYONE in access_of(app, rule.endpoint)
                operation["security"] = [] if open_to_all else [{"session": []}]
    document["components"] = {
        "schemas": _mend(document["components"]["schemas"]),
        "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": context().cookie}
        },
    }
    return document


def _refusals(found: dict[int, list[str]]) -> dict[str, Any]:
    return {
        str(status): {
            "description": _MEANINGS[status],
            "content": {JSON: {"schema": _refusal(codes)}},
        }
        for status, codes in found.items()
    }


def _refusal(codes: Iterable[str]) -> dict[str, Any]:
    head = _HEAD if STALE_HEAD in codes else {}
    return {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": list(codes)},
            "detail": {"type": "string"},
            **head,
        },
        "required": ["code", "detail"],
        "additionalProperties": False,
    }


def _mend(schemas: dict[str, Any]) -> dict[str, Any]:
    """Return the schemas of the collector as they should be."""
    # It describes pages and errors that we do not have.
    found = {name: it for name, it in schemas.items() if name not in _NOT_OURS}
    for schema in found.values():
        for it in schema["properties"].values():
            if "additionalProperties" in it:
                # It takes an object's size for a text's; its names are always ids of logs.
                it["maxProperties"] = it.pop("maxLength")
                it["propertyNames"] = {"pattern": pattern_of(16)}
    return found
