"""What every request to /api must pass before its route: same origin, right body, right person."""

from flask import Flask, current_app, request

from microblog.api.access import check_access
from microblog.api.context import context
from microblog.api.reading import check_body
from microblog.service.errors import CrossOrigin

SAFE = ("GET", "HEAD", "OPTIONS")
PREFIX = "/api/"


def guard(app: Flask) -> None:
    """Put the guards before the routes."""
    app.before_request(_check)


def _check() -> None:
    if not request.path.startswith(PREFIX) or request.endpoint is None:
        return
    if request.method not in SAFE:
        _check_origin()
    check_body(current_app.view_functions[request.endpoint] if request.method not in SAFE else None)
    check_access()


def _check_origin() -> None:
    # Browsers send one or both with every unsafe request; the command line sends neither. No page
    # elsewhere can leave them out, nor send our content types without being asked first.
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", context().place.origin)
    if site != "same-origin" or origin != context().place.origin:
        raise CrossOrigin
