"""Vectors of heads that witnesses sign."""

from typing import Any

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import encode_entry
from microblog.protocol.log import Head
from microblog.protocol.primitives import sign, signing_key
from microblog.protocol.witness import MAX_HEAD_BYTES, Sighting, write_head
from tests.vectors.case import Case, Upto
from tests.vectors.practice import START, DirectoryLog, StreamLog, fresh
from tests.vectors.recorded import ANN

SEED, OTHER = fresh("a witness"), fresh("another witness")
TIME = START + 10**6


def cases(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    newest = stream.entries[-1]
    head = Head(newest.header.seq, newest.id)
    sighting = Sighting(directory.entries[0].id, stream.log, head, TIME)
    return [*_written(sighting), *_shapes(sighting), *_verdicts(directory, sighting)]


def _record(sighting: Sighting, **changes: Any) -> dict[str, Any]:
    fields = {"fingerprint": sighting.fingerprint, "log": sighting.log, "seq": sighting.head.seq,
              "id": sighting.head.id, "time": sighting.time}  # fmt: skip
    return {**fields, **changes}


def _written(sighting: Sighting) -> list[Case]:
    def write(name: str, error: str = "", **changes: Any) -> Case:
        return Case(name, "witness.write_head", [SEED, _record(sighting, **changes)], error)

    return [
        write("a head"),
        write("a head of the directory", log=bytes(16), seq=0),
        write("the furthest head", seq=2**53 - 1, time=2**53 - 1),
        write("a head beyond that", "Malformed", seq=2**53),
        write("a head with a short id", "Malformed", id=bytes(31)),
        write("a head of a short log", "Malformed", log=bytes(15)),
        write("a head of a long fingerprint", "Malformed", fingerprint=bytes(33)),
    ]


def _shapes(sighting: Sighting) -> list[Case]:
    good = write_head(SEED, sighting)
    statement, signature = decode_array(good)
    items = decode_array(statement)  # type: ignore[arg-type]

    def decode(name: str, error: str, *parts: Any) -> Case:
        return Case(name, "witness.decode_head", [encode(list(parts))], error)

    def says(name: str, error: str, said: Any) -> Case:
        return decode(name, error, encode(said), signature)

    return [
        decode("read a head", "", statement, signature),
        decode("a head with more", "Malformed", statement, signature, 0),
        decode("a head without a signature", "Malformed", statement),
        decode("a head with a short signature", "Malformed", statement, signature[1:]),  # type: ignore[index]
        decode("a head that says text", "Malformed", "statement", signature),
        decode("a head that says nothing", "Malformed", b"", signature),
        says("a head of another version", "TooNew", ["msb/2/head", *items[1:]]),
        says("a head of no version", "Malformed", [7, *items[1:]]),
        says("another thing that was signed", "TooNew", ["msb/1/login", *items[1:]]),
        says("a head that says more", "Malformed", [*items, 0]),
        says("a head that says less", "Malformed", items[:-1]),
        *(says(f"a head with item {n} wrong", "Malformed", [*items[:n], "", *items[n + 1 :]])
          for n in range(1, 6)),
        says("a head that says no items", "Malformed", []),
        Case("a head as long as may be", "witness.decode_head", [bytes(MAX_HEAD_BYTES)],
             "Malformed"),
        *(Case(f"{name} of a witness", "number", ["witness", name]) for name in
          ("LATE_MS", "OLD_MS", "MAX_HEADS")),
        Case("a head too long", "witness.decode_head", [bytes(MAX_HEAD_BYTES + 1)], "Malformed"),
        Case("a head of no bytes", "witness.decode_head", [b""], "Malformed"),
        Case("a head cut off", "witness.decode_head", [good[:-1]], "Malformed"),
    ]  # fmt: skip


def _verdicts(directory: DirectoryLog, sighting: Sighting) -> list[Case]:
    good, fingerprint = write_head(SEED, sighting), sighting.fingerprint
    key, other = signing_key(SEED), signing_key(OTHER)
    statement = decode_array(good)[0]
    lifted = encode([statement, sign(SEED, "msb/1/login", statement)])  # type: ignore[arg-type]
    foreign = write_head(SEED, Sighting(bytes(32), sighting.log, sighting.head, sighting.time))
    flipped = good[:-1] + bytes([good[-1] ^ 1])

    def verify(name: str, error: str, raw: bytes, by: bytes = key) -> Case:
        return Case(name, "witness.verify_head", [raw, by, fingerprint], error)

    directories = _directories(directory, key, other)

    def find(name: str, error: str, raw: bytes, which: str = "both") -> Case:
        return Case(name, "witness.find_witness", [directories[which], raw], error)

    return [
        verify("a good head", "", good),
        verify("a head by another", "NotAuthentic", good, other),
        verify("a head one bit off", "NotAuthentic", flipped),
        verify("a signature of another purpose", "NotAuthentic", lifted),
        verify("a head of another practice", "ForkedDirectory", foreign),
        find("the witness of a head", "", good),
        find("the other witness of a head", "", write_head(OTHER, sighting)),
        find("a head whose witness is not named", "NotAuthentic", good, "none"),
        find("a head whose witness was ended", "NotAuthentic", good, "ended"),
        find("a head of a witness that is left", "", write_head(OTHER, sighting), "ended"),
        find("a head by a steward's device", "NotAuthentic", write_head(ANN.seed, sighting)),
        find("a head for another practice", "ForkedDirectory", foreign),
        *(Case(f"good witnesses: {which}", "witness.good_witnesses", [entries])
          for which, entries in directories.items()),
    ]  # fmt: skip


def _directories(log: DirectoryLog, key: bytes, other: bytes) -> dict[str, Upto]:
    longer = DirectoryLog()
    longer.entries = list(log.entries)
    for payload in ([key, START], [other, START + 1], [key, 0]):
        longer.add(ANN, "witness", payload, [])
    count = len(log.entries)
    made = list(map(encode_entry, longer.entries[count:]))
    return {
        "none": Upto("directory", count),
        "both": Upto("directory", count, made[:2]),
        "ended": Upto("directory", count, made),
    }
