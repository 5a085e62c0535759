"""The bench itself, at a tiny size: all its names are there, and it sees what is made slow."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import TYPE_CHECKING

import pytest

from microblog.protocol.entry import decode_entry, open_body
from microblog.protocol.post import read_post
from microblog.service.stored import entry_row
from tests.bench.driving import Queue, request
from tests.bench.durable import Durable
from tests.bench.hosts import Sqlite
from tests.bench.rounds import Scene, Side, keep_lines, result_of
from tests.bench.run import Bench, Scale, names_of
from tests.bench.world import CROWD, World
from tests.vectors.practice import START, staff

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_quick_pen_writes_what_the_protocol_reads():
    world = World(0, START, each=2)
    (plan,) = (plan for plan in world.plans if plan.name == "quiet 0")
    child, stream = world.begin(plan)
    assert stream.head is not None
    pen = world.pen(child, stream.head, staff(CROWD))
    for number in range(300):
        written = pen.write(f"Invented {number}.", START + number)
        entry = decode_entry(written.travelling)
        stream = stream.apply(entry, world.directory)
        assert read_post(open_body(entry, child.secrets[0])).text == f"Invented {number}."
    row = entry_row(entry)
    kept = (row.seq, row.id, row.time, row.header, row.signature, entry.body, entry.salt)
    assert tuple(written) == kept


class Answers(BaseHTTPRequestHandler):
    """A server that takes so many seconds to answer."""

    protocol_version = "HTTP/1.1"
    seconds = 0.0

    def do_GET(self) -> None:
        time.sleep(self.seconds)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(seconds: float) -> Iterator[int]:
    handler = type("Slow", (Answers,), {"seconds": seconds})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


def lanes(asked: bytes, count: int) -> list[Queue]:
    return [Queue([asked] * (count // 4), 200) for _ in range(4)]


def test_what_is_made_slow_is_seen():
    """By a factor of ten, and on a machine that has other things to do besides."""

    def side(port: int) -> Side:
        asked = request("GET", "/", f"127.0.0.1:{port}")
        return Side(port, os.getpid(), partial(lanes, asked), least=8)

    ratios = []
    with answering(0.005) as plain:
        for seconds in (0.005, 0.05):
            with answering(seconds) as ours:
                scene = Scene("planted", side(ours), side(plain))
                for _ in range(4):
                    scene.play(0.02)
            ratios.append(median(scene.rates))
    same, slowed = ratios
    assert slowed < same / 2


@pytest.mark.browser
@pytest.mark.trial(small=0, great=1)
def test_a_tiny_run_has_every_name(trials, tmp_path):
    """Six servers take their time: without them there is only what is measured in this process."""
    tiny = Scale(rounds=1, seconds=0.01, small=72, large=144, opened=10, each=2, streams=10)
    if trials.count == 0:
        store, world = Sqlite(tmp_path / "small"), World(72, int(time.time() * 1000), each=2)
        store.fill(world)
        found = [it.name for it in Durable(store, world).measure(1, 0.01)]
        assert set(found) == set(names_of(["sqlite"])[: len(found)])
        return
    results = list(Bench(tiny, tmp_path, lambda _: None).measure(["sqlite"]))
    assert sorted(it.name for it in results) == sorted(names_of(["sqlite"]))
    assert not (tmp_path / "sqlite" / "small").exists()


def test_a_line_has_what_is_promised(tmp_path):
    path = tmp_path / "build" / "bench.jsonl"
    keep_lines(path, [result_of("append-sqlite", [0.3, 0.5, 0.4], "rate")])
    (line,) = path.read_text().splitlines()
    expected = {"name": "append-sqlite", "ratio": 0.4, "min": 0.3, "max": 0.5, "unit": "rate"}
    assert json.loads(line) == expected
