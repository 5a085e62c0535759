"""What every response carries, and the one name under which we answer."""

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
WORKER_PATH = "/static/worker.js"
PAGES = ("/", "/join", "/found", "/ask", "/link", "/recover")

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

    def check_host() -> Response | None:
        if request.headers.get("Host") == settings.host:
            return None
        detail = f"host: this server is {settings.public_url}"
        body = f'{{"code":"wrong-host","detail":"{detail}"}}\n'
        return Response(body, 421, mimetype="application/json")

    def add(response: Response) -> Response:
        response.headers.update(FIXED)
        response.headers["Content-Security-Policy"] = policy_of(request.path)
        response.headers["Cache-Control"] = "no-store" if _is_api() else "no-cache"
        if settings.is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    app.before_request(check_host)
    app.after_request(add)


def policy_of(path: str) -> str:
    """Return the Content-Security-Policy of what is at a path."""
    if path in PAGES:
        return PAGE
    return WORKER if path == WORKER_PATH else REST


def _is_api() -> bool:
    return request.path.startswith("/api/")
