"""Signing in and out."""

import secrets
from typing import Any

from flask import Response, request
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from microblog.api.access import ANYONE, SORTS, access
from microblog.api.answers import refuses
from microblog.api.context import context, write
from microblog.api.fields import Bytes, uint
from microblog.api.reading import JSON, MAX_JSON_BYTES, json_response, read_token, takes
from microblog.api.smorest import Blueprint
from microblog.service import founding, push, sessions
from microblog.service.sessions import FOUNDING, TOKEN_BYTES, Proof, Who
from microblog.service.wire import encode_bytes
from microblog.store.db import Session, read

routes = Blueprint("sessions", __name__, url_prefix="/api/sessions", description="Sessions")

_COOKIE = {"Set-Cookie": {"schema": {"type": "string"}, "description": "the session, or its end"}}


class ProofSchema(Schema):
    """A signature by a device, an invitation or a witness, or the founding link's token."""

    sort = fields.String(required=True, validate=validate.OneOf(SORTS))
    key = Bytes(32)
    challenge = Bytes(32)
    time = uint()
    signature = Bytes(64)
    token = Bytes(founding.TOKEN_BYTES)

    @validates_schema
    def check_fields(self, found: dict[str, Any], **_: Any) -> None:
        """Check that exactly the fields of its sort are there."""
        signed = {"key", "challenge", "time", "signature"}
        wanted = {"token"} if found["sort"] == FOUNDING else signed
        for name in sorted(signed | {"token"}):
            if (name in found) != (name in wanted):
                word = "missing" if name in wanted else "does not belong here"
                raise ValidationError(word, name)


class SessionSchema(Schema):
    """Who is signed in; person is null for the founding link and a witness."""

    sort = fields.String(required=True, validate=validate.OneOf(SORTS))
    person = Bytes(16, required=True, allow_none=True)


@routes.route("", methods=["POST"])
@access(ANYONE)
@refuses("signed-out")
@takes(JSON, MAX_JSON_BYTES)
@routes.arguments(ProofSchema)
@routes.response(201, SessionSchema, headers=_COOKIE)
def sign_in(found: dict[str, Any]) -> Response:
    """Sign in; the reply sets the session's cookie."""
    token = secrets.token_bytes(TOKEN_BYTES)
    who = _found(found, token) if found["sort"] == FOUNDING else _prove(Proof(**found), token)
    person = encode_bytes(who.person) if who.person else None
    response = json_response({"sort": who.sort, "person": person}, 201)
    _set_cookie(response, encode_bytes(token))
    return response


@routes.route("", methods=["DELETE"])
@access(*SORTS)
@routes.response(204, headers=_COOKIE)
def sign_out() -> Response:
    """Sign out; the reply clears the session's cookie."""
    token = read_token(request, context().cookie)
    if token is not None:
        write(lambda session: sessions.close_session(session, token))
    response = Response(status=204)
    _set_cookie(response, None)
    return response


def _prove(proof: Proof, token: bytes) -> Who:
    here, now = context(), context().now()
    sessions.check_proof(read(), here.directories, here.place, proof, now)
    before, gone = read_token(request, here.cookie), push.read_gone(here.site)

    def begin(session: Session) -> Who:
        who = sessions.open_session(session, here.directories, proof, token, now)
        push.drop_gone(session, gone)
        if before is not None:
            sessions.close_session(session, before)
        return who

    return write(begin)


def _found(found: dict[str, Any], token: bytes) -> Who:
    here, now = context(), context().now()
    founding.check_token(here.marks, found["token"], now)
    return write(lambda session: sessions.open_founding_session(session, token, now))


def _set_cookie(response: Response, value: str | None) -> None:
    response.set_cookie(
        context().cookie,
        value or "",
        max_age=None if value else 0,
        path="/",
        secure=context().secure_cookie,
        httponly=True,
        samesite="Strict",
    )
