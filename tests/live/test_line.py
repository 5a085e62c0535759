"""A line to a client: what is written to it, and when it is hung up."""

from __future__ import annotations

import os
import socket

import pytest

from microblog.live.line import Line


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.settimeout(5)
    yield ours, theirs
    ours.close()
    theirs.close()


def line_on(ours, *, chunked=False):
    return Line(ours.detach(), chunked=chunked)


def test_an_event_is_a_log_and_a_seq_and_a_beat_is_nothing(ends):
    ours, theirs = ends
    line = line_on(ours)
    assert line.tell("AAAA", 7)
    assert line.beat()
    assert theirs.recv(100) == b"data: AAAA 7\n\n:\n\n"
    line.end()
    assert theirs.recv(100) == b""


def test_to_http_1_1_each_is_a_chunk_and_the_end_is_said(ends):
    ours, theirs = ends
    line = line_on(ours, chunked=True)
    line.tell("AAAA", 7)
    line.end()
    assert theirs.recv(100) == b"e\r\ndata: AAAA 7\n\n\r\n0\r\n\r\n"


@pytest.mark.parametrize("say", [b"", b"GET / HTTP/1.1\r\n\r\n"])
def test_who_hangs_up_or_says_more_is_not_there_any_longer(ends, say):
    ours, theirs = ends
    line = line_on(ours)
    assert line.is_open
    if say:
        theirs.sendall(say)
    else:
        theirs.close()
    assert not line.is_open
    line.end()


def test_who_takes_nothing_is_not_waited_for(ends):
    ours, _ = ends
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    line = line_on(ours)
    told = 0
    while line.tell("A" * 22, told):
        told += 1
        assert told < 100_000
    line.end()


def test_who_takes_a_part_only_is_hung_up_on(ends, monkeypatch):
    line = line_on(ends[0])
    monkeypatch.setattr(os, "write", lambda _, data: len(data) - 1)
    assert not line.tell("AAAA", 1)
    monkeypatch.undo()
    line.end()


def test_after_its_end_nothing_is_written_to_whoever_has_the_number_then(ends, tmp_path):
    ours, _ = ends
    line = line_on(ours, chunked=True)
    line.end()
    with (tmp_path / "other").open("wb"):
        line.end()
        assert not line.tell("AAAA", 1)
        assert not line.beat()
        assert not line.is_open
    assert (tmp_path / "other").read_bytes() == b""
