"""Whether a server gives browsers what this checkout was built to: file by file, byte by byte.

It shows what the server served to this machine just now. A server can serve others something else,
and this again tomorrow: ask from several places, and again.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

import microblog
from microblog.client.transport import Unreachable

WEB = Path(microblog.__file__).parent / "web"
MANIFEST = "/static/hashes.json"
TIMEOUT_SECONDS = 30
MAX_BYTES = 64 * 2**20

POLICY = "Content-Security-Policy"
# Any of these makes a page do what its bytes do not say.
UNEXPECTED = (
    "Access-Control-Allow-Origin",
    "Link",
    "Refresh",
    "Service-Worker-Allowed",
    "Set-Cookie",
    "SourceMap",
    "Speculation-Rules",
)
# It is asked as a browser would ask, so that a server cannot easily tell who checks.
ASKED_AS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


class NotBuilt(Exception):
    """This checkout has nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a browser must be given at a path."""

    path: str
    sha256: str
    type: str
    policy: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What this checkout was built to serve: `text` is the file itself."""

    text: bytes
    headers: Mapping[str, str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A path of the server's that is not as it must be, and how it differs."""

    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing; `manifest` is the hash of the manifest, to be read out to others."""

    server: str
    paths: int
    manifest: str
    differences: tuple[Difference, ...]


def load_manifest(web: Path = WEB) -> Manifest:
    """Return the manifest of this checkout, checked against its own files.

    Raises:
        NotBuilt: it was not built, or is not what was built.
    """
    static = web / "static"
    try:
        text = (static / "hashes.json").read_bytes()
    except OSError:
        raise NotBuilt("the browser's end was not built here") from None
    said = json.loads(text)
    manifest = Manifest(text, said["headers"], [Row(**row) for row in said["served"]])
    for row in manifest.rows:
        file = static / row.path.removeprefix("/static/")
        here = file if row.path.startswith("/static/") else web / "index.html"
        if not here.is_file() or _hash(here.read_bytes()) != row.sha256:
            raise NotBuilt(f"{here.relative_to(web)} is not what was built here")
    listed = {row.path for row in manifest.rows} | {MANIFEST}
    for file in static.rglob("*"):
        if file.is_file() and f"/static/{file.relative_to(static).as_posix()}" not in listed:
            raise NotBuilt(f"{file.relative_to(web)} is not in what was built here")
    return manifest


def compare(url: str, manifest: Manifest) -> Compared:
    """Ask a server for every path of a manifest, and name what differs, is missing, or is extra.

    Raises:
        Unreachable: the server did not answer.
    """
    parts = urlsplit(url)
    server = f"{parts.scheme}://{parts.netloc}"
    found: list[Difference] = []
    with requests.Session() as session:
        session.headers.update(ASKED_AS)
        for row in manifest.rows:
            wrong = _check(row, manifest, *_get(session, server + row.path))
            found.extend(Difference(path=row.path, what=what) for what in wrong)
        found.extend(_check_manifest(manifest, *_get(session, server + MANIFEST)))
    count = len(manifest.rows) + 1
    return Compared(
        server=server, paths=count, manifest=_hash(manifest.text), differences=tuple(found)
    )


def _get(session: requests.Session, address: str) -> tuple[requests.Response, bytes]:
    try:
        with session.get(
            address, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
        ) as reply:
            data = bytearray()
            for piece in reply.iter_content(2**16):
                data += piece
                if len(data) > MAX_BYTES:
                    break
            return reply, bytes(data)
    except requests.RequestException:
        raise Unreachable("the server did not answer") from None


def _check(row: Row, manifest: Manifest, reply: requests.Response, data: bytes) -> list[str]:
    if reply.status_code == requests.codes.not_found:
        return ["is missing"]
    if reply.status_code != requests.codes.ok:
        return [f"is answered with {reply.status_code}"]
    wrong = [] if _hash(data) == row.sha256 else ["has other bytes"]
    expected = {**manifest.headers, POLICY: row.policy, "Content-Type": row.type}
    for name, value in sorted(expected.items()):
        if reply.headers.get(name) != value:
            wrong.append(f"has another {name}" if name in reply.headers else f"has no {name}")
    wrong.extend(f"comes with {name}" for name in UNEXPECTED if name in reply.headers)
    return wrong


def _check_manifest(
    manifest: Manifest, reply: requests.Response, data: bytes
) -> Sequence[Difference]:
    if reply.status_code != requests.codes.ok:
        return [Difference(path=MANIFEST, what="is missing")]
    if data == manifest.text:
        return []
    known = {row.path for row in manifest.rows}
    extra = sorted(path for path in _paths(data) if path not in known)
    return [
        Difference(path=MANIFEST, what="has other bytes"),
        *(Difference(path=path, what="is served, and is not in this checkout") for path in extra),
    ]


def _paths(data: bytes) -> set[str]:
    """Return the paths that another's manifest names, as far as it can be read."""
    try:
        return {str(row["path"]) for row in json.loads(data)["served"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return set()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
