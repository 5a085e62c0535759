"""Lies about secrets: boxes, bundles, and signatures that were made for something else."""

from dataclasses import replace

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.epoch import make_box
from microblog.protocol.primitives import sign
from tests.lying.entry_lies import flipped
from tests.lying.scenario import Scenario, Step, box_for, boxes_of, replaced, serve
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
from tests.vectors.practice import DirectoryLog, Staff, fresh
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    COUNCIL,
    DAN,
    EVE,
    WHY,
    invite_payload,
    invite_seed,
)

#: Labels under which a device or an invitation signs something, and those that sign nothing.
OTHER_LABELS = ("msb/1/login", "msb/1/knock", "msb/1/join", "msb/1/ask", "msb/1/core", "msb/1/id",
                "msb/1/head", "msb/1/link", "", "msb/2/entry", "msb/1/entry\0")  # fmt: skip


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [
        _its_own_key(),
        _box_of_someone_removed(),
        _two_keys(),
        _omitted(),
        *_bundles(),
        *_purposes(),
        _refused_epoch(),
    ]


# Boxes.


def _its_own_key() -> Scenario:
    log = record()
    honest = serve(log.directory, log)
    lie = make_box(log.secrets[0], log.log, 0, CAS.id, EVE.reading_key)
    boxes = sorted([*(row for row in boxes_of(log)[0] if row[0] != CAS.id), (CAS.id, lie)])
    mended = [[CAS.id, box_for(log, 0, CAS)]]
    served = replace(honest, boxes={log.log: {0: boxes}})
    return told(
        "hands out its own reading key for someone",
        log,
        look(served, **READ_ALL, boxes_put=mended),
        look(honest, **READ_ALL, boxes_put=[]),
    )


def _box_of_someone_removed() -> Scenario:
    log = record()
    add_epoch(log, ANN, {ANN: "keeper", BEA: "follower"})
    honest, stayed = serve(log.directory, log), sorted([ANN.id, BEA.id])
    kept = {0: boxes_of(log)[0], 1: sorted([*boxes_of(log)[1], (CAS.id, box_for(log, 1, CAS))])}
    lie = replace(honest, boxes={log.log: kept})
    posted = {"outcome": "", "sent": [["post"]], "readable_by": stayed, "members": stayed}
    asked = {"outcome": "", "members": stayed, "trouble": "", "posts": ALL}
    return told(
        "keeps a box of someone removed",
        log,
        look(lie, **asked),
        Step(lie, "post", posted, shown=stayed, text="x"),
    )


def _two_keys() -> Scenario:
    log = record()
    add_epoch(log, ANN, EVERYONE)
    log.add(BEA, "post", [0], words("After."))
    honest = serve(log.directory, log)
    other = make_box(fresh("another secret"), log.log, 1, CAS.id, CAS.reading_key)
    boxes = sorted([*(row for row in boxes_of(log)[1] if row[0] != CAS.id), (CAS.id, other)])
    lie = replace(honest, boxes={log.log: {0: boxes_of(log)[0], 1: boxes}})
    return told(
        "gives two followers two keys",
        log,
        look(lie, trouble="", waiting=True, posts=[*ALL, [8, "waiting", ""]]),
        look(honest, trouble="", waiting=False, posts=[*ALL, [8, "shown", "After."]]),
        who=CAS,
    )


# Bundles.


def _omitted() -> Scenario:
    log = record()
    honest = serve(log.directory, log)
    add_epoch(log, ANN, EVERYONE, encode(["msb/1/history", []]))
    lie = serve(log.directory, log)
    sent = {"outcome": "", "sent": [["epoch"], ["post"]], "readable_by": TEAM, "history": 2}
    return told(
        "an insider leaves an epoch out of the history",
        log,
        look(honest, **READ_ALL),
        Step(lie, "post", {**sent, "trouble": ""}, shown=TEAM, text="x"),
    )


def _bundles() -> list[Scenario]:
    """What a newcomer, who has the box of the newest epoch only, makes of a bundle."""
    log = record()
    add_epoch(log, ANN, EVERYONE)
    log.add(ANN, "grant", [DAN.id, "follower"], WHY, boxes=log.boxes(1, [DAN]))
    log.add(CAS, "post", [0], words("After."))
    only = {log.log: {1: boxes_of(log)[1]}}
    honest = replace(serve(log.directory, log), boxes=only)
    parts = decode_array(log.raw[7])
    after = [9, "shown", "After."]
    nothing = [*([seq, "waiting", ""] for seq, _, _ in ALL), after]

    def case(name: str, epoch: bytes) -> Scenario:
        lie = replace(honest, logs={**honest.logs, log.log: replaced(log.raw, 7, epoch)})
        return told(
            name,
            log,
            look(lie, trouble="", posts=nothing, **SENT_NOTHING, boxes_put=[]),
            look(honest, trouble="", posts=[*ALL, after]),
            who=DAN,
        )

    return [
        case("withholds a history bundle", encode([*parts[:2], b"", b"", []])),
        case("flips a bit in a history bundle", flipped(log.raw[7], 2, 100)),
        case("flips a bit in the salt of a history bundle", flipped(log.raw[7], 3)),
        case("gives a post's body for a history bundle",
             encode([*parts[:2], log.entries[9].body, log.entries[9].salt, []])),
    ]  # fmt: skip


# Valid bytes of one purpose in another.


def _purposes() -> list[Scenario]:
    log = record()
    post, raw = log.entries[5], log.raw
    parts = decode_array(raw[5])

    def signed(label: str) -> bytes:
        return encode([parts[0], sign(CAS.seed, label, post.raw_header), *parts[2:]])

    found = [
        stopped(f"signs an entry as {label!r}", log, replaced(raw, 5, signed(label)),
                "NotAuthentic", 1)
        for label in OTHER_LABELS
    ]  # fmt: skip
    header = decode_array(post.raw_header)
    core = encode(["msb/1/core", *header[1:]])
    cored = encode([core, sign(CAS.seed, "msb/1/entry", core), *parts[2:]])
    directory_entry = log.directory.raw[3]
    return [
        *found,
        stopped("gives a core for a header", log, replaced(raw, 5, cored), "TooNew", 1),
        stopped("gives the directory's entry for a post", log,
                replaced(raw, 5, directory_entry), "WrongLog", 1),
        stopped("serves another practice's stream", log,
                record("Sample A", _another_practice()).raw, "ForkedDirectory", 0),
    ]  # fmt: skip


def _another_practice() -> DirectoryLog:
    """Return a practice of the same people with the same keys, founded under another name."""
    directory = record().directory
    other = DirectoryLog()
    other.add(ANN, "found", ["Eastmere", ANN.id, *ANN.keys], ["Ann Example", "manager", "laptop"])
    for entry in directory.entries[1:5]:
        body = decode_array(entry.body)
        other.add(ANN, entry.header.kind, list(entry.header.payload), body)
    for who in (BEA, CAS, DAN):
        invite = other.add(ANN, "invite", invite_payload(other, who, "practitioner", COUNCIL),
                           ["Someone Example", "teacher"])  # fmt: skip
        other.add(who, "join", other.join_payload(invite, invite_seed(who), who), ["phone"])
    return other


# What was refused.


def _refused_epoch() -> Scenario:
    log = record()
    left = DirectoryLog()
    left.entries = list(log.directory.entries)
    left.add(ANN, "change", [CAS.id, COUNCIL, "supervisor", 1], ["Cas Example", "manager"])
    honest = serve(log.directory, log)
    lie = replace(serve(left, log), answers=["stale", "ok"])
    twice = [["epoch"], ["epoch"], ["post"]]
    sent = {"outcome": "", "sent": twice, "fresh": True, "readable_by": _ids(ANN, BEA)}
    return told(
        "keeps a refused epoch",
        log,
        look(honest, **READ_ALL),
        Step(lie, "post", sent, shown=TEAM, text="x"),
    )


def _ids(*people: Staff) -> list[bytes]:
    return sorted(who.id for who in people)
