"""What the lies are told about: a team of three with three posts; and how they are told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from microblog.protocol.entry import DIRECTORY
from microblog.protocol.post import Post, encode_post
from tests.lying.scenario import Scenario, Served, Step, serve
from tests.vectors.calls import CALLS
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, rows
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    WHY,
    record_directory,
)

BEAS, CASS, ANNS = "Quieter than last week.", "Nobody in.", "Seen at school, cheerful."
TEAM = sorted([ANN.id, BEA.id, CAS.id])
ALL = [[4, "shown", BEAS], [5, "shown", CASS], [6, "shown", ANNS]]
READ_ALL = {"outcome": "", "directory": "", "trouble": "", "members": TEAM, "posts": ALL}
SENT_NOTHING = {"sent": []}
EVERYONE = {ANN: "keeper", BEA: "follower", CAS: "supervisor"}


def words(text: str) -> bytes:
    """Return the plaintext of a plain hunch."""
    return encode_post(Post(text=text, written=START))


def record(name: str = "Sample A", directory: DirectoryLog | None = None) -> StreamLog:
    """Return a stream of three people with three posts, in its first epoch."""
    log = StreamLog(name, directory or record_directory())
    about = CALLS["about.encode_about"]({"sort": "child", "name": name})
    found = [log.commitment(0), rows({ANN: "keeper"})]
    log.add(ANN, "found", found, log.history_of(0), boxes=log.boxes(0, [ANN]))
    log.add(ANN, "about", [], about)
    log.add(ANN, "grant", [BEA.id, "follower"], WHY, boxes=log.boxes(0, [BEA]))
    log.add(ANN, "grant", [CAS.id, "supervisor"], WHY, boxes=log.boxes(0, [CAS]))
    for who, text in ((BEA, BEAS), (CAS, CASS), (ANN, ANNS)):
        log.add(who, "post", [0], words(text))
    return log


def add_epoch(log: StreamLog, author: Staff, team: dict[Staff, str], bundle: bytes = b"") -> None:
    """Add an epoch with a smaller or equal team."""
    number = len(log.secrets)
    payload = [log.commitment(number), rows(team), [], b""]
    plain = bundle or log.history_of(number)
    log.add(author, "epoch", payload, plain, boxes=log.boxes(number, list(team)))


def told(name: str, log: StreamLog, *steps: Step, who: Staff = BEA) -> Scenario:
    """Return a lie told to someone about a stream."""
    return Scenario(name, who, log.directory.entries[0].id, log.log, log.secrets, steps)


def look(served: Served, **expect: Any) -> Step:
    """Return a step in which the person only looks."""
    return Step(served, "refresh", expect)


def with_log(log: StreamLog, raw: Sequence[bytes]) -> Served:
    """Return all that is honest, but for these entries of the stream."""
    honest = serve(log.directory, log)
    return replace(honest, logs={**honest.logs, log.log: raw})


def denied(
    name: str,
    log: StreamLog,
    raw: Sequence[bytes],
    error: str,
    before: DirectoryLog | None = None,
) -> Scenario:
    """A lie about the directory: it is named, nothing is sent on the strength of it; it heals.

    `before` is what the lie was added to, if it is more than the directory of the stream.
    """
    honest = serve(before or log.directory, log)
    lie = replace(honest, logs={**honest.logs, DIRECTORY: raw})
    refused = {"outcome": "InTrouble", **SENT_NOTHING}
    return told(
        name,
        log,
        look(lie, directory=error),
        Step(lie, "post", refused, shown=TEAM, text="x"),
        look(honest, **READ_ALL),
    )


def stopped(name: str, log: StreamLog, raw: Sequence[bytes], error: str, posts: int) -> Scenario:
    """A lie about a stream: it is named, what was there stands, nothing is sent; it heals."""
    lie = with_log(log, raw)
    caught = {"trouble": error, "posts": ALL[:posts], "directory": ""}
    return told(
        name,
        log,
        look(lie, outcome="", **caught),
        Step(lie, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        look(serve(log.directory, log), **READ_ALL),
    )
