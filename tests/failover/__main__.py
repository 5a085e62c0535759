"""Do PostgreSQL under Patroni all sorts of harm, while people post: is all there that was said so?

    python -m tests.failover                 each thing once, in an order that the seed gives
    python -m tests.failover --rounds 3      three times
    python -m tests.failover --seed 7        the same order and moments as before

Exit code 2 where Debian's packages are not here; then it says which to install.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.hosts import BenchServer
from tests.bench.machine import describe
from tests.failover.cluster import cluster
from tests.failover.senders import Crowd
from tests.failover.storm import ACTS, Storm
from tests.failover.which import missing
from tests.ops.people import People


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="failover", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1, help="how often each thing is done")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--act", choices=list(ACTS), action="append", help="only this")
    parser.add_argument("--keep", action="store_true", help="leave the folder, with its logs")
    asked = parser.parse_args(arguments)
    if lacking := missing():
        how = f"apt-get install {' '.join(lacking)}"
        print(f"microblog: error: a failover needs more than is here: {how}", file=sys.stderr)
        return 2
    # Whoever is told to end puts away what was begun.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for line in describe():
        print(line)
    print(f"seed {asked.seed}", flush=True)
    chance = random.Random(asked.seed)
    acts = [act for _ in range(asked.rounds) for act in asked.act or ACTS]
    chance.shuffle(acts)
    folder = Path(tempfile.mkdtemp(prefix="microblog-failover-"))
    try:
        endure(folder, acts, chance)
    finally:
        if asked.keep:
            print(f"all that they said is in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def endure(folder: Path, acts: list[str], chance: random.Random) -> None:
    with cluster(folder) as them:
        more = {"MICROBLOG_STANDBY": "yes"}
        server = BenchServer(folder / "data", folder / "serve.log", database=them.url(), more=more)
        server.start()
        people = People(server)
        try:
            crowd = Crowd(people)
            crowd.settle()
            crowd.start()
            storm, begun = Storm(them, crowd, chance), time.monotonic()
            crowd.await_posts(30)
            for act in acts:
                print(storm.suffer(act), flush=True)
            crowd.end()
            count = crowd.check()
            said = sum(len(sender.acknowledged) for sender in crowd.senders)
            statuses = ", ".join(f"{it}: {n}" for it, n in sorted(crowd.seen.statuses.items()))
            print(f"answers by status: {statuses}; the slowest after {crowd.seen.longest:.1f} s")
            print(
                f"in {time.monotonic() - begun:.0f} s {said} posts were acknowledged, and all are "
                f"there once; {count - said} more are there whose answer was lost"
            )
        finally:
            server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
