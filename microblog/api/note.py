"""My own note, which I leave for my other devices."""

from flask import Response

from microblog.api.access import access, signed_in
from microblog.api.answers import refuses
from microblog.api.context import write
from microblog.api.reading import CBOR, cbor_response, read_body, takes
from microblog.api.smorest import Blueprint
from microblog.service import note as notes
from microblog.service import wire
from microblog.service.errors import StaleNote
from microblog.service.sessions import DEVICE
from microblog.store.db import read

routes = Blueprint("note", __name__, url_prefix="/api", description="A note of one's own")

_BINARY = {CBOR: {"schema": {"type": "string", "format": "binary"}}}


@routes.route("/own-note", methods=["GET"])
@access(DEVICE)
@routes.doc(responses={"200": {"description": "[number, note]", "content": _BINARY}})
def read_note() -> Response:
    """Return my note and its number; 0 and nothing if I have put none."""
    return cbor_response(wire.encode_note(*notes.read_note(read(), signed_in())))


@routes.route("/own-note", methods=["PUT"])
@access(DEVICE)
@refuses(StaleNote.code)
@takes(CBOR, wire.MAX_NOTE_REQUEST_BYTES)
@routes.doc(requestBody={"required": True, "content": _BINARY})
@routes.response(204)
def put_note() -> Response:
    """Put my note, [number, note], in place of the one of that number; its own is one more."""
    number, note = wire.decode_note(read_body())
    notes.check_note(note)
    who = signed_in()
    write(lambda session: notes.put_note(session, who, number, note))
    return Response(status=204)
