"""`microblogd serve` as a process: from nothing to a post that a colleague reads, and its end."""

from __future__ import annotations

import os
import pty
import re
import socket
import subprocess
import time

import pytest

from microblog.protocol.entry import DIRECTORY, decode_entry
from microblog.store.db import open_marks
from tests.practice import Practice
from tests.serving import MICROBLOGD, Server
from tests.vectors.practice import staff


def now() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def stopped(tmp_path):
    """Return a server that is begun as the operator begins it, and was not yet."""
    server = Server(tmp_path / "data", tmp_path / "server.log")
    yield server
    server.kill()


def refused(done: subprocess.CompletedProcess[str], words: str, code: int = 1) -> None:
    lines = done.stderr.splitlines()
    assert done.returncode == code, done.stderr
    assert lines[0].startswith("microblogd: error: ")
    assert words in lines[0]
    assert all(line.startswith("microblogd: hint: ") for line in lines[1:])
    assert len(lines) <= 2


def test_two_people_read_each_others_posts_through_a_real_server(stopped):
    server = stopped
    server.start()
    practice, asha, ben = Practice(now()), server.caller(), server.caller()
    assert asha.open_founding(server.founding_token()).status == 201
    asha.append_all(practice.directory)
    assert asha.sign_in(practice.asha, practice).status == 201
    invite = practice.invite("Ben")
    asha.append_all(practice.directory, since=2)
    assert ben.knock(practice.invitation_seed("Ben"), practice).status == 201
    assert ben.append(DIRECTORY, [practice.join("Ben", invite)]).status == 201
    child = practice.child("Ada")
    child.grant(practice.asha, staff("Ben"))
    asha.append_all(child)
    assert ben.sign_in(staff("Ben"), practice).status == 201
    assert ben.append(child.log, [child.post(staff("Ben"), "Thinner than before.")]).status == 201
    entries, more = asha.fetch({child.log: 0})[child.log]
    assert [decode_entry(it).id for it in entries] == [it.id for it in child.entries]
    assert more == 0
    assert server.stop() == 0
    server.start()
    assert asha.fetch({child.log: 0})[child.log] == (entries, 0)
    said = server.command("check")
    assert (said.returncode, said.stdout) == (0, "verified: 8 entries in 2 logs, nothing differs\n")


def test_the_log_of_a_server_holds_no_link_and_the_data_are_for_its_user_only(server):
    token = server.founding_token()
    server.caller().open_founding(token)
    said = server.log.read_text()
    assert "microblogd founding-link" in said
    assert '"method":"POST","route":"/api/sessions","status":201' in said
    assert token not in said
    assert "#" not in said
    modes = {it.name: it.stat().st_mode & 0o077 for it in [server.data, *server.data.iterdir()]}
    assert set(modes.values()) == {0}


def test_the_founding_link_is_printed_to_a_terminal(stopped):
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [*MICROBLOGD, "serve"], env=stopped.environment, stdin=subprocess.DEVNULL,
        stdout=terminal, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(terminal)
        said = b""
        while b"serving" not in said:
            said += os.read(main, 4096)
        process.terminate()
    os.close(main)
    assert re.search(rb"http://127\.0\.0\.1:\d+/found#[\w-]{43}\r\n", said)


def test_a_founded_practice_has_no_founding_link(server):
    practice, caller = Practice(now()), server.caller()
    caller.open_founding(server.founding_token())
    caller.append_all(practice.directory)
    refused(server.command("founding-link"), "the practice is founded already")
    assert open_marks(server.site).read("founding") is None


# Its end, and what it does not swallow.


def test_a_server_told_to_stop_finishes_what_it_was_asked(server):
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        body = b"{}"
        head = (
            f"POST /api/challenges HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        slow.sendall(head.encode())
        time.sleep(0.2)
        server.process.terminate()
        time.sleep(0.2)
        slow.sendall(body)
        assert slow.recv(4096).startswith(b"HTTP/1.1 200 OK")
    assert server.stop() == 0


def test_a_chunked_body_without_an_end_is_cut_off_at_the_limit(server):
    with socket.create_connection(("127.0.0.1", server.port)) as endless:
        head = (
            f"POST /api/challenges HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        endless.sendall(head.encode())
        chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
        for _ in range(6):
            endless.sendall(chunk)
        assert endless.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_an_address_of_64_kilobytes_is_refused(server):
    assert server.caller().call("GET", "/" + "a" * 65536).status in (400, 414)
