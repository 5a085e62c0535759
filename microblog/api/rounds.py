"""When my round-up comes by mail; and, for stewards, what became of everyone's."""

import re
from typing import Any

from flask import Response
from marshmallow import Schema, ValidationError, fields, validate

from microblog.api.access import access, signed_in
from microblog.api.answers import refuses
from microblog.api.context import context, write
from microblog.api.fields import Bytes, Flag, uint
from microblog.api.reading import JSON, MAX_JSON_BYTES, takes
from microblog.api.smorest import Blueprint
from microblog.service import rounds
from microblog.service.rounds import EVERY, Choice
from microblog.service.sessions import DEVICE
from microblog.store.db import read

routes = Blueprint("rounds", __name__, url_prefix="/api", description="Round-ups")

_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Minute(fields.Field[int]):
    """A time of the day, HH:MM, as minutes after midnight."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"type": "string", "pattern": _TIME}, **options)

    def _serialize(self, value: int | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(_TIME[1:-1], value):
            raise ValidationError("not a time such as 08:00")
        hours, minutes = value.split(":")
        return 60 * int(hours) + int(minutes)


def day_of_week(**options: Any) -> fields.Integer:
    """Return a field for a day of the week; 0 is Monday."""
    limits = validate.Range(0, 6, error="not a day of the week, 0 to 6")
    return fields.Integer(strict=True, validate=limits, **options)


def each_once(days: list[int]) -> None:
    if len(set(days)) < len(days):
        raise ValidationError("a day occurs twice")


class ChoiceSchema(Schema):
    """When it comes: off, daily or weekly; nudges at once; on quiet days nothing but those."""

    every = fields.String(required=True, validate=validate.OneOf(EVERY))
    at = Minute(required=True)
    weekday = day_of_week(required=True)
    nudges = Flag(required=True)
    quiet = fields.List(day_of_week(), required=True, validate=each_once)


class RoundUpSchema(ChoiceSchema):
    """My choice; whether this server mails at all, and the clock that it goes by."""

    mails = fields.Boolean(required=True)
    zone = fields.String(required=True)


class MailStateSchema(Schema):
    """What became of someone's newest mail; code is SMTP's, 0: the server was not reached."""

    person = Bytes(16, required=True)
    state = fields.String(required=True, validate=validate.OneOf(rounds.STATES))
    time = uint(required=True)
    tries = uint(required=True)
    code = uint(required=True)


class MailStatesSchema(Schema):
    """Everyone's; and when round-ups were last looked after at all, 0: never."""

    looked = uint(required=True)
    states = fields.List(fields.Nested(MailStateSchema), required=True)


@routes.route("/round-up", methods=["GET"])
@access(DEVICE)
@routes.response(200, RoundUpSchema)
def read_choice() -> dict[str, object]:
    """Return when my round-up comes by mail."""
    choice = rounds.read_choice(read(), signed_in().person)
    return {
        "every": choice.every,
        "at": choice.at,
        "weekday": choice.weekday,
        "nudges": choice.nudges,
        "quiet": sorted(choice.quiet),
        "mails": context().mails,
        "zone": context().zone,
    }


@routes.route("/round-up", methods=["PUT"])
@access(DEVICE)
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(ChoiceSchema)
@routes.response(204)
def put_choice(found: dict[str, Any]) -> Response:
    """Choose when my round-up comes by mail."""
    choice = Choice(**{**found, "quiet": frozenset(found["quiet"])})
    rounds.check_choice(choice)
    who, now = signed_in(), context().now()
    write(lambda session: rounds.put_choice(session, who, choice, now))
    return Response(status=204)


@routes.route("/round-ups", methods=["GET"])
@access(DEVICE)
@refuses("not-allowed")
@routes.response(200, MailStatesSchema)
def read_states() -> dict[str, object]:
    """List what became of everyone's newest mail, to a steward."""
    here, session = context(), read()
    rounds.check_steward(here.directories.read(session), signed_in())
    looked, states = rounds.read_states(session, here.site)
    return {"looked": looked, "states": states}
