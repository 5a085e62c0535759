"""deploy/nginx.conf before a real server: TLS 1.3 alone, limits, headers as the server's own, and a
log that says nothing of who reads what.
"""

from __future__ import annotations

import gzip
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.entry import DIRECTORY, MAX_ENTRY_BYTES
from microblog.service.wire import MAX_ENTRIES_REQUEST_BYTES
from microblog.web.headers import BY_CONTENT, REST
from microblog.web.shell import STATIC
from tests.asking import Caller, OverHttp, found
from tests.browser import ROOT
from tests.deploy.proxying import NGINX, Behind, Nginx, begin_nginx, live_beside
from tests.forking import Forked
from tests.practice import Practice
from tests.serving import START_SECONDS, find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx here")

# What is of a connection, or of the program that answers, and not of the answer.
OF_THE_WAY = {"server", "date", "connection", "content-length", "transfer-encoding", "keep-alive"}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return a folder with a name short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="n") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def behind(place) -> Iterator[Behind]:
    server = Behind(place / "data", place / "server.log", begin=Forked)
    server.front = find_free_port()
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def nginx(place, behind) -> Iterator[Nginx]:
    (place / "nginx").mkdir()
    begun = begin_nginx(place / "nginx", behind.front, behind.socket)
    yield begun
    begun.stop()


def ask(
    nginx: Nginx, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask nginx; underscores in a header's name are dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    whole = http.client.HTTPSConnection("localhost", nginx.port, context=nginx.context())
    with closing(whole) as line:
        # Whoever is refused half way has been answered all the same.
        with suppress(OSError):
            line.request(method, path, body, named)
        answer = line.getresponse()
        data = answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data


def ask_behind(behind: Behind, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the server itself, at its socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(behind.socket))
        said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"GET {path} HTTP/1.1\r\nHost: localhost:{behind.front}\r\n{said}"
        line.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        data = answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data


def refusal(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, str]:
    """Return status and code of a refusal in the API's form."""
    status, headers, data = answer
    assert headers["content-type"] == "application/json"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["content-security-policy"] == REST
    said = json.loads(data)
    assert set(said) == {"code", "detail"}
    return status, said["code"]


@contextmanager
def dial(nginx: Nginx, context: ssl.SSLContext, name: str = "localhost") -> Iterator[ssl.SSLSocket]:
    """Shake hands with nginx, as someone who asks for a name."""
    raw = socket.create_connection(("127.0.0.1", nginx.port))
    line = context.wrap_socket(raw, server_hostname=name, do_handshake_on_connect=False)
    try:
        line.do_handshake()
        yield line
    finally:
        line.close()


# TLS.


def test_tls_1_3_is_spoken_and_hsts_is_there(nginx):
    with dial(nginx, nginx.context()) as line:
        assert line.version() == "TLSv1.3"
    assert ask(nginx, "/")[1]["strict-transport-security"] == "max-age=31536000"


def test_tls_1_2_is_refused(nginx):
    context = nginx.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"), dial(nginx, context):
        pass


def test_another_name_gets_no_handshake(nginx):
    elsewhere = dial(nginx, nginx.context(), "elsewhere.example")
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"), elsewhere:
        pass


def test_who_comes_without_tls_is_sent_to_where_it_is(nginx):
    line = http.client.HTTPConnection("localhost", nginx.plain_port)
    line.request("GET", "/join", headers={"Host": "localhost"})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/")
    line.close()


# What comes through.


def static_files() -> list[str]:
    named = sorted(f"/static/{it.relative_to(STATIC)}" for it in STATIC.rglob("*.js"))
    kept = [it for it in named if BY_CONTENT.fullmatch(it)]
    return [*kept[:2], "/static/worker.js", "/static/app.js", "/static/app.css"]


@pytest.mark.parametrize("wants", ["", "gzip", "br", "gzip, deflate, br"])
@pytest.mark.parametrize("path", ["/", "/sw.js", "/protects", "/static/none.js", *static_files()])
def test_what_arrives_is_what_the_server_said_with_its_own_headers(nginx, behind, path, wants):
    chosen = {"Accept_Encoding": wants or "identity"}
    direct = ask_behind(behind, path, **chosen)
    for _ in range(2):  # the second may be out of nginx's own keeping
        through = ask(nginx, path, **chosen)
        assert through[0] == direct[0]
        assert through[2] == direct[2]
        assert {k: v for k, v in through[1].items() if k not in OF_THE_WAY} == {
            k: v for k, v in direct[1].items() if k not in OF_THE_WAY
        }


def test_a_file_arrives_packed_as_the_build_packed_it(nginx):
    (path, *_) = static_files()
    file = STATIC / path.removeprefix("/static/")
    for encoding, suffix in (("br", ".br"), ("gzip", ".gz")):
        _, headers, data = ask(nginx, path, Accept_Encoding=encoding)
        assert headers["content-encoding"] == encoding
        assert data == Path(f"{file}{suffix}").read_bytes()
    assert gzip.decompress(data) == file.read_bytes()


def test_a_part_is_kept_by_nginx_and_answers_while_the_server_is_busy_elsewhere(nginx, behind):
    (path, *_) = static_files()
    ask(nginx, path, Accept_Encoding="br")
    before = behind.log.read_text().count("/static/<path:name>")
    status, headers, _ = ask(nginx, path, Accept_Encoding="br")
    assert status == 200
    assert behind.log.read_text().count("/static/<path:name>") == before
    assert ask(nginx, path, Accept_Encoding="br", If_None_Match=headers["etag"])[0] == 304


def test_nothing_that_a_client_says_of_itself_arrives(nginx, behind):
    lies = {
        "X_Forwarded_For": "6.6.6.6",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Proto": "http",
        "SCRIPT_NAME": "/evil",
        "Forwarded": "for=6.6.6.6",
    }
    assert ask(nginx, "/api/practice", **lies)[0] == 200
    # Nor at the socket itself, where gunicorn would believe whom it is told to.
    plain = {name.replace("_", "-"): value for name, value in lies.items()}
    assert ask_behind(behind, "/api/practice", **plain)[0] == 200


# Limits.


def test_a_body_that_is_too_long_is_refused_as_the_api_refuses(nginx):
    long, longest = b"x" * (256 * 1024 + 1), b"x" * (6145 * 1024 + 1)
    assert refusal(ask(nginx, "/api/challenges", "POST", long)) == (413, "too-large")
    assert refusal(ask(nginx, "/", "POST", b"x" * 1025)) == (413, "too-large")
    log = encode_base64url(bytes(16))
    entries = f"/api/logs/{log}/entries"
    assert refusal(ask(nginx, entries, "POST", longest)) == (413, "too-large")


def test_the_longest_body_that_the_server_takes_gets_to_it(nginx):
    log = encode_base64url(bytes(16))
    body = b"x" * MAX_ENTRIES_REQUEST_BYTES
    status, _, said = ask(
        nginx, f"/api/logs/{log}/entries", "POST", body, Content_Type="application/cbor"
    )
    assert (status, json.loads(said)["code"]) == (401, "signed-out")


def test_a_head_that_is_no_request_is_refused_as_the_api_refuses(nginx):
    assert refusal(ask(nginx, "/", X_Long="x" * 40_000)) == (400, "malformed")
    assert refusal(ask(nginx, "/" + "a" * 40_000)) == (400, "malformed")
    with dial(nginx, nginx.context()) as line:
        line.sendall(b"THINNER\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_whoever_is_slow_is_hung_up_on_and_keeps_nobody_waiting(nginx):
    raw = socket.create_connection(("127.0.0.1", nginx.port))
    with nginx.context().wrap_socket(raw, server_hostname="localhost") as slow:
        slow.settimeout(20)
        began = time.monotonic()
        slow.sendall(
            b"POST /api/challenges HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
        )
        # Sixteen such would be all of the server's threads, were it to hear of them.
        assert ask(nginx, "/api/practice")[0] == 200
        assert slow.recv(1000) in (b"", *[b"HTTP/1.1 408"])
        assert 0.5 < time.monotonic() - began < 5


def test_a_flood_from_one_address_is_told_to_come_again(nginx, tmp_path):
    """In a copy with a small limit: the way it is refused is the same."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text()
    small = conf.replace("rate=300r/s", "rate=1r/s").replace("burst=600", "burst=2")
    assert small != conf
    written = nginx.folder / "microblog"
    before = written.read_text()
    changed = before.replace("rate=300r/s", "rate=1r/s").replace("burst=600", "burst=2")
    # A zone keeps its size and key through a reload; its rate is read anew.
    written.write_text(changed)
    try:
        reload(nginx)
        answers = [ask(nginx, "/api/practice") for _ in range(8)]
        refused = [it for it in answers if it[0] != 200]
        assert 3 <= len(refused) <= 6
        assert {refusal(it) for it in refused} == {(503, "busy")}
        assert refused[0][1]["retry-after"] == "5"
    finally:
        written.write_text(before)
        reload(nginx)


def reload(nginx: Nginx) -> None:
    """Have nginx read its file again, and wait until a worker of the new one answers."""
    nginx.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)


def test_where_there_is_no_server_a_client_hears_that_it_is_busy(nginx, behind):
    hidden = behind.socket.with_suffix(".away")
    shutil.move(behind.socket, hidden)
    try:
        assert refusal(ask(nginx, "/api/practice")) == (503, "busy")
    finally:
        shutil.move(hidden, behind.socket)


# Event streams.


@pytest.fixture(scope="module")
def founded(behind, nginx) -> tuple[Caller, Practice]:
    """Return a steward who is signed in, and her practice; nobody founds another after it."""
    practice, asha = Practice(time.time_ns() // 1_000_000), Caller(Trusting(nginx))
    found(asha, behind.founding_token(), practice)
    assert asha.sign_in(practice.asha, practice).status == 201
    return asha, practice


def test_an_event_stream_comes_line_by_line_and_is_the_processes_own(behind, nginx, founded):
    asha, practice = founded
    (cookie,) = (f"{it.name}={it.value}" for it in asha.way._http.cookies)
    # Nobody is there yet: that is told in the API's form, and worth another try.
    assert refusal(ask(nginx, "/api/live", Cookie=cookie)) == (503, "busy")
    asked = f"GET /api/live HTTP/1.1\r\nHost: localhost:{nginx.port}\r\nCookie: {cookie}\r\n\r\n"
    with live_beside(behind), dial(nginx, nginx.context()) as line:
        line.settimeout(START_SECONDS)
        line.sendall(asked.encode())
        said = b""
        # nginx waits with it until somebody takes connections.
        while b": live\n\n" not in said:
            said += line.recv(4096)
        head = said.decode().lower()
        assert head.startswith("http/1.1 200 ")
        assert "content-type: text/event-stream\r\n" in head
        assert "cache-control: no-store\r\n" in head
        assert "strict-transport-security: max-age=31536000\r\n" in head
        child = practice.child("Ada")
        asha.append_all(child)
        assert f"data: {encode_base64url(child.log)} ".encode() in line.recv(4096)


# What is written down.


def test_no_log_has_a_path_an_id_an_address_or_a_word(nginx, behind, founded):
    asha, practice = founded
    child = practice.child("Bea")
    asha.call("GET", "/api/live")
    asha.append_all(child)
    log = encode_base64url(child.log)
    assert asha.fetch({child.log: 0})[child.log][0]
    asha.call("GET", f"/api/logs/{log}/boxes?epoch=0")
    asha.call("GET", f"/api/logs/{log}/secret-words?q=thinner")
    asha.call("POST", f"/api/logs/{log}/entries", b"x" * (MAX_ENTRY_BYTES * 80))
    asha.call("THINNER", f"/thinner/{log}")
    hidden = behind.socket.with_suffix(".away")
    shutil.move(behind.socket, hidden)
    asha.call("GET", f"/api/logs/{log}/keepers")
    shutil.move(hidden, behind.socket)
    written = nginx.logged()
    lines = [json.loads(line) for line in written.splitlines()]
    assert {"fetch", "append", "live", "api", "page", "file", "other"} == {
        it["route"] for it in lines
    }
    assert {"time", "method", "route", "status", "in", "out", "seconds", "upstream"} == set(
        lines[0]
    )
    assert {it["method"] for it in lines} <= {"GET", "HEAD", "POST", "PUT", "DELETE", "other"}
    private = [log, encode_base64url(DIRECTORY), "thinner", "127.0.0.1", "localhost", "/api"]
    found_words = [it for it in private if re.search(re.escape(it), written, re.I)]
    assert found_words == []


class Trusting(OverHttp):
    """Calls through nginx."""

    def __init__(self, nginx: Nginx) -> None:
        super().__init__(nginx.origin)
        self._http.verify = str(nginx.authority)
        # Or an authority of this machine's own would be asked instead.
        self._http.trust_env = False
