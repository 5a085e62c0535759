"""The scripted server behind HTTP: it serves the page, its Worker, and every lie that it is given.

What it serves of the browser's end is what was built, byte for byte; only a clock is set before
the Worker's first line, for the invented practice lives at a time of its own.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from microblog.client.transport import Refused, StaleHead
from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import decode_entry
from microblog.protocol.errors import ProtocolError
from microblog.web.headers import PAGES, WORKER_PATH, policy_of
from microblog.web.shell import INDEX, OTHER, STATIC, TYPES
from tests.lying.scenario import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from microblog.protocol.log import Head
    from tests.lying.scripted import ScriptedServer

CLOCK = f"Date.now = () => {NOW};\n".encode()
JSON, CBOR = "application/json", "application/cbor"


class Front(ThreadingHTTPServer):
    """Listens on a port of its own; `server` is asked, as long as `key` is the one who asks."""

    daemon_threads = True
    server: ScriptedServer
    key: bytes = b""
    #: Another Worker than the one that was built, such as one without a check.
    worker: bytes | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def front() -> Iterator[Front]:
    """Serve until the end of the block."""
    serving = Front(("127.0.0.1", 0), Handler)
    thread = Thread(target=serving.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers as the API does, whatever the scripted server says."""

    protocol_version = "HTTP/1.1"
    server: Front

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in PAGES:
            self._send(200, INDEX.read_bytes(), TYPES[".html"])
        elif path == WORKER_PATH:
            built = self.server.worker or (STATIC / "worker.js").read_bytes()
            self._send(200, CLOCK + built, TYPES[".js"])
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            body = file.read_bytes() if file.is_file() else b""
            self._send(200 if body else 404, body, TYPES.get(file.suffix, OTHER))
        else:
            self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def _answer(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url = urlsplit(self.path)
        call = Call(self.server, method, url.path.removeprefix("/api/").split("/"), body)
        call.query = {name: found[0] for name, found in parse_qs(url.query).items()}
        try:
            status, reply = call.answer()
        except StaleHead as stale:
            status, reply = 409, {"code": "stale-head", "detail": "", **_head(stale.head)}
        except Refused as refused:
            status, reply = 404, {"code": refused.code, "detail": refused.detail}
        if isinstance(reply, bytes):
            self._send(status, reply, CBOR)
        else:
            self._send(status, json.dumps(reply).encode() if reply is not None else b"", JSON)

    def _send(self, status: int, body: bytes, sort: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", sort)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy_of(urlsplit(self.path).path))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


Reply = tuple[int, Any]


class Call:
    """One request to the API."""

    query: Mapping[str, str]

    def __init__(self, front: Front, method: str, parts: list[str], body: bytes) -> None:
        self.server, self.key = front.server, front.key
        self.method, self.parts, self.body = method, parts, body

    def answer(self) -> Reply:
        """Return a status, and an object, or bytes."""
        kind, *rest = self.parts
        place = (self.method, kind, *([] if kind == "links" else rest[1:2]))
        handler = self._handlers.get(place)
        if handler is None:
            return 404, {"code": "not-found", "detail": ""}
        found: Reply = handler(self)
        return found

    @property
    def log(self) -> bytes:
        return decode_base64url(self.parts[1])

    def practice(self) -> Reply:
        founded, restoring = self.server.practice(), self.server.restoring()
        fingerprint = self.server.fingerprint()
        name = None if fingerprint is None else encode_base64url(fingerprint)
        return 200, {"founded": founded, "restoring": restoring, "fingerprint": name}

    def challenge(self) -> Reply:
        made = self.server.challenge()
        return 200, {"challenge": encode_base64url(made.challenge), "time": made.time}

    def sign_in(self) -> Reply:
        return 201, {"sort": "device", "person": None}

    def done(self) -> Reply:
        return 204, None

    def streams(self) -> Reply:
        rows = [
            {"log": encode_base64url(row.log), **_head(row.head), "until": row.until}
            for row in self.server.streams()
        ]
        return 200, {"key": encode_base64url(self.key), "streams": rows}

    def fetch(self) -> Reply:
        wanted = json.loads(self.body)
        seqs = {
            name: {decode_base64url(log): seq for log, seq in wanted.get(name, {}).items()}
            for name in ("since", "until")
        }
        lean = wanted.get("lean", False) and not self.server.served.full
        rows: list[Value] = []
        for item in self.server.fetch(seqs["since"], seqs["until"]):
            entries = list(map(_lean, item.entries)) if lean else item.entries
            rows.append([item.log, list[Value](entries), int(item.more)])
        return 200, encode(rows)

    def append(self) -> Reply:
        entries = [item for item in decode_array(self.body) if isinstance(item, bytes)]
        return 201, _head(self.server.append(self.log, entries))

    def boxes(self) -> Reply:
        found = self.server.boxes(self.log, int(self.query["epoch"]))
        return 200, encode([[person, box] for person, box in found])

    def put_boxes(self) -> Reply:
        epoch, rows = decode_array(self.body)
        assert isinstance(epoch, int)
        assert isinstance(rows, list)
        self.server.put_boxes(self.log, epoch, rows)  # type: ignore[arg-type]
        return 204, None

    def heads(self) -> Reply:
        return 200, encode(list[Value](self.server.heads()))

    def put_link(self) -> Reply:
        (message,) = decode_array(self.body)
        assert isinstance(message, bytes)
        self.server.put_link(self.log, int(self.parts[2]), message)
        return 204, None

    def link(self) -> Reply:
        message = self.server.link(self.log, int(self.parts[2]))
        return (404, {"code": "not-found"}) if message is None else (200, encode([message]))

    def asks(self) -> Reply:
        return 200, encode(list[Value](self.server.asks()))

    def own_note(self) -> Reply:
        number, note = self.server.own_note()
        return 200, encode([number, note])

    _handlers: ClassVar[dict[tuple[str, ...], Any]] = {
        ("GET", "practice"): practice,
        ("POST", "challenges"): challenge,
        ("POST", "sessions"): sign_in,
        ("DELETE", "sessions"): done,
        ("GET", "streams"): streams,
        ("POST", "logs"): fetch,
        ("POST", "logs", "entries"): append,
        ("GET", "logs", "boxes"): boxes,
        ("PUT", "logs", "boxes"): put_boxes,
        ("GET", "heads"): heads,
        ("PUT", "links"): put_link,
        ("GET", "links"): link,
        ("GET", "asks"): asks,
        ("GET", "own-note"): own_note,
        ("PUT", "own-note"): done,
    }


def _head(head: Head | None) -> dict[str, Any]:
    if head is None:
        return {"seq": None, "id": None}
    return {"seq": head.seq, "id": encode_base64url(head.id)}


def _lean(raw: bytes) -> bytes:
    try:
        entry = decode_entry(raw)
    except ProtocolError:
        return raw
    if entry.header.kind != "post":
        return raw
    return encode([*decode_array(raw)[:2], b"", b"", []])
