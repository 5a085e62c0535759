"""Asking a server things, and getting its answers as they are, refusals included.

A `Caller` calls an application in this process (`InProcess`) or a server (`OverHttp`); one caller
is one person's browser, with its own cookie.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from microblog.protocol.base64url import decode_base64url, encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY, Entry
from microblog.protocol.login import sign_knock, sign_login
from microblog.protocol.primitives import signing_key
from tests.api.answers import faults
from tests.practice import raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Flask

    from tests.practice import Practice
    from tests.vectors.practice import Log, Staff


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    headers: list[tuple[str, str]]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def cbor(self) -> list[Any]:
        return decode_array(self.data)

    @property
    def code(self) -> str | None:
        """The word for why, of a refusal."""
        return self.json["code"] if self.status >= 400 else None

    @property
    def detail(self) -> str:
        return self.json["detail"]

    def header(self, name: str) -> str | None:
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        return found[0] if found else None


def refused(reply: Reply, status: int, code: str, words: str) -> None:
    """Check that an answer is this refusal."""
    assert (reply.status, reply.code) == (status, code), reply.data
    assert words in reply.detail


class InProcess:
    """Calls an application without a server; what it answers must be what it describes."""

    def __init__(self, app: Flask, origin: str) -> None:
        self._app = app
        self._client = app.test_client()
        self.origin = origin

    def send(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> Reply:
        reply = self._client.open(
            path, base_url=self.origin, method=method, data=data, headers=dict(headers)
        )
        assert faults(self._app, method, reply.request.path, reply) == []
        return Reply(reply.status_code, list(reply.headers.items()), reply.data)


@dataclass
class OverHttp:
    """Calls a server."""

    origin: str
    _http: requests.Session = field(default_factory=requests.Session)

    def send(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> Reply:
        with self._http.request(
            method, self.origin + path, data=data, headers=dict(headers), timeout=30
        ) as reply:
            return Reply(reply.status_code, list(reply.headers.items()), reply.content)


class Caller:
    """One person's way to a server."""

    def __init__(self, way: InProcess | OverHttp) -> None:
        self.way = way

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send JSON (an object) or CBOR (bytes) and return the answer, whatever it is."""
        sort = {"Content-Type": "application/cbor"} if isinstance(body, bytes) else {}
        if isinstance(body, dict):
            sort, body = {"Content-Type": "application/json"}, json.dumps(body).encode()
        return self.way.send(method, path, body, {**sort, **(headers or {})})

    def challenge(self) -> tuple[bytes, int]:
        reply = self.call("POST", "/api/challenges", {}).json
        return decode_base64url(reply["challenge"]), reply["time"]

    def sign_in(self, who: Staff, practice: Practice) -> Reply:
        return self.call("POST", "/api/sessions", self.proof("device", who.seed, practice))

    def knock(self, seed: bytes, practice: Practice) -> Reply:
        """Sign in with an invitation's key."""
        return self.call("POST", "/api/sessions", self.proof("invitation", seed, practice))

    def proof(self, sort: str, seed: bytes, practice: Practice) -> dict[str, Any]:
        challenge, time = self.challenge()
        sign = sign_knock if sort == "invitation" else sign_login
        signature = sign(seed, practice.fingerprint, self.way.origin, challenge, time)
        return {
            "sort": sort,
            "key": encode_base64url(signing_key(seed)),
            "challenge": encode_base64url(challenge),
            "time": time,
            "signature": encode_base64url(signature),
        }

    def bear_witness(self, seed: bytes, practice: Practice) -> Reply:
        """Sign in with a witness's key."""
        return self.call("POST", "/api/sessions", self.proof("witness", seed, practice))

    def open_founding(self, token: str) -> Reply:
        return self.call("POST", "/api/sessions", {"sort": "founding", "token": token})

    def append(self, log: bytes, entries: Sequence[Entry]) -> Reply:
        path = f"/api/logs/{encode_base64url(log)}/entries"
        return self.call("POST", path, encode(raw(*entries)))

    def append_all(self, log: Log, since: int = 0) -> None:
        """Append what a log holds from a seq on; fail unless the server takes it."""
        for first in range(since, len(log.entries), 64):
            reply = self.append(log.log, log.entries[first : first + 64])
            assert reply.status == 201, reply.data

    def fetch(
        self, since: Mapping[bytes, int], **more: Any
    ) -> dict[bytes, tuple[list[bytes], int]]:
        """Return {log: (entries' bytes, more)}."""
        body = {"since": _seqs(since), **more}
        if "until" in more:
            body["until"] = _seqs(more["until"])
        reply = self.call("POST", "/api/logs/fetch", body)
        assert reply.status == 200, reply.data
        return {log: (entries, more) for log, entries, more in reply.cbor}

    def boxes(self, log: bytes, epoch: int) -> Reply:
        return self.call("GET", f"/api/logs/{encode_base64url(log)}/boxes?epoch={epoch}")

    def put_boxes(self, log: bytes, epoch: int, rows: Sequence[tuple[bytes, bytes]]) -> Reply:
        body = encode([epoch, [list(row) for row in rows]])
        return self.call("PUT", f"/api/logs/{encode_base64url(log)}/boxes", body)

    def keepers(self, log: bytes) -> Reply:
        return self.call("GET", f"/api/logs/{encode_base64url(log)}/keepers")

    def put_ask(self, log: bytes, data: bytes) -> Reply:
        return self.call("PUT", f"/api/logs/{encode_base64url(log)}/ask", data)

    def delete_ask(self, log: bytes, person: bytes) -> Reply:
        path = f"/api/logs/{encode_base64url(log)}/asks/{encode_base64url(person)}"
        return self.call("DELETE", path)

    def asks(self) -> list[bytes]:
        reply = self.call("GET", "/api/asks")
        assert reply.status == 200, reply.data
        return reply.cbor

    def list_logs(self) -> list[Any]:
        """Return [log, seq, id] of all logs, as a witness gets them."""
        reply = self.call("GET", "/api/witness/logs")
        assert reply.status == 200, reply.data
        return reply.cbor

    def headers(self, since: Mapping[bytes, int]) -> dict[bytes, tuple[list[bytes], int]]:
        """Return {log: (entries' bytes, more)}, as a witness gets them."""
        reply = self.call("POST", "/api/witness/headers", {"since": _seqs(since)})
        assert reply.status == 200, reply.data
        return {log: (entries, more) for log, entries, more in reply.cbor}

    def put_heads(self, *heads: bytes) -> Reply:
        return self.call("PUT", "/api/witness/heads", encode(list(heads)))

    def heads(self) -> list[bytes]:
        reply = self.call("GET", "/api/heads")
        assert reply.status == 200, reply.data
        return reply.cbor

    def streams(self) -> list[dict[str, Any]]:
        return self.call("GET", "/api/streams").json["streams"]


def _seqs(by_log: Mapping[bytes, int]) -> dict[str, int]:
    return {encode_base64url(log): seq for log, seq in by_log.items()}


def found(caller: Caller, token: str, practice: Practice) -> None:
    """Found a practice with everything that its directory holds so far, by its link's token."""
    assert caller.open_founding(token).status == 201
    own = [it for it in practice.directory.entries[:2] if it.header.author == practice.asha.id]
    assert caller.append(DIRECTORY, own).status == 201
