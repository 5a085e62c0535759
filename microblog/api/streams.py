"""The streams that someone follows, or followed."""

from marshmallow import Schema, fields

from microblog.api.access import access, signed_in
from microblog.api.fields import Bytes, uint
from microblog.api.smorest import Blueprint
from microblog.service.followers import Followed, read_followed
from microblog.service.sessions import DEVICE
from microblog.store.db import read

routes = Blueprint("streams", __name__, url_prefix="/api/streams", description="Streams")


class StreamSchema(Schema):
    """A stream and the newest entry of it that this person may have."""

    log = Bytes(16, required=True)
    seq = uint(required=True)
    id = Bytes(32, required=True)
    until = uint(required=True, allow_none=True)


class StreamsSchema(Schema):
    """All of them, and the device signed in: tabs of one browser share a cookie, not keys."""

    key = Bytes(32, required=True)
    streams = fields.List(fields.Nested(StreamSchema), required=True)


@routes.route("", methods=["GET"])
@access(DEVICE)
@routes.response(200, StreamsSchema)
def streams() -> dict[str, bytes | list[Followed]]:
    """List the streams on whose list I am, or was."""
    who = signed_in()
    return {"key": who.key, "streams": read_followed(read(), who)}
