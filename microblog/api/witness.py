"""Witnesses: what they check, what they sign, and handing that to whoever follows."""

from typing import Any

from flask import Response
from marshmallow import Schema

from microblog.api.access import access, signed_in
from microblog.api.answers import refuses
from microblog.api.context import context, write
from microblog.api.logs import SENT, by_log
from microblog.api.reading import CBOR, JSON, MAX_JSON_BYTES, cbor_response, read_body, takes
from microblog.api.smorest import Blueprint
from microblog.service import restoring, wire, witness
from microblog.service.sessions import DEVICE, WITNESS
from microblog.store.db import read

routes = Blueprint("witness", __name__, url_prefix="/api", description="Witnesses")

_BINARY = {CBOR: {"schema": {"type": "string", "format": "binary"}}}


def _answers(what: str) -> dict[str, Any]:
    return {"200": {"description": what, "content": _BINARY}}


class HeadersSchema(Schema):
    """The first seq wanted, by log."""

    since = by_log(required=True)


@routes.route("/witness/logs", methods=["GET"])
@access(WITNESS)
@routes.doc(responses=_answers("[[log, seq, id], …]"))
def list_logs() -> Response:
    """List all logs with their heads."""
    return cbor_response(witness.list_logs(read()))


@routes.route("/witness/headers", methods=["POST"])
@access(WITNESS)
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(HeadersSchema)
@routes.doc(responses=_answers("[[log, [entry without its words, …], more], …]"))
def fetch_headers(found: dict[str, Any]) -> Response:
    """Return what is new in each log, without body, salt and boxes."""
    return cbor_response(wire.encode_logs(witness.fetch_headers(read(), found["since"])))


@routes.route("/witness/heads", methods=["PUT"])
@access(WITNESS)
@refuses("restoring", *witness.REFUSALS)
@takes(CBOR, witness.MAX_REQUEST_BYTES)
@routes.doc(requestBody=SENT)
@routes.response(204)
def put_heads() -> Response:
    """Keep up to 64 signed heads, each in place of the one of the same log."""
    here, who = context(), signed_in()
    heads = witness.decode_heads(read_body())
    restoring.check_open(here.marks)
    witness.check_heads(here.directories.read(read()), who, heads, here.now())
    write(lambda session: witness.put_heads(session, who, heads))
    return Response(status=204)


@routes.route("/heads", methods=["GET"])
@access(DEVICE)
@routes.doc(responses=_answers("[head, …]"))
def read_heads() -> Response:
    """Return the newest signed heads of the directory and of the streams that I follow."""
    session = read()
    directory = context().directories.read(session)
    return cbor_response(witness.read_heads(session, directory, signed_in()))
