"""Messages between two devices that are being linked."""

from typing import Any

from flask import Response

from microblog.api.access import ANYONE, access
from microblog.api.answers import NOT_FOUND, refuses
from microblog.api.context import context, write
from microblog.api.fields import pattern_of
from microblog.api.reading import CBOR, cbor_response, read_body, takes
from microblog.api.smorest import Blueprint
from microblog.service import links, wire
from microblog.service.errors import Taken, TooMany
from microblog.store.db import read

routes = Blueprint("links", __name__, url_prefix="/api/links", description="Linking devices")

_BINARY = {CBOR: {"schema": {"type": "string", "format": "binary"}}}
_TAG: dict[str, Any] = {
    "in": "path", "name": "tag", "required": True,
    "description": "what follows from the code: 16 bytes as base64url without padding",
    "schema": {"type": "string", "pattern": pattern_of(16)},
}  # fmt: skip
_SLOT: dict[str, Any] = {
    "in": "path", "name": "slot", "required": True,
    "description": "1 offer, 2 welcome, 3 consent, 4 pins",
    "schema": {"type": "string", "pattern": "^[1-4]$"},
}  # fmt: skip


@routes.route("/<tag>/<slot>", methods=["PUT"], parameters=[_TAG, _SLOT])
@access(ANYONE)
@refuses(NOT_FOUND, Taken.code, TooMany.code)
@takes(CBOR, wire.MAX_LINK_REQUEST_BYTES)
@routes.doc(requestBody={"required": True, "content": _BINARY})
@routes.response(204)
def put_message(tag: str, slot: str) -> Response:
    """Leave a sealed message, [message], once; the first begins ten minutes for all four."""
    name, number, now = wire.decode_bytes(tag, 16, "tag"), links.check_slot(slot), context().now()
    message = wire.decode_link(read_body())
    links.check_message(number, message)
    write(lambda session: links.put_message(session, name, number, message, now))
    return Response(status=204)


@routes.route("/<tag>/<slot>", methods=["GET"], parameters=[_TAG, _SLOT])
@access(ANYONE)
@refuses(NOT_FOUND)
@routes.doc(responses={"200": {"description": "[message]", "content": _BINARY}})
def read_message(tag: str, slot: str) -> Response:
    """Return a message that the other device has left."""
    name, number = wire.decode_bytes(tag, 16, "tag"), links.check_slot(slot)
    found = links.read_message(read(), name, number, context().now())
    return cbor_response(wire.encode_link(found))
