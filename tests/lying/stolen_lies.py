"""What a thief and the server do together, with a stolen device's keys and all that was sent."""

from __future__ import annotations

from dataclasses import replace

from tests.lying.device_lies import another, link, rekey_payload, revoke
from tests.lying.scenario import Scenario, Step, serve
from tests.lying.telling import ALL, READ_ALL, TEAM, look, record, told
from tests.vectors.practice import START, Staff, StreamLog, fresh
from tests.vectors.recorded import ANN, BEA, CAS


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [_mine(), _a_colleagues(), _rekeyed_before(), _posts_on()]


def _lost(who: Staff, by: Staff) -> tuple[StreamLog, Staff]:
    """Return a log of which a device of someone's was stolen, and revoked, and the device."""
    stolen, log = another(who, "stolen"), record()
    link(log.directory, who, stolen)
    log = record("Sample A", log.directory)
    revoke(log.directory, by, stolen.device)
    return log, stolen


def _mine() -> Scenario:
    """A steward has revoked my laptop: my phone makes new keys, and all others are made by it."""
    log, stolen = _lost(BEA, ANN)
    served = serve(log.directory, log)
    kinds = [["rekey"], ["epoch"], ["post"]]
    safe = {"outcome": "", "sent": kinds, "stolen": 0, "readable_by": sorted([ANN.id, CAS.id])}
    lie = told(
        "steals a device of mine and keeps all that I send from then on",
        log,
        Step(served, "post", safe, shown=TEAM, text="x"),
    )
    return replace(lie, thief=stolen)


def _a_colleagues() -> Scenario:
    log, stolen = _lost(CAS, CAS)
    served = serve(log.directory, log)
    kinds = [["epoch"], ["post"]]
    safe = {"outcome": "", "sent": kinds, "stolen": 0, "readable_by": sorted([ANN.id, BEA.id])}
    lie = told(
        "steals a colleague's device and keeps all that I send from then on",
        log,
        Step(served, "post", safe, shown=TEAM, text="x"),
    )
    return replace(lie, thief=stolen)


def _rekeyed_before() -> Scenario:
    """Their next key is there already: they read on, and the thief does not."""
    log, stolen = _lost(CAS, CAS)
    secret = fresh("Cas's next reading key")
    log.directory.add(CAS, "rekey", rekey_payload(log.directory, secret, CAS))
    served = serve(log.directory, log)
    safe = {"outcome": "", "sent": [["epoch"], ["post"]], "stolen": 0, "boxes": 3}
    lie = told(
        "steals a device and keeps its person's next reading key too",
        log,
        Step(served, "post", safe, shown=TEAM, text="x"),
    )
    return replace(lie, thief=stolen)


def _posts_on() -> Scenario:
    """The thief posts on; what they posted before anyone knew stands, in doubt."""
    stolen, log = another(CAS, "stolen"), record()
    link(log.directory, CAS, stolen)
    log = record("Sample A", log.directory)
    older = log.directory.entries[-1]
    before = serve(log.directory, log)
    revoke(log.directory, CAS, stolen.device, START)
    view = {"directory_seq": older.header.seq, "directory_head": older.id}
    log.add(stolen, "post", [0], b"\x85" + bytes(8), **view)
    stands = {"trouble": "", "posts": [*ALL, [7, "void", ""]], "doubtful": [7]}
    lie = told(
        "has a stolen device post rubbish before its loss is known",
        log,
        look(before, **READ_ALL),
        look(serve(log.directory, log), **stands),
    )
    return replace(lie, thief=stolen)
