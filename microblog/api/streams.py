"""The streams that someone follows, or followed."""

from flask import Response, request
from marshmallow import Schema, fields

from microblog.api.access import access, signed_in_and_tag
from microblog.api.context import context
from microblog.api.fields import Bytes, uint
from microblog.api.reading import json_response
from microblog.api.smorest import Blueprint
from microblog.service.followers import read_followed
from microblog.service.restoring import find_lacking, is_restoring
from microblog.service.sessions import DEVICE
from microblog.service.wire import encode_bytes
from microblog.store.db import read

routes = Blueprint("streams", __name__, url_prefix="/api/streams", description="Streams")


class StreamSchema(Schema):
    """A stream and the newest entry of it that this person may have."""

    log = Bytes(16, required=True)
    seq = uint(required=True)
    id = Bytes(32, required=True)
    until = uint(required=True, allow_none=True)


class LackingSchema(Schema):
    """A stream and the first of its entries whose words the server lacks."""

    log = Bytes(16, required=True)
    seqs = fields.List(uint(), required=True)


class StreamsSchema(Schema):
    """All of them, and the device signed in: tabs of one browser share a cookie, not keys.

    While restoring it is said what is lacking in what is listed. `live`: there is an event stream.
    """

    key = Bytes(32, required=True)
    streams = fields.List(fields.Nested(StreamSchema), required=True)
    restoring = fields.Boolean(required=True)
    live = fields.Boolean(required=True)
    lacking = fields.List(fields.Nested(LackingSchema), required=True)


_SCHEMA = StreamsSchema()


@routes.route("", methods=["GET"])
@access(DEVICE, tag=True)
@routes.response(200, StreamsSchema)
@routes.alt_response(304, schema=None, description="nothing is newer than the tag")
def streams() -> Response:
    """List the streams on whose list I am, or was, unless nothing is newer than the tag."""
    (who, tagged), here = signed_in_and_tag(), context()
    restoring = is_restoring(here.marks)
    tag = f'"{encode_bytes(tagged)}"'
    if not restoring and request.environ.get("HTTP_IF_NONE_MATCH") == tag:
        return Response(status=304, headers={"ETag": tag})
    session = read()
    followed = read_followed(session, who)
    lacking = find_lacking(session, followed) if restoring else []
    found = {"key": who.key, "streams": followed, "restoring": restoring, "lacking": lacking}
    found["live"] = context().live
    response = json_response(_SCHEMA.dump(found), 200)
    # What is lacking is given back without a head moving.
    if not restoring:
        response.headers["ETag"] = tag
    return response
