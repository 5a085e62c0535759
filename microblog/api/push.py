"""Whether, and when, this device is told that something is new."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from microblog.api.access import access, signed_in
from microblog.api.answers import refuses
from microblog.api.context import context, write
from microblog.api.fields import Bytes, uint
from microblog.api.reading import JSON, MAX_JSON_BYTES, takes
from microblog.api.rounds import Minute, day_of_week, each_once
from microblog.api.smorest import Blueprint
from microblog.service import push
from microblog.service.push import MAX_ENDPOINT, Quiet, Wanted
from microblog.service.sessions import DEVICE
from microblog.store.db import read

routes = Blueprint("push", __name__, url_prefix="/api", description="Notices by web push")

KEY_BYTES = 65


class QuietSchema(Schema):
    """When nothing comes: from one time of the day to another, the same twice: never; and days."""

    begin = Minute(required=True)
    end = Minute(required=True)
    quiet = fields.List(day_of_week(), required=True, validate=each_once)


class WantedSchema(QuietSchema):
    """The device's address at a push service, and the key that it was made for."""

    endpoint = fields.String(required=True, validate=validate.Length(1, MAX_ENDPOINT))
    key = Bytes(KEY_BYTES, required=True)


class PushSchema(QuietSchema):
    """Whether this device is told; this server's key, null: it sends none; what became of it."""

    on = fields.Boolean(required=True)
    key = Bytes(KEY_BYTES, required=True, allow_none=True)
    zone = fields.String(required=True)
    looked = uint(required=True)
    sent = uint(required=True)
    tries = uint(required=True)
    tried = uint(required=True)


@routes.route("/push", methods=["GET"])
@access(DEVICE)
@routes.response(200, PushSchema)
def read_push() -> dict[str, object]:
    """Return whether, and when, this device is told."""
    here = context()
    place = here.push()
    state = push.read_state(read(), signed_in(), place, here.site)
    return {
        "on": state.on,
        "key": place.key or None,
        "zone": here.zone,
        "begin": state.quiet.begin,
        "end": state.quiet.end,
        "quiet": sorted(state.quiet.days),
        "looked": state.looked,
        "sent": state.sent,
        "tries": state.tries,
        "tried": state.tried,
    }


@routes.route("/push", methods=["PUT"])
@access(DEVICE)
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(WantedSchema)
@routes.response(204)
def put_push(found: dict[str, Any]) -> Response:
    """Have this device told, at an address of its own, from now on."""
    here, who = context(), signed_in()
    quiet = Quiet(found["begin"], found["end"], frozenset(found["quiet"]))
    wanted = Wanted(found["endpoint"], found["key"], quiet)
    push.check_wanted(here.push(), wanted)
    now, gone = here.now(), push.read_gone(here.site)
    write(lambda it: push.put_wanted(it, who, wanted, gone, now))
    return Response(status=204)


@routes.route("/push", methods=["DELETE"])
@access(DEVICE)
@routes.response(204)
def delete_push() -> Response:
    """Tell this device nothing any more."""
    who = signed_in()
    write(lambda it: push.delete_wanted(it, who))
    return Response(status=204)


@routes.route("/push/try", methods=["POST"])
@access(DEVICE)
@refuses("not-found")
@routes.response(204)
def try_push() -> Response:
    """Have one notice sent to this device, at any hour, to see whether it comes."""
    who, now = signed_in(), context().now()
    write(lambda it: push.put_tried(it, who, now))
    return Response(status=204)
