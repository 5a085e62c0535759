"""Idle event streams: what each takes of the memory, and of everyone else's time."""

from __future__ import annotations

import hashlib
import resource
import secrets
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from microblog.protocol.base64url import encode_base64url
from microblog.service.sessions import DEVICE, LIFE_MS
from tests.bench.driving import END, request
from tests.bench.hosts import ROOT, memory_bytes
from tests.bench.rounds import Side, result_of
from tests.serving import START_SECONDS, find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.hosts import Store
    from tests.bench.rounds import Result
    from tests.bench.scenes import Stage

NAMES = ("streams-memory", "streams-no-op")
#: What the first of them take once for all is not each one's.
WARM = 50
MOST_KIB = 20
#: Longer than between two looks at all of them.
SETTLED_SECONDS = 2.5
FILES = 4096


def add_sessions(store: Store, count: int, now: int) -> list[bytes]:
    """Have so many people signed in, and some more; return their tokens."""
    tokens = [secrets.token_bytes(32) for _ in range(WARM + count)]
    rows = [
        {
            "token_hash": hashlib.sha256(token).digest(),
            "sort": DEVICE,
            "person": secrets.token_bytes(16),
            "key": secrets.token_bytes(32),
            "expires": now + LIFE_MS,
        }
        for token in tokens
    ]
    store.add({"session": rows})
    return tokens


def measure_streams(
    stage: Stage, store: Store, tokens: Sequence[bytes], rounds: int, seconds: float
) -> Iterator[Result]:
    """Yield the results of all these people listening, while nothing is new."""
    count = len(tokens) - WARM
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    side = stage.nothing(8)
    side.settle(seconds)
    with _process(stage, store) as (port, pid), ExitStack() as open_streams:
        before = [_middle(side) for _ in range(rounds)]
        _open_all(stage, port, tokens[:WARM], open_streams)
        warm = memory_bytes(pid)
        begun = time.perf_counter()
        _open_all(stage, port, tokens[WARM:], open_streams)
        took = time.perf_counter() - begun
        time.sleep(SETTLED_SECONDS)
        grown = memory_bytes(pid) - warm
        beside = [_middle(side) for _ in range(rounds)]
        open_streams.close()
        after = [_middle(side) for _ in range(rounds)]
    each = max(grown, 0) / count / 1024
    note = f"{count:,}, {each:.1f} KiB each; opened in {took:.1f} s"
    unit = f"memory of an idle stream against {MOST_KIB} KiB"
    yield result_of(f"streams-memory-{store.name}", [each / MOST_KIB], unit, note)
    ratios = [2 * it / (a + b) for a, it, b in zip(before, beside, after, strict=True)]
    unit = f"no-op p50 beside {count:,} idle streams against without"
    yield result_of(f"streams-no-op-{store.name}", ratios, unit)


def _middle(side: Side) -> float:
    return side.measure().run.percentile(0.5)


def _open_all(stage: Stage, port: int, tokens: Sequence[bytes], kept: ExitStack) -> None:
    for token in tokens:
        line = kept.enter_context(socket.create_connection(("127.0.0.1", port), START_SECONDS))
        cookie = f"Cookie: session={encode_base64url(token)}"
        line.sendall(request("GET", "/api/live", stage.host, [cookie]))
        said = b""
        while not said.partition(END)[2]:
            said += line.recv(4096)
        assert said.startswith(b"HTTP/1.1 200 "), said


@contextmanager
def _process(stage: Stage, store: Store) -> Iterator[tuple[int, int]]:
    """Run the process for event streams beside the server; yield its port and its id."""
    port = find_free_port()
    environment = {**stage.server.environment, "MICROBLOG_LIVE": str(port)}
    command = [sys.executable, "-m", "microblog.ops", "live"]
    with store.site.folder.with_suffix(".live.log").open("ab") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    deadline = time.monotonic() + START_SECONDS
    try:
        with ExitStack() as tried:
            while True:
                line = tried.enter_context(socket.socket())
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
                assert time.monotonic() < deadline, "it did not start"
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)
