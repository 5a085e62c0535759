"""Lies about who is on the team, and who can read."""

from dataclasses import replace

from microblog.protocol.encoding import encode
from microblog.protocol.entry import (
    Entry,
    encode_entry,
)
from microblog.protocol.why import encode_why
from tests.lying.scenario import Scenario, Step, box_for, boxes_of, serve
from tests.lying.telling import (
    ALL,
    EVERYONE,
    READ_ALL,
    SENT_NOTHING,
    TEAM,
    add_epoch,
    look,
    record,
    stopped,
    told,
    words,
)
from tests.vectors.practice import DirectoryLog, StreamLog, fresh, rows
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    COUNCIL,
    DAN,
    EVE,
    WHY,
)


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_honest(), *_teams()]


def _honest() -> list[Scenario]:
    log = record()
    honest = serve(log.directory, log)
    posted = {"outcome": "", "sent": [["post"]], "readable_by": TEAM}
    return [
        told(
            "an honest server",
            log,
            look(honest, **READ_ALL, waiting=False),
            Step(honest, "restart", READ_ALL),
            Step(honest, "post", posted, shown=TEAM, text="Slept well."),
        ),
        # Three Lessons From Threema, and every side channel since CRIME: what is long looks short.
        told(
            "counts the letters of what is sent",
            log,
            Step(honest, "post", {**posted, "sizes": [2088]}, shown=TEAM, text="x"),
        ),
        told(
            "counts the letters of the longest that is sent",
            log,
            Step(honest, "post", {**posted, "sizes": [2088]}, shown=TEAM, text="\U0001f9f8" * 280),
        ),
    ]


def _teams() -> list[Scenario]:
    def refused(name: str, entry: Entry, error: str, log: StreamLog) -> Scenario:
        return stopped(name, log, [*log.raw, encode_entry(entry)], error, 3)

    log = record()
    extra = [log.commitment(1), rows({**EVERYONE, DAN: "follower"}), [], b""]
    fewer = [log.commitment(1), rows({CAS: "supervisor", BEA: "follower"}), [], b""]
    return [
        refused(
            "a follower adds one",
            log.then(BEA, "grant", [DAN.id, "follower"], WHY),
            "NotAllowed",
            log,
        ),
        refused(
            "a keeper slips someone into an epoch",
            log.then(ANN, "epoch", extra, log.history_of(1)),
            "WrongList",
            log,
        ),
        refused(
            "a supervisor removes the keeper",
            log.then(CAS, "epoch", fewer, log.history_of(1)),
            "NotAllowed",
            log,
        ),
        _extra_box(),
        _poisoned_bundle(),
        _someone_left(),
        _newcomer(),
        _first_refused(),
        _removed(),
        _joined_late(),
    ]


def _extra_box() -> Scenario:
    log = record()
    honest = serve(log.directory, log)
    boxes = sorted(
        [*boxes_of(log)[0], (EVE.id, box_for(log, 0, EVE)), (DAN.id, box_for(log, 0, DAN))]
    )
    lie = replace(honest, boxes={log.log: {0: boxes}})
    posted = {"outcome": "", "sent": [["post"]], "readable_by": TEAM, "members": TEAM}
    return told(
        "keeps boxes of people who are not listed",
        log,
        look(lie, **READ_ALL),
        Step(lie, "post", posted, shown=TEAM, text="x"),
    )


def _poisoned_bundle() -> Scenario:
    log = record()
    bundle = encode(["msb/1/history", [[0, fresh("poison")]]])
    honest = serve(log.directory, log)
    add_epoch(log, ANN, EVERYONE, bundle)
    lie = serve(log.directory, log)
    sent = {"outcome": "", "sent": [["epoch"], ["post"]], "readable_by": TEAM, "history": 2}
    return told(
        "an insider poisons the history",
        log,
        look(honest, **READ_ALL),
        Step(lie, "post", {**sent, "trouble": "", "fresh": True}, shown=TEAM, text="x"),
    )


def _left(log: StreamLog) -> DirectoryLog:
    directory = DirectoryLog()
    directory.entries = list(log.directory.entries)
    directory.add(ANN, "change", [CAS.id, COUNCIL, "supervisor", 1], ["Cas Example", "manager"])
    return directory


def _someone_left() -> Scenario:
    log = record()
    honest, left = serve(log.directory, log), serve(_left(log), log)
    stayed = sorted([ANN.id, BEA.id])
    sent = {"outcome": "", "sent": [["epoch"], ["post"]], "readable_by": stayed, "history": 1}
    return told(
        "someone has left the practice",
        log,
        look(honest, **READ_ALL),
        Step(left, "post", sent, shown=TEAM, text="x"),
    )


def _newcomer() -> Scenario:
    log = record()
    honest = serve(log.directory, log)
    log.add(ANN, "grant", [DAN.id, "follower"], WHY, boxes=log.boxes(0, [DAN]))
    now, team = serve(log.directory, log), sorted([*TEAM, DAN.id])
    asked = {"outcome": "newcomers", "newcomers": [DAN.id], **SENT_NOTHING}
    posted = {"outcome": "", "sent": [["post"]], "readable_by": team}
    return told(
        "someone joins between typing and sending",
        log,
        look(honest, **READ_ALL),
        Step(now, "post", asked, shown=TEAM, text="x"),
        Step(now, "post", posted, shown=team, text="x"),
    )


def _first_refused() -> Scenario:
    log = record()
    honest = replace(serve(log.directory, log), answers=["stale", "ok"])
    sent = {"outcome": "", "sent": [["post"], ["post"]], "fresh": True, "readable_by": TEAM}
    return told(
        "keeps a refused attempt",
        log,
        look(honest, **READ_ALL),
        Step(honest, "post", sent, shown=TEAM, text="x"),
    )


def _removed() -> Scenario:
    log = record()
    before = serve(log.directory, log)
    add_epoch(log, ANN, {ANN: "keeper", BEA: "follower"})
    log.add(ANN, "post", [0], words("After the removal."))
    posts = [*ALL, [8, "waiting", ""]]
    refused = {"outcome": "refused", **SENT_NOTHING}
    after = serve(log.directory, log)
    return told(
        "gives a former follower everything it has",
        log,
        look(before, **READ_ALL),
        look(after, trouble="", posts=posts, removed=True),
        Step(after, "post", refused, shown=TEAM, text="x"),
        Step(after, "restart", {"posts": posts}),
        who=CAS,
    )


def _joined_late() -> Scenario:
    log = record()
    add_epoch(log, BEA, EVERYONE)
    log.add(CAS, "post", [1], words("In the second epoch."))
    log.add(
        ANN,
        "grant",
        [DAN.id, "follower"],
        encode_why("new class teacher", b""),
        boxes=log.boxes(1, [DAN]),
    )
    only_dan = {log.log: {1: boxes_of(log)[1]}}
    posts = [*ALL, [8, "shown", "In the second epoch."]]
    served = replace(serve(log.directory, log), boxes=only_dan)
    return told(
        "a newcomer reads everything before", log, look(served, trouble="", posts=posts), who=DAN
    )
