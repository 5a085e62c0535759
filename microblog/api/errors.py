"""Refusals as HTTP: one shape, one status for each reason, and nothing of what was sent."""

import logging
import traceback

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from microblog.api.reading import json_response
from microblog.service import errors
from microblog.service.wire import encode_bytes
from microblog.store.db import Busy

STATUS: dict[type[errors.ServiceError], int] = {
    errors.Malformed: 400,
    errors.SignedOut: 401,
    errors.CrossOrigin: 403,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.StaleHead: 409,
    errors.StaleNote: 409,
    errors.Following: 409,
    errors.Restoring: 409,
    errors.NotRestoring: 409,
    errors.Taken: 409,
    errors.TooMany: 429,
    errors.Refused: 422,
}
HTTP = {
    400: ("malformed", "the request is not well-formed"),
    404: ("not-found", "there is nothing here"),
    405: ("wrong-method", "this address does not know that method"),
    413: ("too-large", "body: longer than this address takes"),
    415: ("wrong-type", "content-type: not what this address takes"),
}
RETRY_SECONDS = 5

log = logging.getLogger("microblog")


def handle_errors(app: Flask) -> None:
    """Have an application answer every refusal, foreseen or not, in the one shape."""
    app.register_error_handler(errors.ServiceError, refusal)
    app.register_error_handler(Busy, busy)
    app.register_error_handler(HTTPException, http_refusal)
    app.register_error_handler(Exception, broken)


def refusal(error: errors.ServiceError) -> Response:
    """Return what a service's refusal looks like."""
    body: dict[str, object] = {"code": error.code, "detail": str(error)}
    if isinstance(error, errors.StaleHead):
        body["seq"] = error.seq
        body["id"] = None if error.head_id is None else encode_bytes(error.head_id)
    return json_response(body, STATUS[type(error)])


def busy(error: Busy) -> Response:
    """Say that it is worth trying again, and when."""
    response = json_response({"code": "busy", "detail": str(error)}, 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def http_refusal(error: HTTPException) -> Response:
    """Return what a refusal of the framework looks like, its headers (Allow) kept."""
    status = error.code or 500
    code, detail = HTTP.get(status, ("refused", "the request is refused"))
    if status == 415 and error.description:
        detail = error.description
    response = json_response({"code": code, "detail": detail}, status)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def broken(error: Exception) -> Response:
    """Answer what nobody foresaw. The log gets where it happened, and no value from the request."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{it.name}:{it.lineno}" for it in reversed(frames[-6:]))
    log.error("unforeseen %s in %s", type(error).__name__, places)
    return json_response({"code": "broken", "detail": "the server has a fault"}, 500)
