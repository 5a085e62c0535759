"""Asking to follow: who the keepers of a stream are, and requests to them."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from microblog.api.access import access, signed_in
from microblog.api.answers import NOT_FOUND, refuses
from microblog.api.context import context, write
from microblog.api.fields import Bytes, pattern_of
from microblog.api.reading import CBOR, cbor_response, read_body, takes
from microblog.api.smorest import Blueprint
from microblog.service import asks, wire
from microblog.service.errors import Following
from microblog.service.sessions import DEVICE
from microblog.store.db import read

routes = Blueprint("asks", __name__, url_prefix="/api", description="Requests to follow")

_BINARY = {CBOR: {"schema": {"type": "string", "format": "binary"}}}


def _id(name: str, what: str) -> dict[str, Any]:
    return {"in": "path", "name": name, "required": True,
            "description": f"{what}'s id: 16 bytes as base64url without padding",
            "schema": {"type": "string", "pattern": pattern_of(16)}}  # fmt: skip


_LOG, _PERSON = _id("log", "the stream"), _id("person", "the person")


class KeepersSchema(Schema):
    """Who can let someone in, by the stream's list."""

    keepers = fields.List(Bytes(16), required=True)


@routes.route("/logs/<log>/keepers", methods=["GET"], parameters=[_LOG])
@access(DEVICE)
@refuses(NOT_FOUND)
@routes.response(200, KeepersSchema)
def read_keepers(log: str) -> dict[str, list[bytes]]:
    """List who looks after a stream, to anyone who has its follow slip."""
    return {"keepers": asks.read_keepers(read(), wire.decode_bytes(log, 16, "log"))}


@routes.route("/logs/<log>/ask", methods=["PUT"], parameters=[_LOG])
@access(DEVICE)
@refuses(NOT_FOUND, Following.code, *asks.REFUSALS)
@takes(CBOR, wire.MAX_ASK_REQUEST_BYTES)
@routes.doc(requestBody={"required": True, "content": _BINARY})
@routes.response(204)
def put_ask(log: str) -> Response:
    """Ask to follow a stream, in place of what I asked before."""
    log_id, here, now = wire.decode_bytes(log, 16, "log"), context(), context().now()
    ask = asks.read_ask(signed_in(), read_body())
    write(lambda session: asks.put_ask(session, here.directories, log_id, ask, now))
    return Response(status=204)


@routes.route("/logs/<log>/asks/<person>", methods=["DELETE"], parameters=[_LOG, _PERSON])
@access(DEVICE)
@refuses(NOT_FOUND)
@routes.response(204)
def delete_ask(log: str, person: str) -> Response:
    """Take my request back, or decline one as a keeper."""
    who, log_id = signed_in(), wire.decode_bytes(log, 16, "log")
    asker = wire.decode_bytes(person, 16, "person")
    write(lambda session: asks.delete_ask(session, who, log_id, asker))
    return Response(status=204)


@routes.route("/asks", methods=["GET"])
@access(DEVICE)
@routes.doc(responses={"200": {"description": "[request, …]", "content": _BINARY}})
def read_asks() -> Response:
    """Return my requests, and those to the streams that I keep, newest first."""
    return cbor_response(wire.encode_asks(asks.read_asks(read(), signed_in(), context().now())))
