"""The page and its files: the same bytes for everyone, so nothing private is in them."""

from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

HERE = Path(__file__).parent
INDEX = HERE / "index.html"
STATIC = HERE / "static"
MANIFEST = HERE / "manifest.webmanifest"
SERVICE_WORKER = "sw.js"
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
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
OTHER = "application/octet-stream"
# In what a file may be packed beside itself, the shortest first: by the name that browsers have.
FORMS = {"br": ".br", "gzip": ".gz"}

routes = Blueprint("shell", __name__)


@routes.get("/")
@routes.get("/join")
@routes.get("/found")
@routes.get("/ask")
@routes.get("/link")
@routes.get("/recover")
@routes.get("/protects")
@routes.get("/check")
def page() -> Response:
    """Return the page; which screen it shows is its own business."""
    if not INDEX.is_file() or not STATIC.is_dir():
        return Response(NOT_BUILT, 404, mimetype="text/plain")
    return _send(INDEX)


@routes.get("/sw.js")
def service_worker() -> Response:
    """Return the service worker: here, because it answers only for what lies beneath it."""
    return static(SERVICE_WORKER)


@routes.get("/manifest.webmanifest")
def manifest() -> Response:
    """Return what a home screen shows of the app."""
    return _send(MANIFEST)


@routes.get("/static/<path:name>")
def static(name: str) -> Response:
    """Return a file of the bundle, or an icon; one of its forms only as an encoding of it."""
    found = safe_join(str(STATIC), name)
    try:
        if found is None or name.endswith(tuple(FORMS.values())) or not Path(found).is_file():
            raise NotFound
    except OSError:
        # The name is longer than any file's.
        raise NotFound from None
    return _send(Path(found))


def read_build() -> str:
    """Return the name of the build that is served: a page of another one is out of date."""
    try:
        return (STATIC / "build.txt").read_text("ascii").strip()
    except OSError:
        return ""


def content_type(path: Path) -> str:
    """Return as what a file is sent."""
    return _response(path, b"").headers["Content-Type"]


def forms_of(path: Path) -> dict[str, Path]:
    """Return the compressed forms of a file that the build made, by their encoding."""
    named = {encoding: path.with_name(path.name + suffix) for encoding, suffix in FORMS.items()}
    return {encoding: form for encoding, form in named.items() if form.is_file()}


def _send(path: Path) -> Response:
    forms = forms_of(path)
    encoding = _choose(list(forms))
    response = _response(path, forms.get(encoding, path).read_bytes())
    if encoding in forms:
        response.headers["Content-Encoding"] = encoding
    if forms:
        response.vary.add("Accept-Encoding")
    # By content, not by date: two builds of the same sources are the same to a browser's cache. A
    # packed form has a tag of its own.
    response.add_etag()
    response.make_conditional(request)
    return response


def _choose(encodings: list[str]) -> str:
    """Return the encoding that the browser wants most: of those it wants alike, the first.

    A file goes as it is to whoever says nothing, or wants nothing that there is (RFC 9110, 12.5.3).
    """
    wanted = {one: request.accept_encodings.quality(one) for one in (*encodings, "identity")}
    best = max(wanted, key=lambda one: wanted[one])
    return best if wanted[best] > 0 else "identity"


def _response(path: Path, data: bytes) -> Response:
    return Response(data, mimetype=TYPES.get(path.suffix, OTHER))
