"""The server's interface over HTTP: what it may answer, and what is made of that."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from microblog.client import transport as transport_module
from microblog.client.transport import (
    Challenge,
    Fetched,
    HttpTransport,
    Listed,
    Refused,
    StaleHead,
    Unreachable,
)
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode, encode
from microblog.protocol.errors import Malformed
from microblog.protocol.log import Head

LOG, ID = bytes(range(16)), bytes(range(32))


class Stub:
    """Answers every request with what it is told to, and notes what it was asked."""

    def __init__(self) -> None:
        stub = self
        self.status, self.body, self.headers, self.asked = 200, b"{}", {}, []

        class Answering(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                kind = self.headers.get("Content-Type")
                stub.asked.append(
                    (self.command, self.path, kind, self.rfile.read(length), self.headers)
                )
                self.send_response(stub.status)
                for name, value in stub.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(stub.body)))
                self.end_headers()
                self.wfile.write(stub.body)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, body: object, status: int = 200, **headers: str) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.headers = status, headers

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def stub():
    answering = Stub()
    yield answering
    answering.close()


@pytest.fixture
def http(stub):
    transport = HttpTransport(stub.origin)
    yield transport
    transport.close()


def test_what_is_asked_and_answered(stub, http):
    stub.answer({"founded": True})
    assert http.practice() is True
    stub.answer({"challenge": encode_base64url(ID), "time": 5})
    assert http.challenge() == Challenge(ID, 5)
    stub.answer({})
    http.sign_in("device", ID, Challenge(ID, 5), bytes(64))
    http.sign_in_founding("token")
    stub.answer(b"", 204)
    http.sign_out()
    row = {"log": encode_base64url(LOG), "seq": 3, "id": encode_base64url(ID), "until": None}
    stub.answer({"streams": [row, {**row, "until": 2}]})
    assert http.streams() == [Listed(LOG, Head(3, ID), None), Listed(LOG, Head(3, ID), 2)]
    stub.answer(encode([[LOG, [b"entry"], 1]]))
    assert http.fetch({LOG: 4}) == [Fetched(LOG, [b"entry"], True)]
    stub.answer({"seq": 7, "id": encode_base64url(ID)}, 201)
    assert http.append(LOG, [b"entry"]) == Head(7, ID)
    stub.answer(encode([[LOG, b"box"]]))
    assert http.boxes(LOG, 2) == [(LOG, b"box")]
    stub.answer(b"", 204)
    http.put_boxes(LOG, 2, [(LOG, b"box")])
    name = encode_base64url(LOG)
    assert [(method, path, kind) for method, path, kind, _, _ in stub.asked] == [
        ("GET", "/api/practice", None),
        ("POST", "/api/challenges", "application/json"),
        ("POST", "/api/sessions", "application/json"),
        ("POST", "/api/sessions", "application/json"),
        ("DELETE", "/api/sessions", None),
        ("GET", "/api/streams", None),
        ("POST", "/api/logs/fetch", "application/json"),
        ("POST", f"/api/logs/{name}/entries", "application/cbor"),
        ("GET", f"/api/logs/{name}/boxes?epoch=2", None),
        ("PUT", f"/api/logs/{name}/boxes", "application/cbor"),
    ]
    bodies = [body for *_, body, _ in stub.asked]
    assert json.loads(bodies[6]) == {"since": {name: 4}}
    assert decode(bodies[7]) == [b"entry"]
    assert decode(bodies[9]) == [2, [[LOG, b"box"]]]


def test_what_is_asked_and_answered_of_requests_to_follow(stub, http):
    name = encode_base64url(LOG)
    stub.answer({"keepers": [name, name]})
    assert http.keepers(LOG) == [LOG, LOG]
    stub.answer(encode([b"one", b"two"]))
    assert http.asks() == [b"one", b"two"]
    stub.answer(b"", 204)
    http.put_ask(LOG, b"request")
    http.delete_ask(LOG, LOG)
    assert [(method, path, kind, body) for method, path, kind, body, _ in stub.asked] == [
        ("GET", f"/api/logs/{name}/keepers", None, b""),
        ("GET", "/api/asks", None, b""),
        ("PUT", f"/api/logs/{name}/ask", "application/cbor", b"request"),
        ("DELETE", f"/api/logs/{name}/asks/{name}", None, b""),
    ]


@pytest.mark.parametrize("reply", [{}, {"keepers": {}}, {"keepers": [1]}, {"keepers": ["A"]}])
def test_keepers_that_make_no_sense_are_refused(stub, http, reply):
    stub.answer(reply)
    with pytest.raises(Malformed):
        http.keepers(LOG)


@pytest.mark.parametrize("reply", [b"", encode(7), encode([7]), encode([["x"]]), b"\xff"])
def test_requests_that_make_no_sense_are_refused(stub, http, reply):
    stub.answer(reply)
    with pytest.raises(Malformed):
        http.asks()


def test_the_sessions_cookie_is_kept_and_sent(stub, http):
    stub.answer({}, 201, **{"Set-Cookie": "session=abc; HttpOnly; SameSite=Strict; Path=/"})
    http.sign_in_founding("token")
    stub.answer({"streams": []})
    http.streams()
    assert stub.asked[-1][4]["Cookie"] == "session=abc"


def test_a_refusal_says_why(stub, http):
    stub.answer({"code": "not-found", "detail": "log"}, 404)
    with pytest.raises(Refused, match="not-found: log") as caught:
        http.streams()
    assert (caught.value.code, caught.value.detail) == ("not-found", "log")


def test_a_stale_head_says_which_head_there_is(stub, http):
    stub.answer({"code": "stale-head", "detail": "", "seq": 4, "id": encode_base64url(ID)}, 409)
    with pytest.raises(StaleHead) as caught:
        http.append(LOG, [b"entry"])
    assert caught.value.head == Head(4, ID)
    stub.answer({"code": "stale-head", "detail": "", "seq": None, "id": None}, 409)
    with pytest.raises(StaleHead) as caught:
        http.append(LOG, [b"entry"])
    assert caught.value.head is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<h1>Bad gateway</h1>", 502),
        ({"code": "busy", "detail": ""}, 503),
        ([], 403),
        ({"code": 5}, 400),
    ],
)
def test_whatever_speaks_in_the_servers_place_is_no_answer(stub, http, body, status):
    stub.answer(body, status)
    with pytest.raises(Unreachable, match="the server did not answer, or something else did"):
        http.practice()


def test_a_redirect_is_not_followed(stub, http):
    stub.answer(b"", 302, Location=f"{stub.origin}/elsewhere")
    with pytest.raises(Unreachable, match="the server did not answer, or something else did"):
        http.practice()
    assert len(stub.asked) == 1


def test_a_server_that_is_not_there_is_out_of_reach(stub):
    transport = HttpTransport("http://127.0.0.1:1")
    with pytest.raises(Unreachable, match="the server cannot be reached"):
        transport.practice()
    transport.close()


def test_a_reply_without_end_is_cut_off(stub, http, monkeypatch):
    monkeypatch.setattr(transport_module, "MAX_REPLY_BYTES", 1000)
    stub.answer(bytes(1001))
    with pytest.raises(Unreachable, match="the reply is too long"):
        http.fetch({LOG: 0})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"not json", "the reply is not JSON"),
        (b"[" * 100_000, "the reply is not JSON"),
        ([1], "the reply is not a JSON object"),
        ({"streams": {}}, "streams is not a list"),
        ({"streams": [1]}, "a stream is not an object"),
        ({"streams": [{"log": "", "seq": -1}]}, "seq is not a whole number"),
        ({"streams": [{"log": "", "seq": True}]}, "seq is not a whole number"),
        ({"streams": [{"log": "", "seq": 2**53}]}, "seq is not a whole number"),
        ({"streams": [{"log": "", "seq": 1, "id": 5}]}, "id is not text"),
        ({"streams": [{"log": "", "seq": 1, "id": "A="}]}, "not base64url"),
    ],
)
def test_an_answer_that_makes_no_sense_is_malformed(stub, http, body, message):
    stub.answer(body)
    with pytest.raises(Malformed, match=message):
        http.streams()


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", encode([[LOG, [5], 0]]), encode([[LOG, []]]), encode([[LOG[:5], [], 0]])],
)
def test_a_fetch_that_makes_no_sense_is_malformed(stub, http, body):
    stub.answer(body)
    with pytest.raises(Malformed):
        http.fetch({LOG: 0})


def test_a_list_that_is_no_newer_is_not_sent_again_and_is_what_it_was(stub, http):
    row = {"log": encode_base64url(LOG), "seq": 3, "id": encode_base64url(ID), "until": None}
    stub.answer({"streams": [row]}, ETag='"one"')
    first = http.streams()
    stub.answer(b"", 304, ETag='"one"')
    assert http.streams() == first == [Listed(LOG, Head(3, ID), None)]
    assert [headers["If-None-Match"] for *_, headers in stub.asked] == [None, '"one"']
    stub.answer({"streams": []}, ETag='"two"')
    assert http.streams() == []
    # What is listed for one session says nothing of another's.
    http.sign_in("device", ID, Challenge(ID, 5), bytes(64))
    http.streams()
    assert stub.asked[-1][-1]["If-None-Match"] is None


def test_unasked_nobody_may_say_that_nothing_is_new(stub, http):
    stub.answer(b"", 304)
    with pytest.raises(Unreachable):
        http.streams()
    with pytest.raises(Unreachable):
        http.practice()
