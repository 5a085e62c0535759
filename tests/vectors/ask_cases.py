"""Vectors of follow slips and of requests to follow."""

from dataclasses import fields, replace
from typing import Any

from microblog.protocol.ask import (
    MAX_ASK_BYTES,
    MAX_KEEPERS,
    MAX_REASON,
    REASON_BYTES,
    SEALED_BYTES,
    Asker,
    seal_reason,
    write_ask,
)
from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import encode_entry
from microblog.protocol.primitives import hash_labelled, pad, seal_box, sign
from tests.vectors.case import Case, Upto
from tests.vectors.device_cases import HOUR, Longer
from tests.vectors.practice import START, DirectoryLog, Staff, StreamLog, fresh
from tests.vectors.recorded import ANN, BEA, CAS, COUNCIL, DAN, EVE, SCHOOL

REASON = "I am his class teacher."
SEED = fresh("ask seed")


def cases(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    asker = Asker(directory.entries[0].id, stream.log, DAN.id, DAN.device, START + 99_000)
    return [
        *_slips(asker),
        *_reasons(asker),
        *_written(asker),
        *_shapes(asker),
        *_verdicts(directory, asker),
        *_changed(directory, asker),
        *_devices(directory, asker),
    ]


def _record(asker: Asker) -> dict[str, Any]:
    return {item.name: getattr(asker, item.name) for item in fields(asker)}


def _sealed(asker: Asker, keeper: Staff) -> tuple[bytes, bytes]:
    seed = fresh(f"reason for {keeper.id.hex()}")
    return keeper.id, seal_reason(seed, asker, keeper.reading_key, REASON)


def _ask(asker: Asker, seed: bytes = DAN.seed) -> bytes:
    return write_ask(seed, asker, [_sealed(asker, ANN), _sealed(asker, CAS)])


def _slips(asker: Asker) -> list[Case]:
    good = encode_base64url(asker.log + asker.fingerprint)

    def read(name: str, error: str, fragment: str) -> Case:
        return Case(name, "ask.decode_slip", [fragment, asker.fingerprint], error)

    return [
        Case("a slip", "ask.encode_slip", [asker.log, asker.fingerprint]),
        read("read a slip", "", good),
        read("a slip cut off", "Malformed", good[:-4]),
        read("a slip with more", "Malformed", good + "AAAA"),
        read("a slip mistyped", "Malformed", good[:-1] + "="),
        read("no slip", "Malformed", ""),
        read("a slip of another practice", "WrongLog", encode_base64url(asker.log + bytes(32))),
    ]


def _reasons(asker: Asker) -> list[Case]:
    def seal(name: str, error: str, reason: str) -> Case:
        given = [SEED, _record(asker), ANN.reading_key, reason]
        return Case(name, "ask.seal_reason", given, error)

    def read(name: str, error: str, sealed: bytes, of: Asker = asker, by: Staff = ANN) -> Case:
        given = [by.reading_secret, _record(of), sealed]
        return Case(name, "ask.open_reason", given, error)

    def made(*items: Any, block: int = REASON_BYTES) -> bytes:
        return seal_box(SEED, ANN.reading_key, pad(encode(list(items)), block))

    _, good = _sealed(asker, ANN)
    start = ("msb/1/ask-reason", asker.log, asker.person)
    return [
        seal("seal a reason", "", REASON),
        seal("seal no reason", "", ""),
        seal("seal the longest reason", "", "\U0001f600" * MAX_REASON),
        seal("seal a reason too long", "Malformed", "a" * (MAX_REASON + 1)),
        seal("seal half a letter", "Malformed", "\ud83d"),
        read("open a reason", "", good),
        read("open a reason with more after it", "", made(*start, REASON, 7)),
        read("open a reason with another's key", "Unreadable", good, by=CAS),
        read("open a reason for another stream", "Unreadable", good, replace(asker, log=bytes(16))),
        read("open another's reason", "Unreadable", good, replace(asker, person=BEA.id)),
        read("open a reason one bit off", "Unreadable", good[:-1] + bytes([good[-1] ^ 1])),
        read("open a reason too long", "Unreadable", made(*start, "a" * (MAX_REASON + 1))),
        read("open a reason that is a number", "Unreadable", made(*start, 7)),
        read("open a reason that is missing", "Unreadable", made(*start)),
        read("open what else was sealed", "Unreadable", made("msb/1/why", REASON, b"", b"")),
        read("open a reason of another size", "Unreadable", made(*start, REASON, block=512)),
        read("open what is no array", "Unreadable",
             seal_box(SEED, ANN.reading_key, pad(encode(7), REASON_BYTES))),
    ]  # fmt: skip


def _written(asker: Asker) -> list[Case]:
    some = [bytes(SEALED_BYTES)]

    def write(name: str, error: str, boxes: Any) -> Case:
        return Case(name, "ask.write_ask", [DAN.seed, _record(asker), boxes], error)

    return [
        write("ask two keepers", "", [list(_sealed(asker, ANN)), list(_sealed(asker, CAS))]),
        write("ask them the other way round", "",
              [list(_sealed(asker, CAS)), list(_sealed(asker, ANN))]),
        write("ask nobody", "Malformed", []),
        write("ask someone twice", "Malformed", [[ANN.id, *some], [ANN.id, *some]]),
        write("ask with a reason cut off", "Malformed", [[ANN.id, bytes(SEALED_BYTES - 1)]]),
    ]  # fmt: skip


def _shapes(asker: Asker) -> list[Case]:
    statement, signature, boxes = _parts(_ask(asker))
    items = decode_array(statement)

    def decode(name: str, error: str, *parts: Any) -> Case:
        return Case(name, "ask.decode_ask", [encode(list(parts))], error)

    def says(name: str, error: str, said: Any) -> Case:
        return decode(name, error, encode(said), signature, boxes)

    return [
        decode("read a request", "", statement, signature, boxes),
        Case("a request as it travels", "ask.encode_ask", [_ask(asker)]),
        decode("a request with more", "Malformed", statement, signature, boxes, 0),
        decode("a request without reasons", "Malformed", statement, signature),
        decode("a statement that is text", "Malformed", "statement", signature, boxes),
        decode("a statement that is nothing", "Malformed", b"", signature, boxes),
        decode("a short signature", "Malformed", statement, signature[1:], boxes),
        decode("reasons out of order", "Malformed", statement, signature, boxes[::-1]),
        decode("a reason twice", "Malformed", statement, signature, [boxes[0], boxes[0]]),
        decode("a reason for no person", "Malformed", statement, signature, [[b"", boxes[0][1]]]),
        decode("a reason with more", "Malformed", statement, signature, [[*boxes[0], 0]]),
        says("a request of another version", "TooNew", ["msb/2/ask", *items[1:]]),
        says("a request of no version", "Malformed", [7, *items[1:]]),
        says("a statement with more", "Malformed", [*items, 0]),
        *(says(f"a statement with item {n} wrong", "Malformed",
               [*items[:n], b"", *items[n + 1 :]]) for n in range(1, 7)),
        Case("a request too long", "ask.decode_ask", [bytes(MAX_ASK_BYTES + 1)], "Malformed"),
        Case("a request of no bytes", "ask.decode_ask", [b""], "Malformed"),
    ]  # fmt: skip


def _verdicts(directory: DirectoryLog, asker: Asker) -> list[Case]:
    everyone = Upto("directory", len(directory.entries))
    leaving = directory.then(
        ANN, "change", [DAN.id, COUNCIL, "practitioner", 1], ["Dan Example", "x"]
    )
    without = Upto("directory", len(directory.entries), [encode_entry(leaving)])
    joined = next(e.header.seq for e in directory.entries if e.header.author == DAN.id)

    def verify(
        name: str, error: str, raw: bytes, log: bytes = asker.log, then: Upto = everyone
    ) -> Case:
        return Case(name, "ask.verify_ask", [then, raw, log], error)

    crowd = [(number.to_bytes(16, "big"), bytes(SEALED_BYTES)) for number in range(MAX_KEEPERS)]
    most = write_ask(DAN.seed, asker, crowd)
    statement, signature, boxes = _parts(most)
    more = encode([statement, signature, [*boxes, [b"\1" * 16, bytes(SEALED_BYTES)]]])
    stranger = replace(asker, person=EVE.id, device=EVE.device)
    return [
        verify("a good request", "", _ask(asker)),
        verify("a request to two hundred", "", most),
        verify("a request to one too many", "Malformed", more),
        verify("a request for another practice", "ForkedDirectory",
               _ask(replace(asker, fingerprint=bytes(32)))),
        verify("a request on another stream", "WrongLog", _ask(asker), log=fresh("other", 16)),
        verify("a request with another's device", "UnknownDevice",
               _ask(replace(asker, device=BEA.device), BEA.seed)),
        verify("a request in another's name", "UnknownDevice",
               _ask(replace(asker, person=BEA.id))),
        verify("a request by who never joined", "UnknownDevice", _ask(stranger, EVE.seed)),
        verify("a request by who has left", "UnknownDevice", _ask(asker), then=without),
        verify("a request by who has not joined yet", "UnknownDevice", _ask(asker),
               then=Upto("directory", joined)),
        verify("a request signed by another", "NotAuthentic", _ask(asker, BEA.seed)),
    ]  # fmt: skip


def _changed(directory: DirectoryLog, asker: Asker) -> list[Case]:
    everyone = Upto("directory", len(directory.entries))
    statement, signature, boxes = _parts(_ask(asker))
    forged = seal_reason(SEED, asker, ANN.reading_key, "I am nobody.")
    swapped = [[boxes[0][0], boxes[1][1]], [boxes[1][0], boxes[0][1]]]
    items = decode_array(statement)
    later = encode([*items[:5], START, items[6]])
    moved = encode([*items[:2], fresh("other", 16), *items[3:]])
    unlabelled = sign(DAN.seed, "msb/1/login", statement)
    loose = encode([*items[:6], hash_labelled("msb/1/ask", encode(boxes))])

    def verify(name: str, *parts: Any, log: bytes = asker.log) -> Case:
        given = [everyone, encode(list(parts)), log]
        return Case(name, "ask.verify_ask", given, "NotAuthentic")

    return [
        verify("a reason put in its place", statement, signature,
               [[keeper, forged] for keeper, _ in boxes[:1]] + boxes[1:]),
        verify("two reasons exchanged", statement, signature, swapped),
        verify("a keeper left out", statement, signature, boxes[:1]),
        verify("a keeper put in", statement, signature,
               sorted([*boxes, [SCHOOL, bytes(SEALED_BYTES)]])),
        verify("another time", later, signature, boxes),
        verify("moved to another stream", moved, signature, boxes, log=fresh("other", 16)),
        verify("a signature for something else", statement, unlabelled, boxes),
        verify("a hash for something else", loose, sign(DAN.seed, "msb/1/ask", loose), boxes),
    ]  # fmt: skip


def _devices(directory: DirectoryLog, asker: Asker) -> list[Case]:
    """Requests with a device that is over at some time, and one that was revoked."""
    log = Longer(directory)
    until = log.now + HOUR
    laptop = Staff(DAN.id, fresh("Dan's laptop"), fresh("Dan's box"), DAN.reading_secret)
    log.let_in(laptop, by=DAN, until=until)

    def verify(name: str, error: str, device: Staff, time: int) -> Case:
        seen = list(map(encode_entry, log.entries[log.recorded :]))
        ask = _ask(replace(asker, device=device.device, time=time), device.seed)
        given = [Upto("directory", log.recorded, seen), ask, asker.log]
        return Case(name, "ask.verify_ask", given, error)

    found = [
        verify("a request with a second device", "", laptop, until),
        verify("a request with a device after its end", "UnknownDevice", laptop, until + 1),
    ]
    log.revoke(laptop, DAN)
    return [
        *found,
        verify("a request with a revoked device", "UnknownDevice", laptop, START),
        verify("a request by who lost another", "", DAN, START),
    ]


def _parts(raw: bytes) -> Any:
    return decode_array(raw)
