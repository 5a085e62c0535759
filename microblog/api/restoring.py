"""Giving back, after a restore, what the backup lacks."""

from flask import Response

from microblog.api.access import ANYONE, access, signed_in
from microblog.api.answers import STALE_HEAD, VERDICT, refuses
from microblog.api.context import context, write
from microblog.api.logs import LOG, SENT, AppendedSchema
from microblog.api.reading import CBOR, json_response, read_body, takes
from microblog.api.smorest import Blueprint
from microblog.service import restoring, wire
from microblog.service.logs import Appended
from microblog.service.sessions import DEVICE

NOT_RESTORING = "not-restoring"

routes = Blueprint("restoring", __name__, url_prefix="/api", description="After a restore")


# Whoever joined since the backup was made can only sign in once the directory is whole again; its
# entries are signed, so it does not matter who brings them.
@routes.route("/directory/give-back", methods=["POST"])
@access(ANYONE)
@refuses(NOT_RESTORING, STALE_HEAD, "not-allowed", *VERDICT)
@takes(CBOR, wire.MAX_ENTRIES_REQUEST_BYTES)
@routes.doc(requestBody=SENT)
@routes.response(201, AppendedSchema)
@routes.alt_response(200, schema=AppendedSchema, description="nothing of it was missing")
def give_back_directory() -> Response:
    """Give back up to 64 entries of the directory, exactly as they were once stored."""
    here = context()
    restoring.check_restoring(here.marks)
    entries = wire.decode_entries(read_body())
    return _answer(write(lambda it: restoring.give_back_directory(it, here.directories, entries)))


@routes.route("/logs/<log>/give-back", methods=["POST"], parameters=LOG)
@access(DEVICE)
@refuses(NOT_RESTORING, STALE_HEAD, "not-allowed", *VERDICT)
@takes(CBOR, wire.MAX_ENTRIES_REQUEST_BYTES)
@routes.doc(requestBody=SENT)
@routes.response(201, AppendedSchema)
@routes.alt_response(200, schema=AppendedSchema, description="nothing of it was missing")
def give_back(log: str) -> Response:
    """Give back up to 64 entries of a log, by anyone, exactly as they were once stored."""
    here, who, log_id = context(), signed_in(), wire.decode_bytes(log, 16, "log")
    restoring.check_restoring(here.marks)
    entries = wire.decode_entries(read_body())
    return _answer(
        write(lambda it: restoring.give_back(it, here.directories, who, log_id, entries))
    )


@routes.route("/given-back", methods=["POST"])
@access(DEVICE)
@refuses(NOT_RESTORING)
@routes.response(204)
def given_back() -> Response:
    """Say that I have given back all that this device holds."""
    restoring.note_seen(context().marks, signed_in().person)
    return Response(status=204)


def _answer(done: Appended) -> Response:
    body = {"seq": done.seq, "id": wire.encode_bytes(done.id)}
    return json_response(body, 201 if done.fresh else 200)
