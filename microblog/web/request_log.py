"""A line for each request: method, route, status, milliseconds; nothing of what was sent."""

import logging
import time
from collections.abc import Callable

from flask import Flask, Response, g, request

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE"))

#: What hears of each answer too: its route's template, method, status and seconds.
Note = Callable[[str, str, int, float], None]

log = logging.getLogger("microblog.requests")


def log_requests(app: Flask, note: Note) -> None:
    """Have an application write the lines, and `note` told the same."""

    def start() -> None:
        g.started = time.perf_counter()

    def write(response: Response) -> Response:
        seconds = time.perf_counter() - g.started
        # The template, never what stands in its places; a method that we do not know is a
        # stranger's word.
        route = request.url_rule.rule if request.url_rule else "-"
        method = request.method if request.method in METHODS else "other"
        note(route, method, response.status_code, seconds)
        fields = {"method": method, "route": route, "status": response.status_code}
        log.info("request", extra={"fields": {**fields, "ms": round(seconds * 1000, 1)}})
        return response

    app.before_request(start)
    app.after_request(write)
