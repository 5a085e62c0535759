"""The page and its files: the same bytes for everyone, so nothing private is in them."""

from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

HERE = Path(__file__).parent
INDEX = HERE / "index.html"
STATIC = HERE / "static"
NOT_BUILT = "The browser's end of microblog has not been built here: run make run.\n"
# Said here, because what a machine thinks of a suffix differs from place to place.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
OTHER = "application/octet-stream"

routes = Blueprint("shell", __name__)


@routes.get("/")
@routes.get("/join")
@routes.get("/found")
@routes.get("/ask")
@routes.get("/link")
@routes.get("/recover")
def page() -> Response:
    """Return the page; which screen it shows is its own business."""
    if not INDEX.is_file() or not STATIC.is_dir():
        return Response(NOT_BUILT, 404, mimetype="text/plain")
    return _send(INDEX)


@routes.get("/static/<path:name>")
def static(name: str) -> Response:
    """Return a file of the bundle, or an icon."""
    found = safe_join(str(STATIC), name)
    try:
        if found is None or not Path(found).is_file():
            raise NotFound
    except OSError:
        # The name is longer than any file's.
        raise NotFound from None
    return _send(Path(found))


def content_type(path: Path) -> str:
    """Return as what a file is sent."""
    return _response(path, b"").headers["Content-Type"]


def _send(path: Path) -> Response:
    response = _response(path, path.read_bytes())
    # By content, not by date: two builds of the same sources are the same to a browser's cache.
    response.add_etag()
    response.make_conditional(request)
    return response


def _response(path: Path, data: bytes) -> Response:
    return Response(data, mimetype=TYPES.get(path.suffix, OTHER))
