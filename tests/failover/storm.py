"""What is done to the database, and what must hold while it is, and after."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.failover.cluster import Cluster
    from tests.failover.senders import Crowd

#: For so long posts may stand still: until a leader's time is up (`ttl`), another was chosen, and
#: whoever hangs has been given up.
RECOVER_SECONDS = 90
#: What was committed before is still answered so long after.
ON_THE_WAY_SECONDS = 1.0
WITHOUT_STANDBY_SECONDS = 20
CALM_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What senders saw of one thing: for how many seconds nothing was acknowledged, and so on."""

    act: str
    pause: float
    acknowledged: int
    busy: int
    unknown: int

    def __str__(self) -> str:
        return (
            f"{self.act:30} longest pause {self.pause:5.1f} s; acknowledged {self.acknowledged:5}; "
            f"503 {self.busy:4}; unknown {self.unknown:3}"
        )


@dataclass(frozen=True, slots=True)
class Storm:
    """A cluster, those who post to it, and chance."""

    cluster: Cluster
    crowd: Crowd
    chance: Random

    def suffer(self, act: str) -> Told:
        """Do one thing, wait until all is well, and return what senders saw."""
        crowd = self.crowd
        begun, busy, unknown = time.monotonic(), crowd.seen.statuses[503], crowd.unknown()
        time.sleep(CALM_SECONDS * self.chance.random())
        ACTS[act](self)
        crowd.await_posts(RECOVER_SECONDS)
        self.cluster.await_all()
        crowd.await_posts(RECOVER_SECONDS)
        times = [begun, *(it for it in crowd.times() if it >= begun)]
        pause = max(after - before for before, after in itertools.pairwise(times))
        return Told(
            act, pause, len(times) - 1, crowd.seen.statuses[503] - busy, crowd.unknown() - unknown
        )

    def kill_leader(self) -> None:
        leader = self.cluster.leader()
        leader.kill()
        self.crowd.await_posts(RECOVER_SECONDS)
        leader.start()

    def freeze_leader(self) -> None:
        leader = self.cluster.leader()
        leader.freeze()
        self.crowd.await_posts(RECOVER_SECONDS)
        # It is awake again, and for a moment believes what it believed.
        leader.thaw()

    def kill_postgresql(self) -> None:
        self.cluster.leader().kill_postgresql()

    def kill_one_process(self) -> None:
        self.cluster.leader().kill_one()

    def kill_synchronous_standby(self) -> None:
        """The other standby takes its place."""
        (name,) = [it for it, role in self.cluster.roles().items() if role == "sync_standby"]
        self.cluster.nodes[name].kill()
        self.crowd.await_posts(RECOVER_SECONDS)
        self.cluster.nodes[name].start()

    def kill_standbys(self) -> None:
        """Without any standby nothing is acknowledged; with one again, all goes on."""
        standbys = self.cluster.standbys()
        for standby in standbys:
            standby.kill()
        alone = time.monotonic() + ON_THE_WAY_SECONDS
        self._check_silence(alone)
        self.crowd.read()
        for standby in standbys:
            standby.start()

    def freeze_standbys(self) -> None:
        """The same where they are there and say nothing; and PostgreSQL recovers meanwhile."""
        standbys = self.cluster.standbys()
        for standby in standbys:
            standby.freeze()
        alone = time.monotonic() + ON_THE_WAY_SECONDS
        time.sleep(ON_THE_WAY_SECONDS)
        # What waited for them is in its own log, and is seen when it has recovered.
        self.cluster.leader().kill_one()
        self._check_silence(alone)
        for standby in standbys:
            standby.thaw()

    def _check_silence(self, since: float) -> None:
        busy = self.crowd.seen.statuses[503]
        time.sleep(since - time.monotonic() + WITHOUT_STANDBY_SECONDS)
        said = self.crowd.acknowledged_since(since)
        assert said == 0, f"without a standby {said} posts were acknowledged"
        assert self.crowd.seen.statuses[503] > busy, "nobody was told to try again"


ACTS: dict[str, Callable[[Storm], None]] = {
    "leader killed": Storm.kill_leader,
    "leader frozen, then awake": Storm.freeze_leader,
    "PostgreSQL killed": Storm.kill_postgresql,
    "one of its processes killed": Storm.kill_one_process,
    "synchronous standby killed": Storm.kill_synchronous_standby,
    "both standbys killed": Storm.kill_standbys,
    "both standbys frozen": Storm.freeze_standbys,
}
