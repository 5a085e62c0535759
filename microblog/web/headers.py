"""What every response carries, and the one name under which we answer."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from microblog.settings import Settings

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types microblog"
)
# A worker has the policy of its own response: only it may run WebAssembly, and reach the server.
WORKER = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
REST = "default-src 'none'; frame-ancestors 'none'"
# Strangers' files are taken apart here: no key is in it, and nothing goes out of it, nor to us.
SHEETS = "default-src 'none'"
# It fetches the app's own files and starts nothing; a notice that it shows has our icon.
SERVICE_WORKER = "default-src 'none'; connect-src 'self'; img-src 'self'"
WORKER_PATH = "/static/worker.js"
SHEETS_PATH = "/static/sheets.js"
SERVICE_WORKER_PATH = "/sw.js"
PAGES = ("/", "/join", "/found", "/ask", "/link", "/recover", "/protects", "/check")
# Named by its content: under this name it never changes. esbuild's hash is eight letters long.
BY_CONTENT = re.compile(r"/static/(?:parts|worker)/[a-z-]+-[A-Z2-7]{8}\.(?:js|wasm)")
FOR_A_YEAR = "max-age=31536000"
FOREVER = "public, max-age=31536000, immutable"

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), picture-in-picture=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
    ),
}


def add_headers(app: Flask, settings: Settings) -> None:
    """Have an application answer under its own name only, and with these headers."""

    host = settings.host

    def check_host() -> Response | None:
        if request.environ.get("HTTP_HOST") == host:
            return None
        detail = f"host: this server is {settings.public_url}"
        body = f'{{"code":"wrong-host","detail":"{detail}"}}\n'
        return Response(body, 421, mimetype="application/json")

    # What the API answers has these, and none of them before: they are put to it at the very end,
    # or Flask would look at each of them three times.
    of_api = [*FIXED.items(), ("Content-Security-Policy", REST), ("Cache-Control", "no-store")]
    if settings.is_https:
        of_api.append(("Strict-Transport-Security", FOR_A_YEAR))

    def add(response: Response) -> Response:
        if request.path.startswith("/api/"):
            return response
        response.headers.update(FIXED)
        response.headers["Content-Security-Policy"] = policy_of(request.path)
        response.headers["Cache-Control"] = cache_of(request.path, response.status_code)
        if settings.is_https:
            response.headers["Strict-Transport-Security"] = FOR_A_YEAR
        return response

    answer = app.wsgi_app

    def answer_with_headers(
        environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith("/api/"):
            return answer(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *of_api], *rest)

        return answer(environ, start)

    app.before_request(check_host)
    app.after_request(add)
    app.wsgi_app = answer_with_headers  # type: ignore[method-assign]


def policy_of(path: str) -> str:
    """Return the Content-Security-Policy of what is at a path."""
    if path in PAGES:
        return PAGE
    workers = {
        WORKER_PATH: WORKER,
        SHEETS_PATH: SHEETS,
        SERVICE_WORKER_PATH: SERVICE_WORKER,
    }
    return workers.get(path, REST)


def cache_of(path: str, status: int = 200) -> str:
    """Return how long a browser may keep what it was given; what is missing may come back."""
    if path.startswith("/api/"):
        return "no-store"
    return FOREVER if status in (200, 304) and BY_CONTENT.fullmatch(path) else "no-cache"
