"""Whether a server gives browsers what this checkout was built to: file by file, byte by byte.

What is sent compressed is compared as it is sent, and only where something between recompressed it
as what it unpacks to. It shows what the server served to this machine just now. A server can serve
others something else, and this again tomorrow: ask from several places, and again.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

import microblog
from microblog.client.transport import Unreachable

WEB = Path(microblog.__file__).parent / "web"
MANIFEST = "/static/hashes.json"
# What lies neither under /static nor is the page.
ELSEWHERE = {"/sw.js": "static/sw.js", "/manifest.webmanifest": "manifest.webmanifest"}
TIMEOUT_SECONDS = 30
MAX_BYTES = 64 * 2**20

POLICY, CACHE = "Content-Security-Policy", "Cache-Control"
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
    "Accept-Encoding": "gzip, deflate, br",
}

# In what a file may be packed beside itself, by the name that browsers have for it.
FORMS = {"br": ".br", "gzip": ".gz"}


class NotBuilt(Exception):
    """This checkout has nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a browser must be given at a path; `packed`: the hashes of its bytes as compressed."""

    path: str
    sha256: str
    packed: Mapping[str, str]
    type: str
    policy: str
    cache: str


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
    listed = {static / "hashes.json"}
    for row in manifest.rows:
        for here, sha256 in _files(web, row):
            if not here.is_file() or _hash(here.read_bytes()) != sha256:
                raise NotBuilt(f"{here.relative_to(web)} is not what was built here")
            listed.add(here)
    for file in static.rglob("*"):
        if file.is_file() and file not in listed:
            raise NotBuilt(f"{file.relative_to(web)} is not in what was built here")
    return manifest


def _files(web: Path, row: Row) -> list[tuple[Path, str]]:
    """Return where what is served at a path lies, as it is and compressed, each with its hash."""
    here = web / ELSEWHERE.get(row.path, "index.html")
    if row.path.startswith("/static/"):
        here = web / row.path.removeprefix("/")
    packed = row.packed.items()
    return [
        (here, row.sha256),
        *((Path(f"{here}{FORMS[name]}"), sha256) for name, sha256 in packed),
    ]


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
            for piece in reply.raw.stream(2**16, decode_content=False):
                data += piece
                if len(data) > MAX_BYTES:
                    break
            return reply, bytes(data)
    except (requests.RequestException, HTTPError):
        raise Unreachable("the server did not answer") from None


def _check(row: Row, manifest: Manifest, reply: requests.Response, data: bytes) -> list[str]:
    if reply.status_code == requests.codes.not_found:
        return ["is missing"]
    if reply.status_code != requests.codes.ok:
        return [f"is answered with {reply.status_code}"]
    wrong = [] if _is_as_built(row, _encoding(reply), data) else ["has other bytes"]
    expected = {**manifest.headers, POLICY: row.policy, CACHE: row.cache, "Content-Type": row.type}
    for name, value in sorted(expected.items()):
        if reply.headers.get(name) != value:
            wrong.append(f"has another {name}" if name in reply.headers else f"has no {name}")
    wrong.extend(f"comes with {name}" for name in UNEXPECTED if name in reply.headers)
    return wrong


def _encoding(reply: requests.Response) -> str:
    return reply.headers.get("Content-Encoding", "identity").lower()


def _is_as_built(row: Row, encoding: str, data: bytes) -> bool:
    if row.packed.get(encoding) == _hash(data):
        return True
    unpacked = _unpack(encoding, data)
    return unpacked is not None and _hash(unpacked) == row.sha256


def _unpack(encoding: str, data: bytes) -> bytes | None:
    """Return what a browser makes of bytes; None: it cannot be told, or is more than one thing."""
    if encoding == "identity":
        return data
    if encoding != "gzip":
        return None
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        unpacked = stream.decompress(data, MAX_BYTES)
    except zlib.error:
        return None
    return unpacked if stream.eof and not stream.unused_data else None


def _check_manifest(
    manifest: Manifest, reply: requests.Response, data: bytes
) -> Sequence[Difference]:
    if reply.status_code != requests.codes.ok:
        return [Difference(path=MANIFEST, what="is missing")]
    text = _unpack(_encoding(reply), data) or b""
    if text == manifest.text:
        return []
    known = {row.path for row in manifest.rows}
    extra = sorted(path for path in _paths(text) if path not in known)
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
