"""Reading requests strictly.

There is one way to say a thing; limits hold before anything is buffered; a refusal names the field.
"""

import json
from collections.abc import Callable, Mapping
from math import nan
from typing import Any, NoReturn, TypeVar

from flask import Request, Response, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from microblog.service.errors import Malformed
from microblog.service.sessions import TOKEN_BYTES
from microblog.service.wire import decode_bytes

JSON = "application/json"
CBOR = "application/cbor"
MAX_JSON_BYTES = 64 * 1024
MAX_DIGITS = 16
MAX_FIELD = 32

View = TypeVar("View", bound=Callable[..., Any])


def takes(media_type: str, max_bytes: int) -> Callable[[View], View]:
    """Declare what sort of body a route takes and how long; without it there is none."""

    def declare(view: View) -> View:
        view.takes = (media_type, max_bytes)  # type: ignore[attr-defined]
        return view

    return declare


def check_body(asked: Request, view: Callable[..., Any] | None) -> None:
    """Check type and encoding of a request's body, and limit it, before any of it is read.

    Raises:
        UnsupportedMediaType: it is not what the route takes.
    """
    media_type, max_bytes = getattr(view, "takes", (None, 0))
    asked.max_content_length = max_bytes
    if asked.environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise UnsupportedMediaType("content-encoding: a body is sent as it is")
    if media_type is not None and asked.environ.get("CONTENT_TYPE") != media_type:
        raise UnsupportedMediaType(f"content-type: not exactly {media_type}")


def read_body() -> bytes:
    """Return the body; of a longer one than the route takes no more is read than that.

    Raises:
        RequestEntityTooLarge: it is longer.
        Malformed: it breaks off, or its chunks are none.
    """
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    length, most = asked.content_length, asked.max_content_length or 0
    try:
        if length is not None and length <= most:
            # The server in front gives no more than was said, and fewer where it broke off.
            data: bytes = asked.environ["wsgi.input"].read(length)
            if len(data) == length:
                return data
            raise Malformed("body: it cannot be read to its end")
        data = asked.get_data(cache=False)
    except (Malformed, RequestEntityTooLarge):
        raise
    except Exception:  # noqa: BLE001  # The server in front has errors of its own for chunks.
        raise Malformed("body: it cannot be read to its end") from None
    # A body in chunks does not say its length: werkzeug cuts it off at the limit and says nothing.
    if length is None and len(data) >= most:
        raise RequestEntityTooLarge
    return data


def read_token(incoming: Request, cookie: str) -> bytes | None:
    """Return the session's token from its cookie, or None where there is none."""
    # A browser that has only this one sends nothing else; anything else is taken apart.
    name, _, text = incoming.environ.get("HTTP_COOKIE", "").partition("=")
    if name != cookie or not text.isascii() or ";" in text:
        text = incoming.cookies.get(cookie, "")
    try:
        return decode_bytes(text, TOKEN_BYTES, "cookie")
    except Malformed:
        return None


def parse_json(data: bytes) -> dict[str, Any]:
    """Return the object that a body is.

    Raises:
        Malformed: it is not one, or something about it could be read in two ways.
    """
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_no_number,
            parse_int=_whole,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Malformed("body: not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("body: not an object")
    return value


class StrictParser(FlaskParser):
    """Reads JSON and query strings for the routes' schemas."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012
        "json": "raise",
        "query": "raise",
    }

    def load_json(self, req: Request, schema: Schema) -> dict[str, Any]:  # noqa: ARG002
        """Return the object in the body."""
        return parse_json(read_body())

    def load_querystring(self, req: Request, schema: Schema) -> dict[str, str]:  # noqa: ARG002
        """Return the query's parameters, none of them twice."""
        pairs = list(req.args.items(multi=True))
        if len({name for name, _ in pairs}) != len(pairs):
            raise Malformed("query: a parameter occurs twice")
        return dict(pairs)

    def handle_error(  # type: ignore[override]
        self, error: ValidationError, _req: Request, schema: Schema, **_: object
    ) -> NoReturn:
        """Refuse with the first field that is wrong."""
        raise Malformed(_describe(error.messages, schema)) from None


_encode = json.JSONEncoder(separators=(",", ":")).encode


def json_response(value: object, status: int) -> Response:
    """Return a JSON reply."""
    return Response(_encode(value) + "\n", status, content_type=JSON)


def cbor_response(data: bytes) -> Response:
    """Return a reply in the protocol's own encoding."""
    return Response(data, 200, content_type=CBOR)


def _describe(messages: Any, schema: Schema) -> str:
    """Return `field: reason`; of what was sent, only names that the schema knows are repeated."""
    located: Mapping[str, Any] = next(iter(messages.values()))
    name = next(iter(located), "_schema")
    reason = located.get(name)
    while isinstance(reason, Mapping):
        reason = next(iter(reason.values()), None)
    first = str(reason[0]) if isinstance(reason, list) and reason else "not valid"
    field = name if name in schema.fields else "body"
    return f"{field}: {first.rstrip('.').lower()}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("body: a name occurs twice in an object")
    return found


def _no_number(_text: str) -> float:
    """Stand for a number that is not whole: no field takes it, so the refusal names the field."""
    return nan


def _whole(text: str) -> float:
    # Of thousands of digits none is read.
    return int(text) if len(text) <= MAX_DIGITS else nan
