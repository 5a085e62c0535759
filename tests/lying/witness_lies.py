"""Lies by leaving out, where a witness looks on: what it has seen cannot be hidden for long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import encode_entry
from microblog.protocol.log import Head
from microblog.protocol.primitives import sign
from microblog.protocol.witness import LATE_MS, OLD_MS, Sighting, write_head
from tests.lying.device_lies import grown
from tests.lying.scenario import NOW, Scenario, Served, Step, serve
from tests.lying.telling import (
    ALL,
    READ_ALL,
    SENT_NOTHING,
    TEAM,
    add_epoch,
    denied,
    look,
    record,
    told,
    with_log,
    words,
)
from tests.vectors.practice import START, DirectoryLog, StreamLog, fresh, staff
from tests.vectors.recorded import ANN, BEA, CAS, EVE, record_directory

if TYPE_CHECKING:
    from tests.vectors.practice import Log, Staff

WIT = staff("Wit")
JUST_NOW, LATE, OLD = NOW - 60_000, NOW - LATE_MS - 1000, NOW - OLD_MS - 1000
STAYED = sorted([ANN.id, BEA.id])


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_hidden(), *_heads(), *_witnesses(), *_ended_liars(), _still_reads()]


def watched(since: int = START) -> DirectoryLog:
    """Return a directory that names a witness."""
    directory = record_directory()
    directory.add(ANN, "witness", [WIT.device, since])
    return directory


def head(log: Log, seq: int, time: int, who: Staff = WIT, **changes: Any) -> bytes:
    """Return what a witness signs of a log as far as a seq."""
    entry = log.entries[seq]
    fingerprint = _fingerprint(log)
    seen = Sighting(fingerprint, log.log, Head(seq, entry.id), time)
    return write_head(who.seed, replace(seen, **changes))


def _fingerprint(log: Log) -> bytes:
    directory = log.directory if isinstance(log, StreamLog) else log
    return directory.entries[0].id


def heads(log: StreamLog, time: int = JUST_NOW, seq: int = -1) -> list[bytes]:
    """Return a witness's heads of the directory and of a stream as far as a seq."""
    last = len(log.entries) - 1 if seq < 0 else seq
    return [head(log.directory, len(log.directory.entries) - 1, time), head(log, last, time)]


# A removal that one author is not shown.


def _hidden() -> list[Scenario]:
    log = record("Sample A", watched())
    before = serve(log.directory, log)
    earlier = heads(log, LATE)
    add_epoch(log, ANN, {ANN: "keeper", BEA: "follower"})
    honest = replace(serve(log.directory, log), heads=heads(log))
    posted = {"outcome": "", "sent": [["post"]], "readable_by": STAYED, "members": STAYED}
    kept = {"outcome": "unvouched", **SENT_NOTHING}
    caught = {"trouble": "HeldBack", "posts": ALL, **SENT_NOTHING}

    def case(name: str, *steps: Step) -> Scenario:
        return told(name, log, *steps, Step(honest, "post", posted, shown=TEAM, text="x"))

    def post(lie: Served, expect: dict[str, Any], **given: Any) -> Step:
        return Step(lie, "post", expect, shown=TEAM, text="x", given=given)

    stale, bare = replace(before, heads=earlier), replace(before, heads=())
    told_on = replace(before, heads=heads(log))
    all_the_same = {"outcome": "", "sent": [["post"]]}
    return [
        case("hides a removal from its author, under old heads", post(stale, kept)),
        case("hides a removal, and every head with it", post(bare, kept)),
        case("hides a removal that a witness has seen", look(told_on, **caught),
             post(told_on, {"outcome": "InTrouble", **SENT_NOTHING})),
        told("says nothing for a day", log,
             look(replace(before, heads=heads(log, OLD, 6)), witness="old", trouble=""),
             look(bare, witness="old", trouble=""),
             look(honest, witness="good", trouble="")),
        told("has someone post all the same", log, post(bare, kept),
             post(bare, all_the_same, all_the_same=1)),
        _may_not(),
        _hidden_directory(),
        _forked_directory(),
    ]  # fmt: skip


def _may_not() -> Scenario:
    """Where the practice does not let its authors, nobody posts all the same."""
    directory = watched()
    directory.add(ANN, "policy", ["Westmere", [], [], [["send-unvouched", 0]]])
    log = record("Sample A", directory)
    bare = serve(directory, log)
    kept = {"outcome": "unvouched", **SENT_NOTHING}
    given = {"all_the_same": 1}
    return told(
        "has someone post all the same where they may not",
        log,
        Step(bare, "post", kept, shown=TEAM, text="x", given=given),
        Step(bare, "post", kept, shown=TEAM, text="x"),
    )


def _hidden_directory() -> Scenario:
    log = record("Sample A", watched())
    more = grown(log.directory)
    more.add(ANN, "agency", [fresh("more", 16), "More", "other"])
    lie = replace(serve(log.directory, log), heads=[head(more, len(more.entries) - 1, JUST_NOW)])
    honest = replace(serve(more, log), heads=[*lie.heads, *heads(log)])
    refused = {"outcome": "InTrouble", **SENT_NOTHING}
    return told(
        "hides the newest of a directory that a witness has seen",
        log,
        look(lie, directory="HeldBack"),
        Step(lie, "post", refused, shown=TEAM, text="x"),
        look(honest, **READ_ALL),
    )


def _forked_directory() -> Scenario:
    """The witness was shown another directory: who works here is not the same for everyone."""
    log = record("Sample A", watched())
    other = grown(log.directory)
    other.entries.pop()
    other.add(ANN, "agency", [fresh("another", 16), "Another", "other"])
    served = serve(log.directory, log)
    lie = replace(served, heads=[head(other, len(other.entries) - 1, JUST_NOW)])
    return told(
        "shows a witness another directory than an author",
        log,
        look(lie, directory="ForkedLog"),
        Step(lie, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        look(replace(served, heads=heads(log)), directory="ForkedLog"),
        Step(served, "restart", {"directory": "ForkedLog"}),
    )


# Heads that are none.


def _heads() -> list[Scenario]:
    log = record("Sample A", watched())
    served, good = serve(log.directory, log), heads(log)
    kept = {"outcome": "unvouched", "trouble": "", **SENT_NOTHING, "posts": ALL}

    def case(name: str, *false: bytes) -> Scenario:
        """Nothing but a good head is one: with these, it is as if there were none."""
        lie = replace(served, heads=[good[0], *false])
        honest = replace(served, heads=good)
        sent = {"outcome": "", "sent": [["post"]]}
        return told(
            name,
            log,
            Step(lie, "post", kept, shown=TEAM, text="x"),
            Step(honest, "post", sent, shown=TEAM, text="x"),
        )

    last = len(log.entries) - 1
    old = head(log, last, LATE)
    return [
        case("signs a head itself", head(log, last, JUST_NOW, EVE)),
        case("has a colleague sign a head", head(log, last, JUST_NOW, CAS)),
        case("makes an old head look newer", _edited(old, 5, JUST_NOW)),
        case("gives the head of one log for another's", _edited(good[0], 2, log.log)),
        case(
            "gives the head of another practice", head(log, last, JUST_NOW, fingerprint=bytes(32))
        ),
        case("signs a head as something else", _signed_as(good[1], "msb/1/entry")),
        case("gives a head from far ahead", head(log, last, NOW + OLD_MS)),
        case("garbles heads", b"", b"\xff", encode([b"", bytes(64)]), bytes(900)),
        _forked(log),
        _ended(),
    ]


def _edited(data: bytes, item: int, value: Value) -> bytes:
    statement, signature = decode_array(data)
    assert isinstance(statement, bytes)
    items = decode_array(statement)
    return encode([encode([*items[:item], value, *items[item + 1 :]]), signature])


def _signed_as(data: bytes, label: str) -> bytes:
    statement, _ = decode_array(data)
    assert isinstance(statement, bytes)
    return encode([statement, sign(WIT.seed, label, statement)])


def _forked(log: StreamLog) -> Scenario:
    """The witness was shown another history than I am."""
    other = record("Sample A", log.directory)
    other.entries = other.entries[:6]
    other.add(ANN, "post", [0], words("Another history."))
    served = serve(log.directory, log)
    lie = replace(served, heads=[head(log.directory, 0, JUST_NOW), head(other, 6, JUST_NOW)])
    gone = {"trouble": "ForkedLog", "directory": ""}
    return told(
        "shows a witness another history than an author",
        log,
        look(lie, **gone),
        Step(lie, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        look(replace(served, heads=heads(log)), **gone),
        Step(served, "restart", gone),
        Step(served, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
    )


def _ended() -> Scenario:
    directory = watched()
    other = staff("Another witness")
    directory.add(ANN, "witness", [other.device, START])
    directory.add(ANN, "witness", [WIT.device, 0])
    log = record("Sample A", directory)
    lie = replace(serve(directory, log), heads=heads(log))
    kept = {"outcome": "unvouched", **SENT_NOTHING, "witness": "missing"}
    return told(
        "has a witness vouch that was ended",
        log,
        Step(lie, "post", kept, shown=TEAM, text="x"),
    )


# Who is a witness.


def _witnesses() -> list[Scenario]:
    directory = watched()
    log = record("Sample A", directory)

    def case(name: str, who: Staff, payload: list[Value], error: str) -> Scenario:
        lie = directory.then(who, "witness", payload)
        return denied(name, log, [*directory.raw, encode_entry(lie)], error)

    return [
        case("has a practitioner name a witness", CAS, [EVE.device, START], "NotAllowed"),
        case("has a practitioner end the witness", CAS, [WIT.device, 0], "NotAllowed"),
        case("makes a colleague's device the witness", ANN, [BEA.device, START], "BadKey"),
        case("ends a witness that is none", ANN, [EVE.device, 0], "NotAllowed"),
    ]


# A witness that lies may stop what it lies of, but only until a steward has ended it.


def _ended_liars() -> list[Scenario]:
    log = record("Sample A", watched())
    directory, last = log.directory, len(log.entries) - 1
    another, beyond = bytes(32), len(log.entries) + 1000
    newest = len(directory.entries) - 1
    return [
        _ended_liar("of another stream", log, head(log, last, JUST_NOW, head=Head(last, another)),
                    trouble="ForkedLog", directory=""),
        _ended_liar("of another directory", log,
                    head(directory, newest, JUST_NOW, head=Head(newest, another)),
                    directory="ForkedLog"),
        _ended_liar("of a stream that goes on", log,
                    head(log, last, JUST_NOW, head=Head(beyond, another)),
                    trouble="HeldBack", directory=""),
        _ended_liar("of a directory that goes on", log,
                    head(directory, newest, JUST_NOW, head=Head(beyond, another)),
                    directory="HeldBack"),
    ]  # fmt: skip


def _ended_liar(what: str, log: StreamLog, lie: bytes, **expect: Any) -> Scenario:
    """Nothing is sent to what it lies of, whatever it signs later, until it is ended."""
    honest = serve(log.directory, log)
    after = grown(log.directory)
    after.add(ANN, "witness", [WIT.device, 0])
    ended = replace(serve(after, log), heads=[lie])
    stopped = {**expect, "posts": ALL, **SENT_NOTHING}
    sent = {"outcome": "", "sent": [["post"]], "trouble": "", "directory": "", "witness": "none"}
    return told(
        f"has a witness tell {what}",
        log,
        look(replace(honest, heads=[lie]), **stopped),
        Step(honest, "post", {"outcome": "InTrouble", **SENT_NOTHING}, shown=TEAM, text="x"),
        Step(honest, "restart", stopped),
        look(ended, **READ_ALL),
        Step(ended, "restart", READ_ALL),
        Step(ended, "post", sent, shown=TEAM, text="x"),
    )


# Who removed someone is told while it is not certain.


def _still_reads() -> Scenario:
    log = record("Sample A", watched())
    earlier = heads(log)
    add_epoch(log, ANN, {ANN: "keeper", BEA: "follower"})
    unseen = replace(serve(log.directory, log), heads=earlier)
    seen = replace(unseen, heads=heads(log))
    return told(
        "keeps a removal from the witness",
        log,
        look(unseen, may_still_read=[[CAS.id, 1]], members=STAYED, trouble=""),
        look(seen, may_still_read=[], members=STAYED, trouble=""),
        look(with_log(log, log.raw), may_still_read=[], trouble=""),
        who=ANN,
    )
