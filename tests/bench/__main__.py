"""Measure, print a table and keep the ratios: `python -m tests.bench [--quick | --large]`.

Everything that is measured is measured beside something plain, in turn with it, so that whatever
else the machine does weighs on both.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.bench.hosts import ROOT
from tests.bench.machine import describe
from tests.bench.rounds import Result, keep_lines
from tests.bench.run import DATABASES, LARGE, QUICK, WHOLE, Bench, check_room

OUT = ROOT / "build" / "bench.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes")
    parser.add_argument("--large", action="store_true", help="among ten million posts")
    parser.add_argument("--database", choices=DATABASES, help="one of the two only")
    parser.add_argument("--out", type=Path, default=OUT, help="where the JSON lines go")
    asked = parser.parse_args()
    scale = QUICK if asked.quick else LARGE if asked.large else WHOLE
    databases = [asked.database] if asked.database else list(DATABASES)
    begun = time.monotonic()
    for line in describe():
        print(line)
    with tempfile.TemporaryDirectory(prefix="microblog-bench-") as folder:
        check_room(Path(folder), scale)
        bench = Bench(scale, Path(folder), lambda line: print(f"# {line}", flush=True))
        results = []
        for result in bench.measure(databases):
            print(row(result), flush=True)
            results.append(result)
    keep_lines(asked.out, results)
    for line in describe()[:1]:
        print(line)
    print(f"{len(results)} ratios in {time.monotonic() - begun:.0f} s: {asked.out}")


def row(result: Result) -> str:
    """Return a result as a line of the table."""
    spread = f"({result.least:.2f} to {result.most:.2f})"
    return f"{result.name:26} {result.ratio:6.2f} {spread:18} {result.unit}; {result.note}"


if __name__ == "__main__":
    main()
