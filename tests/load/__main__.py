"""A council's day in ten minutes, or a country's peak for a minute, through the real client.

    python -m tests.load                     the day
    python -m tests.load --seconds 120       a shorter one, with as many posts a second
    python -m tests.load --peak              sixty posts a second for a minute

Every post is signed, sealed, sent, and verified by whoever follows, with what the command line
uses. At the end clients that remember nothing look whether all that was acknowledged is there.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.hosts import ROOT, BenchServer, postgres_server, processor_seconds
from tests.bench.machine import describe
from tests.load.day import Day
from tests.load.person import APPEND, CATCH_UP, OPEN, POST, read_afresh
from tests.load.town import Town

if TYPE_CHECKING:
    from collections.abc import Sequence

#: England's 370,000 posts a working day, by its 153 councils; and three looks for each of them.
COUNCIL_POSTS, LOOKS_A_POST = 2_400, 3
DAY_SECONDS, CONFERENCES = 600.0, 12
PEAK_POSTS, PEAK_SECONDS = 60.0, 60.0
PEOPLE, STREAMS = 150, 400
#: What a process of clients says, and is told, when all are open.
READY, GO = "ready\n", "go\n"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--peak", action="store_true", help="a country's peak")
    parser.add_argument("--seconds", type=float, help="how long it takes")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--streams", type=int, default=STREAMS)
    parser.add_argument("--processes", type=int, default=2, help="of the people's clients")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    if importlib.util.find_spec("locust") is None:
        print("microblog: error: Locust is not here: make load installs it", file=sys.stderr)
        return 2
    asked.database = asked.database or ("postgresql" if asked.peak else "sqlite")
    # Whoever is told to end puts away what was begun.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for line in describe():
        say(line)
    town, day = Town(asked.people, asked.streams, asked.seed), day_of(asked.peak, asked.seconds)
    with tempfile.TemporaryDirectory(prefix="microblog-load-") as name, ExitStack() as stack:
        folder = Path(name)
        url = ""
        if asked.database == "postgresql":
            url = stack.enter_context(postgres_server(folder)).create()
        server = BenchServer(folder / "data", folder / "serve.log", database=url)
        town.settle(server.site)
        server.start()
        stack.callback(server.kill)
        print(
            f"{asked.people} people, {asked.streams} streams, {asked.database}; seed {asked.seed}"
        )
        results = live(folder, town, day, server, asked.processes)
        return tell(town, day, results, server.origin)


def say(line: str) -> None:
    print(line, flush=True)


def day_of(peak: bool, seconds: float | None) -> Day:
    """Return the day that was asked for; a shorter one has as many posts in each second."""
    if peak:
        length = seconds or PEAK_SECONDS
        return Day(length, PEAK_POSTS * length, PEAK_POSTS * length / 10, level=True)
    length = seconds or DAY_SECONDS
    posts = COUNCIL_POSTS * length / DAY_SECONDS
    return Day(length, posts, posts * LOOKS_A_POST, CONFERENCES)


def live(
    folder: Path, town: Town, day: Day, server: BenchServer, processes: int
) -> list[dict[str, Any]]:
    """Have everybody live through the day, in so many processes; return what they noted."""
    about = {"people": town.people, "streams": town.streams, "seed": town.seed, "now": town.now}
    shared = {"town": about, "day": asdict(day), "parts": processes, "origin": server.origin}
    outs = [folder / f"out-{part}.json" for part in range(processes)]
    with ExitStack() as stack:
        running = []
        for part, out in enumerate(outs):
            plan = folder / f"plan-{part}.json"
            plan.write_text(json.dumps({**shared, "part": part}))
            words = [sys.executable, "-m", "tests.load.crowd", str(plan), str(out)]
            process = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            stack.callback(process.kill)
            running.append(process)
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == READY
        say("the day begins")
        assert server.process is not None
        used, begun = processor_seconds(server.process.pid), time.monotonic()
        codes = _begin_together(running)
        used = (processor_seconds(server.process.pid) - used) / (time.monotonic() - begun)
        say(f"the server's processes used {used:.0%} of a processor, PostgreSQL's own beside it")
    assert codes == [0] * processes, f"exit codes {codes}"
    return [json.loads(out.read_text()) for out in outs]


def _begin_together(running: list[subprocess.Popen[str]]) -> list[int]:
    for process in running:
        assert process.stdin is not None
        process.stdin.write(GO)
        process.stdin.close()
    return [process.wait() for process in running]


def tell(town: Town, day: Day, results: list[dict[str, Any]], origin: str) -> int:
    """Print what came of it; return 1 if anything is not as it must be."""
    took = max(it["took"] for it in results)
    said = [tuple(row) for it in results for row in it["acknowledged"]]
    unknown = [tuple(row) for it in results for row in it["unknown"]]
    refused, statuses = Counter[str](), Counter[str]()
    for it in results:
        refused.update(it["refused"])
        statuses.update(it["statuses"])
    faults = [fault for it in results for fault in it["faults"]]
    print(f"{len(said)} posts acknowledged in {took:.0f} s, {len(said) / took:.1f} a second"
          f" ({day.posts:.0f} were to be)")  # fmt: skip
    print(f"refused or unanswered: {sum(refused.values())} {dict(refused) or ''}")
    print(f"answers by status: {dict(sorted(statuses.items()))}")
    for name in (APPEND, POST, CATCH_UP, OPEN):
        print(row(name, sorted(s for it in results for s in it["seconds"].get(name, []))))
    busy = ", ".join(f"{it['busy']:.0%}" for it in results)
    print(f"the clients' own processes used {busy} of a processor")
    say("clients that remember nothing look whether all is there")
    lost, twice, strange = check(town, origin, said, unknown)
    print(f"not there: {lost}; there twice: {twice}; sent by nobody: {strange}; "
          f"faults: {len(faults)}")  # fmt: skip
    for fault in faults[:5]:
        print(fault)
    return 1 if lost or twice or strange or faults else 0


def row(name: str, seconds: list[float]) -> str:
    """Return how long something took, as a line."""
    if not seconds:
        return f"{name:10} never"
    middle, late = (
        seconds[min(len(seconds) - 1, int(part * len(seconds)))] for part in (0.5, 0.99)
    )
    return (
        f"{name:10} {len(seconds):6}  p50 {middle * 1000:7.1f} ms  p99 {late * 1000:7.1f} ms"
        f"  longest {seconds[-1] * 1000:7.1f} ms"
    )


def check(
    town: Town, origin: str, said: list[tuple[Any, ...]], unknown: list[tuple[Any, ...]]
) -> tuple[int, int, int]:
    """Return how many acknowledged posts are lost, are there twice, and were sent by nobody."""
    wanted = Counter(said)
    logs = {log for log, _ in (*said, *unknown)}
    found: Counter[tuple[Any, ...]] = Counter()
    for name in town.names:
        mine = logs & set(town.weights_of(name))
        if not mine:
            continue
        logs -= mine
        for log, texts in read_afresh(town.keys_of(name, origin), mine).items():
            found.update((log, text) for text in texts)
    lost = sum(1 for it in wanted if it not in found)
    twice = sum(1 for count in found.values() if count > 1)
    strange = sum(1 for it in found if it not in wanted and it not in set(unknown))
    return lost, twice, strange


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
