"""What every request to /api must pass before its route: same origin, right body, right person."""

from contextlib import suppress
from functools import partial
from typing import BinaryIO

from flask import Flask, Request, Response, current_app, request

from microblog.api.access import check_access
from microblog.api.context import context
from microblog.api.reading import check_body
from microblog.service.errors import CrossOrigin
from microblog.service.wire import MAX_ENTRIES_REQUEST_BYTES

SAFE = ("GET", "HEAD", "OPTIONS")
PREFIX = "/api/"
_READ_ANYWAY = 64 * 1024


def guard(app: Flask) -> None:
    """Put the guards before the routes, and have what they left unread read after the answer."""
    app.before_request(_check)
    app.after_request(_read_out)


def _read_out(response: Response) -> Response:
    # Of a body that nobody read gunicorn takes so much, and closes the connection over the rest:
    # then nginx, which is still sending it, hears that instead of the answer.
    length = request.environ.get("CONTENT_LENGTH", "")
    if length.isdigit() and _READ_ANYWAY < int(length) <= MAX_ENTRIES_REQUEST_BYTES:
        response.call_on_close(partial(_read_rest, request.environ["wsgi.input"]))
    return response


def _read_rest(body: BinaryIO) -> None:
    # Whoever breaks off has been answered all the same.
    with suppress(Exception):
        while body.read(_READ_ANYWAY):
            pass


def _check() -> None:
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    if not asked.path.startswith(PREFIX) or asked.endpoint is None:
        return
    view = current_app.view_functions[asked.endpoint]
    is_safe = asked.method in SAFE
    if not is_safe:
        _check_origin(asked)
    check_body(asked, None if is_safe else view)
    check_access(asked, view)


def _check_origin(asked: Request) -> None:
    # Browsers send one or both with every unsafe request; the command line sends neither. No page
    # elsewhere can leave them out, nor send our content types without being asked first.
    ours, environ = context().place.origin, asked.environ
    site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
    if site != "same-origin" or environ.get("HTTP_ORIGIN", ours) != ours:
        raise CrossOrigin
