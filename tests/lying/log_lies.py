"""Lies about whole logs: the directory, and what was seen before."""

from dataclasses import replace

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import (
    DIRECTORY,
    Entry,
    encode_entry,
    sign_entry,
)
from tests.lying.scenario import Scenario, Served, Step, replaced, serve
from tests.lying.telling import (
    ALL,
    READ_ALL,
    SENT_NOTHING,
    TEAM,
    denied,
    look,
    record,
    stopped,
    told,
    with_log,
    words,
)
from tests.vectors.practice import DirectoryLog, Staff, fresh, staff
from tests.vectors.recorded import (
    ANN,
    BEA,
    CAS,
    COUNCIL,
    EVE,
    invite_payload,
    invite_seed,
)


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [*_directories(), *_histories()]


def _directories() -> list[Scenario]:
    log = record()
    raw, honest = log.directory.raw, serve(log.directory, log)
    last = len(raw) - 1

    mine = _joined_as(log.directory, EVE)
    impostor = DirectoryLog()
    impostor.add(
        EVE, "found", ["Westmere", EVE.id, *EVE.keys], ["Ann Example", "manager", "laptop"]
    )
    return [
        denied("shows a false practice", log, impostor.raw, "BrokenChain"),
        denied("swaps a joiner's keys", log, replaced(raw, 6, mine), "BadInvitation"),
        denied("swaps a joiner's reading key", log,
               replaced(raw, 6, _other_reading(log.directory)), "NotAuthentic"),
        denied("lets someone join uninvited", log,
               [*raw, encode_entry(_uninvited(log.directory))], "BadInvitation"),
        denied("drops an entry of the directory", log, [*raw[:3], *raw[4:]], "BrokenChain"),
        denied("makes someone a steward", log,
               [*raw, encode_entry(_promoted(log.directory))], "NotAllowed"),
        denied("registers a key again", log,
               [*raw, encode_entry(_same_key(log.directory))], "BadKey"),
        told(
            "a directory that goes back",
            log,
            look(honest, **READ_ALL),
            look(
                replace(honest, logs={**honest.logs, DIRECTORY: raw[:last]}), directory="RolledBack"
            ),
            look(honest, directory="RolledBack"),
            Step(honest, "restart", {"directory": "RolledBack"}),
        ),
    ]  # fmt: skip


def _joined_as(directory: DirectoryLog, who: Staff) -> bytes:
    """Return Bea's join with someone else's keys, signed by them."""
    bea = directory.entries[6]
    payload = [*bea.header.payload[:2], *who.keys]
    header = replace(bea.header, device=who.device, payload=payload)
    return encode_entry(sign_entry(header, who.seed, bea.salt, bea.body, ()))


def _other_reading(directory: DirectoryLog) -> bytes:
    bea = directory.entries[6]
    header = decode_array(bea.raw_header)
    header[13] = [*bea.header.payload[:3], EVE.keys[1]]
    return encode([encode(header), *decode_array(encode_entry(bea))[1:]])


def _uninvited(directory: DirectoryLog) -> Entry:
    payload = directory.join_payload(directory.entries[5], invite_seed(EVE), EVE)
    return directory.then(EVE, "join", payload, ["phone"])


def _promoted(directory: DirectoryLog) -> Entry:
    return directory.then(CAS, "change", [CAS.id, COUNCIL, "steward", 0], ["x", "y"])


def _same_key(directory: DirectoryLog) -> Entry:
    payload = invite_payload(directory, staff("Frank"), "practitioner", COUNCIL)
    return directory.then(ANN, "invite", [*payload[:4], BEA.device, b""], ["x", "y"])


def _histories() -> list[Scenario]:
    log = record()
    honest = serve(log.directory, log)
    other = record()
    other.entries = other.entries[:6]
    other.add(ANN, "post", [0], words("Another history."))
    forked = serve(log.directory, other)
    shorter = with_log(log, log.raw[:6])
    gone = {"trouble": "RolledBack", "posts": ALL}
    vanished = replace(honest, logs={DIRECTORY: log.directory.raw}, boxes={})

    def sticks(name: str, lie: Served) -> Scenario:
        refused = {"outcome": "InTrouble", **SENT_NOTHING}
        return told(
            name,
            log,
            look(honest, **READ_ALL),
            look(lie, **gone),
            look(honest, **gone),
            Step(honest, "restart", gone),
            Step(honest, "post", refused, shown=TEAM, text="x"),
        )

    return [
        sticks("cuts off the newest entry", shorter),
        sticks("shows another history", forked),
        sticks("hides a whole stream", vanished),
        _stale_view(),
        _forked_view(),
        _view_to_come(),
    ]


def _stale_view() -> Scenario:
    log = record()
    older = log.directory.entries[-2]
    view = {"directory_seq": older.header.seq, "directory_head": older.id}
    stale = log.then(CAS, "post", [0], words("x"), **view)
    return stopped(
        "uses an older directory", log, [*log.raw, encode_entry(stale)], "StaleDirectory", 3
    )


def _forked_view() -> Scenario:
    log = record()
    forked = log.then(CAS, "post", [0], words("x"), directory_head=fresh("another"))
    return stopped(
        "shows two directories", log, [*log.raw, encode_entry(forked)], "ForkedDirectory", 3
    )


def _view_to_come() -> Scenario:
    log = record()
    ahead = log.then(CAS, "post", [0], words("x"), directory_seq=99)
    return stopped(
        "hides the newest directory", log, [*log.raw, encode_entry(ahead)], "DirectoryBehind", 3
    )
