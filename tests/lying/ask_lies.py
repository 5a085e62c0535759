"""Lies about who asks to follow, and why."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from microblog.protocol.ask import LIFE_MS, Asker, decode_ask, encode_ask, seal_reason, write_ask
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.primitives import sign
from tests.lying.scenario import NOW, Scenario, serve
from tests.lying.telling import WHY, look, record, told
from tests.vectors.practice import DirectoryLog, Staff, StreamLog, fresh
from tests.vectors.recorded import ANN, BEA, CAS, COUNCIL, DAN, EVE

REASON = "I am his school nurse."


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    return [_honest(), *_forged(), *_moved(), *_others(), *_settled()]


def _asker(log: StreamLog, **changes: Any) -> Asker:
    fingerprint = log.directory.entries[0].id
    return replace(Asker(fingerprint, log.log, DAN.id, DAN.device, NOW - 1000), **changes)


def _sealed(asker: Asker, keeper: Staff, reason: str = REASON) -> tuple[bytes, bytes]:
    return keeper.id, seal_reason(fresh(reason), asker, keeper.reading_key, reason)


def _ask(log: StreamLog, seed: bytes = DAN.seed, /, **changes: Any) -> bytes:
    asker = _asker(log, **changes)
    return write_ask(seed, asker, [_sealed(asker, ANN)])


def _lie(
    name: str, log: StreamLog, asks: Sequence[bytes], seen: Sequence[Any] = (), who: Staff = ANN
) -> Scenario:
    """A lie beside an honest stream, then the truth: Dan asks Ann, for a reason."""
    honest = serve(log.directory, log)
    truth = [[log.log, DAN.id, REASON]] if who is ANN else []
    return told(
        name,
        log,
        look(replace(honest, asks=asks), outcome="", trouble="", requests=list(seen)),
        look(replace(honest, asks=[_ask(log)]), outcome="", trouble="", requests=truth),
        who=who,
    )


def _honest() -> Scenario:
    log = record()
    asks = [_ask(log, time=NOW - 2000), _ask(log), _ask(log, time=NOW - 3000)]
    return _lie("requests old and new", log, asks, [[log.log, DAN.id, REASON]])


def _forged() -> list[Scenario]:
    log = record()
    asker, good = _asker(log), decode_ask(_ask(log))
    statement = decode_array(good.statement)
    later = encode([*statement[:5], NOW, statement[6]])
    resigned = replace(good, signature=sign(BEA.seed, "msb/1/ask", good.statement))

    def forged(name: str, **changes: Any) -> Scenario:
        return _lie(name, log, [encode_ask(replace(good, **changes))])

    return [
        forged("writes a reason", boxes=[_sealed(asker, ANN, "I am his father.")]),
        forged("exchanges the keepers of a reason", boxes=[(BEA.id, good.boxes[0][1])]),
        forged("makes a request look newer", statement=later),
        _lie("signs a request with another's key", log, [encode_ask(resigned)]),
        _lie("garbles requests", log, [b"", b"\xff", encode([b"", bytes(64), []]), bytes(900)]),
    ]


def _moved() -> list[Scenario]:
    directory = record().directory
    log, other = record("Sample A", directory), record("Sample B", directory)
    good = decode_ask(_ask(other))
    items = decode_array(good.statement)
    moved = encode([*items[:2], log.log, *items[3:]])
    practice = _ask(log, fingerprint=bytes(32))
    return [
        _lie("moves a request to another stream", log,
             [encode_ask(replace(good, statement=moved))]),
        _lie("shows a request to a stream that is not mine", log, [_ask(other)]),
        _lie("shows a request of another practice", log, [practice]),
    ]  # fmt: skip


def _others() -> list[Scenario]:
    log = record()
    stolen = decode_ask(_ask(log)).boxes
    theirs = write_ask(CAS.seed, _asker(log, person=CAS.id, device=CAS.device), stolen)
    stranger = _ask(log, EVE.seed, person=EVE.id, device=EVE.device)
    copied = _with_copied_reason()
    return [
        copied,
        _lie("has another ask with their device", log, [_ask(log, BEA.seed, device=BEA.device)]),
        _lie("has someone ask who never joined", log, [stranger]),
        _lie("has someone ask who is on the team", log, [theirs]),
        _lie("shows a request to who is no keeper", log, [_ask(log)], who=BEA),
    ]


def _with_copied_reason() -> Scenario:
    """Dan, of whom the server is a friend, asks with what Cas had sealed to Ann."""
    log = record()
    of_cas = _sealed(_asker(log, person=CAS.id, device=CAS.device), ANN, "Cas wrote this.")
    data = write_ask(DAN.seed, _asker(log), [of_cas])
    return _lie("puts another's reason into a request", log, [data], [[log.log, DAN.id, ""]])


def _settled() -> list[Scenario]:
    log = record()
    old = _ask(log, time=NOW - LIFE_MS)
    return [
        _lie("shows a request of long ago", log, [old]),
        _left(),
        _removed(),
    ]


def _left() -> Scenario:
    log = record()
    before, asks = serve(log.directory, log), [_ask(log)]
    gone = DirectoryLog()
    gone.entries = list(log.directory.entries)
    gone.add(ANN, "change", [DAN.id, COUNCIL, "practitioner", 1], ["Dan Example", "nurse"])
    after = serve(gone, log, asks=asks)
    return told(
        "shows a request by someone who has left",
        log,
        look(replace(before, asks=asks), requests=[[log.log, DAN.id, REASON]]),
        look(after, outcome="", trouble="", requests=[]),
        who=ANN,
    )


def _removed() -> Scenario:
    """Dan asked, was let in, and was taken off; the server shows what he asked once more."""
    log = record()
    early, late = (_ask(log, time=log.entries[-1].header.time + ms) for ms in (1, 10_000))
    log.add(ANN, "grant", [DAN.id, "follower"], WHY, boxes=log.boxes(0, [DAN]))
    log.add(
        ANN,
        "epoch",
        [log.commitment(1), sorted([[ANN.id, "keeper"], [BEA.id, "follower"],
                                    [CAS.id, "supervisor"]]), [], b""],
        log.history_of(1),
        boxes=sorted(log.boxes(1, [ANN, BEA, CAS])),
    )  # fmt: skip
    honest = serve(log.directory, log)
    return told(
        "shows what someone asked before they were taken off",
        log,
        look(replace(honest, asks=[early]), outcome="", trouble="", requests=[]),
        look(replace(honest, asks=[early, late]), requests=[[log.log, DAN.id, REASON]]),
        who=ANN,
    )
