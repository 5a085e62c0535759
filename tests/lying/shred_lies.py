"""Lies about what was destroyed for good, and who may have it destroyed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.shred import WAIT_MS, Reason, encode_reason
from tests.lying.device_lies import another, link, revoke
from tests.lying.scenario import Scenario, Step, replaced, serve
from tests.lying.telling import (
    ALL,
    EVERYONE,
    READ_ALL,
    add_epoch,
    look,
    record,
    stopped,
    told,
    with_log,
    words,
)
from tests.vectors.practice import START
from tests.vectors.recorded import ANN, BEA, CAS, DAN, WHY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.vectors.practice import Staff, StreamLog

LATER = START + WAIT_MS + 60_000
REASON = encode_reason(Reason("", "kept long enough"))
#: Ann proposes to destroy Cas's post, in entry 7.
SEQ, PROPOSAL = 5, 7


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_alone(), *_held(), *_words(), *_bundles()]


def propose(log: StreamLog, who: Staff = ANN, seqs: Sequence[int] = (SEQ,)) -> Entry:
    """Have a keeper propose to destroy something."""
    return log.add(who, "shred", [list(seqs), b""], REASON)


def second(log: StreamLog, who: Staff = CAS, seqs: Sequence[int] = (SEQ,)) -> Entry:
    """Have a supervisor second it, after fourteen days."""
    return log.add(who, "shred", [list(seqs), log.entries[PROPOSAL].id], REASON, time=LATER)


# By whom, and when.


def _alone() -> list[Scenario]:
    log = record()
    proposal = propose(log)
    own = another(ANN)
    link(log.directory, ANN, own)

    def case(name: str, who: Staff, payload: list[Any], time: int = LATER) -> Scenario:
        lie = log.then(who, "shred", payload, REASON, time=time)
        return stopped(name, log, [*log.raw, encode_entry(lie)], "NotAllowed", 3)

    named, other = [[SEQ], proposal.id], _other_stream()
    return [
        case("has one keeper destroy alone", ANN, named),
        case("has a keeper's second device second what they proposed", own, named),
        case("destroys at once what was proposed", CAS, named, START + WAIT_MS),
        case("has a follower second what was proposed", BEA, named),
        case("has a follower propose to destroy", BEA, [[SEQ], b""]),
        case("has a supervisor propose and another keeper second", CAS, [[SEQ], b""]),
        case("seconds more than was proposed", CAS, [[SEQ, 6], proposal.id]),
        case("seconds something else than was proposed", CAS, [[6], proposal.id]),
        case("seconds what nobody proposed", CAS, [[SEQ], bytes(32)]),
        case("seconds what was proposed for another child", CAS, [[SEQ], other]),
        case("proposes to destroy what is yet to come", ANN, [[99], b""]),
        _twice(),
        _by_someone_lost(),
    ]


def _other_stream() -> bytes:
    log = record("Sample B")
    return propose(log).id


def _twice() -> Scenario:
    log = record()
    propose(log)
    second(log)
    lie = log.then(CAS, "shred", [[SEQ], log.entries[PROPOSAL].id], REASON, time=LATER)
    posts = [ALL[0], [SEQ, "destroyed", ""], ALL[2]]
    wrong = with_log(log, [*log.raw, encode_entry(lie)])
    return told(
        "uses one proposal twice",
        log,
        look(wrong, trouble="NotAllowed", posts=posts),
        look(serve(log.directory, log), trouble="", posts=posts),
    )


def _by_someone_lost() -> Scenario:
    """Cas's stolen device seconds, and the server looks away."""
    stolen, log = another(CAS), record()
    link(log.directory, CAS, stolen)
    propose(log)
    revoke(log.directory, CAS, stolen.device)
    lie = log.then(stolen, "shred", [[SEQ], log.entries[PROPOSAL].id], REASON, time=LATER)
    return stopped("has a stolen device second what was proposed", log,
                   [*log.raw, encode_entry(lie)], "UnknownDevice", 3)  # fmt: skip


# Under a hold.


def _held() -> list[Scenario]:
    log = record()
    propose(log)
    log.add(ANN, "hold", [1], WHY)

    def case(name: str, who: Staff, kind: str, payload: list[Any], plain: bytes) -> Scenario:
        lie = log.then(who, kind, payload, plain)
        return stopped(name, log, [*log.raw, encode_entry(lie)], "NotAllowed", 3)

    lifted = record()
    propose(lifted)
    lifted.add(ANN, "hold", [1], WHY)
    lifted.add(ANN, "hold", [0], WHY)
    late = [[SEQ], lifted.entries[PROPOSAL].id]
    back = lifted.then(CAS, "shred", late, REASON, time=LATER)
    return [
        case("destroys under a hold", CAS, "shred", [[SEQ], log.entries[PROPOSAL].id], REASON),
        case("proposes to destroy under a hold", ANN, "shred", [[SEQ], b""], REASON),
        case("erases under a hold", CAS, "withdraw", [SEQ, 1], WHY),
        case("has a follower lift a hold", BEA, "hold", [0], WHY),
        stopped("goes on after a hold as if nothing had been taken back", lifted,
                [*lifted.raw, encode_entry(back)], "NotAllowed", 3),
    ]  # fmt: skip


# What becomes of the words.


def _words() -> list[Scenario]:
    log = record()
    bare = encode([*decode_array(log.raw[SEQ])[:2], b"", b"", []])
    gone = [ALL[0], [SEQ, "destroyed", ""], ALL[2]]
    raw = log.raw
    propose(log)
    second(log)
    withheld = [ALL[0], [SEQ, "withheld", ""], ALL[2]]
    only_proposed = record()
    propose(only_proposed)
    proposed = replaced(only_proposed.raw, SEQ, bare)
    returned = with_log(log, [*raw, *log.raw[PROPOSAL:]])
    emptied = with_log(log, replaced(log.raw, SEQ, bare))
    return [
        told(
            "pretends that something was destroyed",
            log,
            look(with_log(log, replaced(raw, SEQ, bare)), trouble="", posts=withheld),
            look(emptied, trouble="", posts=gone),
        ),
        told(
            "destroys what was only proposed",
            only_proposed,
            look(with_log(only_proposed, proposed), trouble="", posts=withheld),
            look(serve(only_proposed.directory, only_proposed), **READ_ALL),
        ),
        told(
            "brings back what was destroyed",
            log,
            look(with_log(log, raw), posts=ALL),
            look(returned, trouble="", posts=gone),
            Step(returned, "restart", {"trouble": "", "posts": gone}),
        ),
        told(
            "shows a newcomer what was destroyed",
            log,
            look(returned, trouble="", posts=gone),
            look(emptied, trouble="", posts=gone),
        ),
    ]


# What can never be destroyed.


def _bundles() -> list[Scenario]:
    """Two who may destroy name the entry by which newcomers read: it stays."""
    log = record()
    add_epoch(log, ANN, EVERYONE)
    log.add(ANN, "shred", [[0, 7], b""], REASON)
    log.add(CAS, "shred", [[0, 7], log.entries[8].id], REASON, time=LATER)
    log.add(ANN, "grant", [DAN.id, "follower"], WHY, boxes=log.boxes(1, [DAN]), time=LATER)
    log.add(CAS, "post", [0], words("After."), time=LATER)
    honest = serve(log.directory, log)
    newest = {log.log: {1: log.boxes(1, [ANN, BEA, CAS, DAN])}}
    return [
        told(
            "has a history bundle destroyed",
            log,
            look(replace(honest, boxes=newest), trouble="",
                 posts=[*ALL, [11, "shown", "After."]]),
            who=DAN,
        )
    ]  # fmt: skip
