"""A line for each request: method, route, status, milliseconds; nothing of what was sent."""

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("microblog.requests")


def log_requests(app: Flask) -> None:
    """Have an application write the lines."""

    def start() -> None:
        g.started = time.perf_counter()

    def write(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "-"
        milliseconds = (time.perf_counter() - g.started) * 1000
        log.info("%s %s %d %.1f", request.method, route, response.status_code, milliseconds)
        return response

    app.before_request(start)
    app.after_request(write)
