"""The streams that someone follows, or followed."""

from marshmallow import Schema, fields

from microblog.api.access import access, signed_in
from microblog.api.context import context
from microblog.api.fields import Bytes, uint
from microblog.api.smorest import Blueprint
from microblog.service.followers import read_followed
from microblog.service.restoring import find_lacking, is_restoring
from microblog.service.sessions import DEVICE
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

    While restoring it is said what is lacking in what is listed.
    """

    key = Bytes(32, required=True)
    streams = fields.List(fields.Nested(StreamSchema), required=True)
    restoring = fields.Boolean(required=True)
    lacking = fields.List(fields.Nested(LackingSchema), required=True)


@routes.route("", methods=["GET"])
@access(DEVICE)
@routes.response(200, StreamsSchema)
def streams() -> dict[str, object]:
    """List the streams on whose list I am, or was."""
    who = signed_in()
    followed = read_followed(read(), who)
    restoring = is_restoring(context().folder)
    return {
        "key": who.key,
        "streams": followed,
        "restoring": restoring,
        "lacking": find_lacking(read(), followed) if restoring else [],
    }
