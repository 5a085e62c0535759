"""Something to sign, so as to sign in."""

import secrets
from functools import partial

from marshmallow import Schema

from microblog.api.access import ANYONE, access
from microblog.api.context import context, write
from microblog.api.fields import Bytes, uint
from microblog.api.reading import JSON, MAX_JSON_BYTES, takes
from microblog.api.smorest import Blueprint
from microblog.service.challenges import KEY_BYTES, RANDOM_BYTES, add_key, make_challenge
from microblog.store.db import read

routes = Blueprint("challenges", __name__, url_prefix="/api/challenges", description="Challenges")


class EmptySchema(Schema):
    """Nothing."""


class ChallengeSchema(Schema):
    """What is signed, with the time that is signed beside it."""

    challenge = Bytes(32, required=True)
    time = uint(required=True)


@routes.route("", methods=["POST"])
@access(ANYONE)
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(EmptySchema)
@routes.response(200, ChallengeSchema)
def challenge(_: dict[str, object]) -> dict[str, object]:
    """Return a challenge: one use, two minutes."""
    now = context().now()
    made = make_challenge(_key_of(now), secrets.token_bytes(RANDOM_BYTES), now)
    return {"challenge": made, "time": now}


def _key_of(now: int) -> bytes:
    """Return the key of a day; the first who asks makes it."""
    keys = context().place.keys
    while (key := keys.read(read(), now)) is None:
        fresh = secrets.token_bytes(KEY_BYTES)
        write(partial(add_key, now=now, key=fresh))
    return key
