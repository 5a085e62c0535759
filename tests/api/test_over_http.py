"""Bad input that only a real server can be sent: no request, one without end, one that swells."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import time
from pathlib import Path

import pytest

from tests.forking import Forked, become
from tests.serving import Server

LIMIT_BYTES = 64 * 1024
WAIT_SECONDS = 20


def become_impatient(*given):
    from microblog.ops import serving

    serving.SILENT_SECONDS = 1
    become(*given)


class Impatient(Forked):
    """A server that hangs up on the silent sooner, so that tests need not wait as long."""

    def entrance(self):
        return become_impatient


def become_credulous(*given):
    from microblog.api import guards

    guards.check_body = lambda *_: None
    become(*given)


class Credulous(Forked):
    """A server without a limit."""

    def entrance(self):
        return become_credulous


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Return a server for all of these: whatever one of them does, the next is answered."""
    folder = tmp_path_factory.mktemp("over-http")
    server = Server(folder / "data", folder / "log", begin=Impatient)
    server.start()
    yield server
    server.kill()


def head(server, line, *fields):
    lines = [line, f"Host: 127.0.0.1:{server.port}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def post(server, path="/api/challenges", *fields):
    return head(server, f"POST {path} HTTP/1.1", "Content-Type: application/json", *fields)


@contextlib.contextmanager
def connected(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=WAIT_SECONDS) as way:
        yield way


def ask(server, *pieces):
    """Send pieces, as far as they are taken, and return (status, body, seconds)."""
    started = time.monotonic()
    with connected(server) as way:
        # A server that has refused need not take the rest.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                way.sendall(piece)
        data = hear(way)
    first, _, body = data.partition(b"\r\n\r\n")
    status = int(first.split(b" ")[1]) if first.startswith(b"HTTP/1.1 ") else 0
    return status, body, time.monotonic() - started


def hear(way):
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := way.recv(65536):
            data += chunk
            if is_whole(data):
                break
    return data


def is_whole(data):
    fields, end, body = data.partition(b"\r\n\r\n")
    length = [it for it in fields.split(b"\r\n") if it.lower().startswith(b"content-length:")]
    return bool(end and length and len(body) >= int(length[0].split(b":")[1]))


def answers(server):
    status, body, seconds = ask(server, head(server, "GET /api/practice HTTP/1.1"))
    return status == 200 and json.loads(body)["founded"] is False and seconds < 5


def memory_bytes(server):
    """Return the most memory that any process of the server has had, in bytes."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(
                it.split(":\t", 1) for it in status.read_text().splitlines() if ":\t" in it
            )
            if int(fields["NSpgid"].split()[0]) == server.process.pid and "VmHWM" in fields:
                most = max(most, int(fields["VmHWM"].split()[0]) * 1024)
    return most


CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"
ADDRESSES = {
    "64 KB": "GET /api/" + "a" * 65536 + " HTTP/1.1",
    "64 KB of query": "GET /api/practice?" + "a" * 65536 + " HTTP/1.1",
    "64 KB of nothing": "GET" + " " * 65536 + "/api/practice HTTP/1.1",
    "a long file": "GET /static/" + "a" * 3000 + " HTTP/1.1",
    "NUL": "GET /api/practice\0 HTTP/1.1",
    "a raw byte": "GET /api/\xff HTTP/1.1",
    "no version": "GET /api/practice",
    "another version": "GET /api/practice HTTP/9.9",
    "no method": "/api/practice HTTP/1.1",
    "a long method": "A" * 5000 + " /api/practice HTTP/1.1",
    "an odd method": "G\x01T /api/practice HTTP/1.1",
    "two lines": "GET /api/practice HTTP/1.1\nX: y",
    "a fragment": "GET /api/nothing#x HTTP/1.1",
    "a star": "OPTIONS * HTTP/1.1",
    "a tunnel": "CONNECT elsewhere.example:443 HTTP/1.1",
}  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_is_no_address_is_refused_and_the_server_goes_on(running, name):
    status, _, seconds = ask(running, head(running, ADDRESSES[name], "Connection: close"))
    assert 400 <= status < 500
    assert seconds < 2
    assert answers(running)


FIELDS = {
    "one of 64 KB": ["X-Y: " + "a" * 65536],
    "thousands": [f"X-{number}: y" for number in range(5000)],
    "no colon": ["X-Y"],
    "a space before the colon": ["X-Y : z"],
    "a name with a space": ["X Y: z"],
    "folded": ["X-Y: z", " z"],
    "two lengths": ["Content-Length: 2", "Content-Length: 3"],
    "a length and chunks": ["Content-Length: 2", "Transfer-Encoding: chunked"],
    "a negative length": ["Content-Length: -1"],
    "a length with a sign": ["Content-Length: +2"],
    "a length that is none": ["Content-Length: two"],
    "a length with an underscore": ["Content-Length: 1_0"],
    "other digits": ["Content-Length: \xb2"],
    "an endless length": ["Content-Length: " + "9" * 400],
    "a length of 10 GB": ["Content-Length: 10000000000"],
    "chunks twice": ["Transfer-Encoding: chunked, chunked"],
    "an unknown packing": ["Transfer-Encoding: x, chunked"],
    "packed in transfer": ["Transfer-Encoding: gzip, chunked"],
    "not chunked last": ["Transfer-Encoding: chunked, identity"],
    "another host too": ["Host: elsewhere.example", "Content-Length: 2"],
}


@pytest.mark.parametrize("name", FIELDS)
def test_what_are_no_header_fields_is_refused_and_the_server_goes_on(running, name):
    status, _, seconds = ask(running, post(running, "/api/challenges", *FIELDS[name]), b"{}")
    assert 400 <= status < 500 or status == 501
    assert seconds < 2
    assert answers(running)


CHUNKS = {
    "no size": b"x\r\n{}\r\n0\r\n\r\n",
    "a negative size": b"-2\r\n{}\r\n0\r\n\r\n",
    "a great size": b"f" * 40 + b"\r\n{}\r\n0\r\n\r\n",
    "no end of line": b"2{}0\r\n\r\n",
    "a size too small": b"1\r\n{}\r\n0\r\n\r\n",
    "a long extension": b"2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("name", CHUNKS)
def test_what_are_no_chunks_is_refused_and_the_server_goes_on(running, name):
    status, _, seconds = ask(
        running, post(running, "/api/challenges", "Transfer-Encoding: chunked"), CHUNKS[name]
    )
    assert 400 <= status < 500
    assert seconds < 2
    assert answers(running)


def test_a_body_in_chunks_is_taken_if_it_is_short(running):
    chunks = b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    assert ask(running, post(running, "/api/challenges", "Transfer-Encoding: chunked"), chunks)[0] \
        == 200  # fmt: skip


@pytest.mark.parametrize("path", ["/api/challenges", "/api/sessions"])
def test_chunks_without_end_are_cut_off_at_the_limit_and_not_kept(running, path):
    before = memory_bytes(running)
    endless = [CHUNK] * 1600  # 100 MiB
    status, body, seconds = ask(
        running, post(running, path, "Transfer-Encoding: chunked"), *endless
    )
    assert status in (413, 0)  # 0: it hung up while we were still talking
    assert status == 0 or json.loads(body)["code"] == "too-large"
    assert seconds < 5
    assert memory_bytes(running) - before < 16 * 1024 * 1024
    assert answers(running)


def test_a_length_beyond_the_limit_is_refused_before_the_body_is_sent(running):
    status, body, seconds = ask(
        running, post(running, "/api/challenges", "Content-Length: 1000000")
    )
    assert (status, json.loads(body)["code"]) == (413, "too-large")
    assert seconds < 2


@pytest.mark.parametrize("fields", [[], ["Content-Encoding: gzip"]])
def test_a_bomb_is_not_unpacked(running, fields):
    bomb = gzip.compress(bytes(100 * 1024 * 1024), 9)
    before = memory_bytes(running)
    length = f"Content-Length: {len(bomb)}"
    status, body, seconds = ask(running, post(running, "/api/challenges", length, *fields), bomb)
    assert (status, json.loads(body)["code"]) == ((415, "wrong-type") if fields
                                                  else (413, "too-large"))  # fmt: skip
    assert seconds < 2
    assert memory_bytes(running) - before < 4 * 1024 * 1024
    small = gzip.compress(b" " * 1024 * 1024, 9)
    assert len(small) < LIMIT_BYTES
    status, body, _ = ask(running, post(running, "/api/challenges", *fields,
                                        f"Content-Length: {len(small)}"), small)  # fmt: skip
    assert status == (415 if fields else 400)


def test_a_server_that_keeps_everything_is_seen_to(tmp_path):
    server = Server(tmp_path / "data", tmp_path / "log", begin=Credulous)
    server.start()
    try:
        before = memory_bytes(server)
        chunked = post(server, "/api/challenges", "Transfer-Encoding: chunked")
        # It refuses it too, but after having read it all.
        assert ask(server, chunked, *[CHUNK] * 400, b"0\r\n\r\n")[0] == 413
        assert memory_bytes(server) - before > 16 * 1024 * 1024
    finally:
        server.kill()


def test_a_body_that_breaks_off_does_nothing(running):
    with connected(running) as way:
        way.sendall(post(running, "/api/challenges", "Content-Length: 10") + b"{")
    assert answers(running)


def test_what_is_refused_while_it_is_on_its_way_is_read_to_its_end(running):
    path, length = f"/api/logs/{'A' * 22}/entries", 512 * 1024
    fields = ("Content-Type: application/cbor", f"Content-Length: {length}")
    with connected(running) as way:
        way.sendall(head(running, f"POST {path} HTTP/1.1", *fields))
        assert hear(way).startswith(b"HTTP/1.1 401 ")
        # Whoever goes on, as nginx does, is not hung up on: what they ask next is answered.
        way.sendall(bytes(length) + head(running, "GET /api/practice HTTP/1.1"))
        assert hear(way).startswith(b"HTTP/1.1 200 ")


def test_the_name_in_an_absolute_address_is_not_believed(running):
    line = "GET http://elsewhere.example/api/practice HTTP/1.1"
    status, body, _ = ask(running, head(running, line))
    assert (status, b"elsewhere" in body) == (200, False)


def test_who_says_half_a_request_and_then_nothing_keeps_nobody_else_waiting(running):
    with contextlib.ExitStack() as open_ones:
        for number in range(40):
            way = open_ones.enter_context(connected(running))
            half = post(running, "/api/challenges", "Content-Length: 10")
            way.sendall([half[:30], half + b"{", b""][number % 3])
        # All threads wait for these, a second; then they are hung up on.
        started = time.monotonic()
        while not answers(running):
            assert time.monotonic() - started < 10
