"""Vectors of the limits: each at its last good value and one past it."""

from typing import Any

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import (
    MAX_BODY_BYTES,
    MAX_BOX_BYTES,
    MAX_ENTRY_BYTES,
    MAX_PAYLOAD_BYTES,
    Header,
    encode_entry,
)
from microblog.protocol.stream import MAX_FOLLOWERS
from tests.vectors.case import Case, Upto
from tests.vectors.practice import DirectoryLog, StreamLog
from tests.vectors.recorded import ANN, BEA, CAS, DAN, WHY


def entry_cases(stream: StreamLog) -> list[Case]:
    """Return the limits of an entry's bytes."""
    parts: Any = decode_array(encode_entry(stream.entries[6]))
    header: Any = decode_array(parts[0])

    def decode(name: str, error: str, payload: int = 0, body: int = 0, box: Any = ()) -> Case:
        long = encode([*header[:13], [bytes(payload)]])
        raw = encode([long, parts[1], bytes(body), parts[3], [[BEA.id, bytes(n)] for n in box]])
        return Case(name, "entry.decode_entry", [raw], error)

    longest = MAX_PAYLOAD_BYTES - len(encode([bytes(1000)])) + 1000
    return [
        decode("the longest payload", "", payload=longest),
        decode("a payload one byte longer", "Malformed", payload=longest + 1),
        decode("the longest body", "", body=MAX_BODY_BYTES),
        decode("a body one byte longer", "Malformed", body=MAX_BODY_BYTES + 1),
        decode("the shortest box", "", box=[48]),
        decode("the longest box", "", box=[MAX_BOX_BYTES]),
        *_long_entries(parts, header),
        *_plaintexts(stream),
    ]


def _long_entries(parts: Any, header: Any) -> list[Case]:
    boxes: list[Value] = [
        [number.to_bytes(16, "big"), bytes(MAX_BOX_BYTES)] for number in range(1, 101)
    ]

    def entry(filling: int) -> bytes:
        long = encode([*header[:13], [bytes(filling)]])
        return encode([long, parts[1], bytes(MAX_BODY_BYTES), parts[3], boxes])

    # Between the two fillings no length needs a byte more.
    filling = 1000 + MAX_ENTRY_BYTES - len(entry(1000))
    longest, longer = entry(filling), entry(filling + 1)
    assert (len(longest), len(longer)) == (MAX_ENTRY_BYTES, MAX_ENTRY_BYTES + 1)
    return [
        Case("the longest entry", "entry.decode_entry", [longest]),
        Case("an entry one byte longer", "entry.decode_entry", [longer], "Malformed"),
    ]


def _plaintexts(stream: StreamLog) -> list[Case]:
    keys, randoms = [BEA.seed, stream.secrets[-1]], [bytes(range(32)), bytes(range(24))]

    def write(name: str, error: str, kind: str, plain: bytes) -> Case:
        header = stream.header(BEA, kind, [0], epoch=3)
        fields = {field: getattr(header, field) for field in Header.__slots__}
        given = [fields, keys, randoms, plain, []]
        return Case(name, "entry.write_sealed_entry", given, error)

    words = encode(["a" * 2043])
    return [
        write("write the longest plaintext", "", "post", bytes(2047)),
        write("write a plaintext one byte longer", "Malformed", "post", bytes(2048)),
        write("write a history one byte longer", "", "epoch", bytes(2048)),
        Case("open the longest plaintext", "entry.open_body",
             [encode_entry(stream.then(BEA, "post", [0], words)), stream.secrets[-1]]),
    ]  # fmt: skip


def stream_cases(directory: DirectoryLog, stream: StreamLog) -> list[Case]:
    """Return the limit of how many may follow."""
    everyone = Upto("directory", len(directory.entries))
    whole = Upto("stream", len(stream.entries))
    crowd = MAX_FOLLOWERS - 3

    def grant(name: str, error: str, *people: Any) -> Case:
        log = StreamLog("Sample A", directory)
        log.entries = list(stream.entries)
        log.secrets = list(stream.secrets)
        for who, role in people:
            log.add(ANN, "grant", [who.id, role], WHY)
        then = [encode_entry(entry) for entry in log.entries[len(stream.entries) :]]
        given = [everyone, log.log, whole, crowd, then]
        return Case(name, "stream.extend_crowded", given, error)

    def epoch(name: str, error: str, count: int) -> Case:
        listed = [[person.to_bytes(16, "big"), "follower"] for person in range(1, count + 1)]
        payload: list[Value] = [stream.commitment(4), listed, [], b""]
        entry = stream.then(ANN, "epoch", payload, stream.history_of(4, [1]))
        then = Upto("stream", len(stream.entries), [encode_entry(entry)])
        return Case(name, "stream.extend", [everyone, stream.log, then], error)

    return [
        grant("the two hundredth follower", "", (CAS, "follower")),
        grant("another role for one of two hundred", "", (CAS, "follower"), (CAS, "supervisor")),
        grant("one follower too many", "NotAllowed", (CAS, "follower"), (DAN, "follower")),
        epoch("an epoch of two hundred strangers", "WrongList", MAX_FOLLOWERS),
        epoch("an epoch of two hundred and one", "Malformed", MAX_FOLLOWERS + 1),
    ]
