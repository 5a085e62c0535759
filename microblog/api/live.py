"""The event stream: a log and a seq, whenever something is new for whoever listens.

Where no process for event streams is set up, there is nothing here, and clients ask now and then.
"""

from flask import Response, request

from microblog.api.access import access, signed_in
from microblog.api.answers import NOT_FOUND, refuses
from microblog.api.context import context
from microblog.api.reading import read_token
from microblog.api.smorest import Blueprint
from microblog.service.errors import NotFound
from microblog.service.sessions import DEVICE, hash_token

EVENTS = "text/event-stream"
#: Where the listener is left for whatever has the line.
LISTENER = "microblog.listener"
#: What a stream begins with: a line that clients pass over.
FIRST = b": live\n\n"

routes = Blueprint("live", __name__, url_prefix="/api/live", description="The event stream")


@routes.route("", methods=["GET"])
@access(DEVICE)
@refuses(NOT_FOUND)
@routes.doc(responses={"200": {
    "description": "events without end: each is the id of a log, a space and a seq",
    "content": {EVENTS: {"schema": {"type": "string"}}}}})  # fmt: skip
def live() -> Response:
    """Hear of each entry that I may have, by its log and seq, until my session ends."""
    listeners = context().listeners
    if listeners is None:
        raise NotFound
    # What asks for the head alone takes no place.
    if request.method == "GET":
        token = read_token(request, context().cookie) or b""
        request.environ[LISTENER] = listeners.admit(signed_in(), hash_token(token))
    # As an iterator: how long it will be is not to be told.
    return Response(iter((FIRST,)), 200, content_type=EVENTS)
