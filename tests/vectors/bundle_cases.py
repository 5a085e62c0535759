"""Vectors of what is taken out of a stream: what the team is told, and bundles for a reviewer."""

from dataclasses import dataclass, field, replace
from typing import Any

from microblog.protocol import bundle
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import DIRECTORY, Entry, decode_entry, encode_entry
from microblog.protocol.export import Export, encode_export
from microblog.protocol.log import Head
from microblog.protocol.post import Post, encode_post
from microblog.protocol.primitives import sign, signing_key
from microblog.protocol.shred import WAIT_MS, Reason, encode_reason
from microblog.protocol.why import encode_why
from microblog.protocol.witness import Sighting, write_head
from tests.vectors.calls import CALLS
from tests.vectors.case import Case, Upto, VectorFile
from tests.vectors.gone_cases import carried, lossy_cases, record_lossy_stream, strip_cases
from tests.vectors.practice import START, DirectoryLog, StreamLog, fresh, rows
from tests.vectors.recorded import ANN, BEA, record_directory

TOLD = {"format": "bundle", "start": "2026-09-01", "end": "", "why": "for the review"}
WITNESS = fresh("witness of bundles")
SEEN = START + 900_000


@dataclass(frozen=True)
class Taken:
    """A bundle that can be changed before it is signed."""

    directory: list[bytes]
    entries: list[bytes]
    fields: dict[str, Any] = field(default_factory=dict)

    def write(self, seed: bytes = BEA.seed) -> bytes:
        """Return its bytes."""
        given = {**self.fields, "directory": self.directory, "entries": self.entries}
        return bundle.write_bundle(bundle.Bundle(**given), seed)


def files() -> list[VectorFile]:
    """Return the file of this subject."""
    taken = record_bundle()
    log = record_directory()
    log.add(ANN, "witness", [signing_key(WITNESS), START])
    lossy = record_lossy_stream(log)
    logs = {"directory": taken.directory, "stream": taken.entries, "lossy": carried(lossy)}
    cases = [*_exports(), *_written(taken), *_shapes(taken), *_verdicts(taken), *_heads(taken),
             *strip_cases(), *lossy_cases(taken.fields, log, lossy)]  # fmt: skip
    return [VectorFile("bundle.json", "A stream in one file, and what is told of it.", cases, logs)]


def record_bundle() -> Taken:
    """Return a bundle of a small stream in its second epoch, both opened."""
    log = record_directory()
    log.add(ANN, "witness", [signing_key(WITNESS), START])
    stream = record_told_stream(log)
    secrets = dict(enumerate(stream.secrets))
    directory = [bundle.strip_directory(raw) for raw in log.raw]
    entries = _strip(stream, secrets)
    fields = {
        "description": "A sample.",
        "fingerprint": log.entries[0].id,
        "exporter": BEA.id,
        "device": BEA.device,
        "time": SEEN,
        "log": stream.log,
        "secrets": sorted(secrets.items()),
        "heads": [
            _head(log.entries[0].id, DIRECTORY, log.entries[-1], SEEN),
            _head(log.entries[0].id, stream.log, stream.entries[-2], SEEN),
        ],
    }
    return Taken(directory, entries, fields)


def record_told_stream(directory: DirectoryLog) -> StreamLog:
    """Return a stream that lost two posts, whose newest entry says that it was taken out."""
    log = StreamLog("Sample B", directory)
    about = CALLS["about.encode_about"]({"sort": "child", "name": "Sample B"})
    payload = [log.commitment(0), rows({ANN: "keeper"})]
    log.add(ANN, "found", payload, log.history_of(0), boxes=log.boxes(0, [ANN]))
    log.add(ANN, "about", [], about)
    why = encode_why("class teacher", b"")
    log.add(ANN, "grant", [BEA.id, "supervisor"], why, boxes=log.boxes(0, [BEA]))
    log.add(BEA, "post", [0], encode_post(Post(text="Quieter than last week.", written=START)))
    log.add(BEA, "post", [0], encode_post(Post(text="On the wrong child.", written=START)))
    log.add(BEA, "withdraw", [4, 1], encode_why("the wrong child", b""))
    listed = rows({ANN: "keeper", BEA: "supervisor"})
    payload = [log.commitment(1), listed, [], b""]
    log.add(ANN, "epoch", payload, log.history_of(1), boxes=log.boxes(1, [ANN, BEA]))
    log.add(ANN, "post", [1], encode_post(Post(text="Not let in.", kind="visit")))
    log.add(BEA, "post", [0], encode_post(Post(text="Of another family.")))
    because = encode_reason(Reason("not ours", "put here by mistake"))
    named = log.add(ANN, "shred", [[8], b""], because)
    log.add(BEA, "shred", [[8], named.id], because, time=named.header.time + WAIT_MS)
    log.add(BEA, "+export", [], encode_export(Export(**TOLD)))
    return log


def _strip(stream: StreamLog, secrets: dict[int, bytes]) -> list[bytes]:
    raw = stream.raw
    for seq in (4, 8):
        raw[seq] = encode_entry(replace(stream.entries[seq], body=b"", salt=b""))
    return [bundle.strip_entry(item, secrets) for item in raw]


def _head(fingerprint: bytes, log: bytes, entry: Entry, time: int, seed: bytes = WITNESS) -> bytes:
    head = Head(entry.header.seq, entry.id)
    return write_head(seed, Sighting(fingerprint, log, head, time))


def _exports() -> list[Case]:
    write, read = "export.encode_export", "export.read_export"
    items = ["msb/1/export", "bundle", "2026", "2026-09", "for the review"]
    shown = [
        Case("tell the team", write, [TOLD]),
        Case("tell too long a reason", write, [{**TOLD, "why": "a" * 121}], "Malformed"),
        Case("tell the longest", write, [{**TOLD, "format": "a" * 32, "why": "a" * 120}]),
        Case("tell the shortest", write, [{**TOLD, "format": "a", "why": ""}]),
        Case("tell an end that is none", write, [{**TOLD, "end": "tomorrow"}], "Malformed"),
        Case("read the longest", read, [["msb/1/export", "a" * 32, "", "", "a" * 120]]),
        Case("read the shortest", read, [["msb/1/export", "a", "", "", ""]]),
        Case("tell no format", write, [{**TOLD, "format": ""}], "Malformed"),
        Case("tell a time", write, [{**TOLD, "start": "2026-09-01T10:00"}], "Malformed"),
        Case("read what was told", read, [items]),
        Case("read what a newer version told", read, [[*items, "more"]]),
        Case("read too little", read, [items[:4]], "Unreadable"),
        Case("read another body", read, [["msb/1/why", *items[1:]]], "Unreadable"),
    ]
    for at, wrong in ((1, ""), (1, "a" * 33), (2, "yesterday"), (3, 2026), (4, "a" * 121)):
        name = f"read a wrong item {at}: {str(wrong)[:9]}"
        shown.append(Case(name, read, [[*items[:at], wrong, *items[at + 1 :]]], "Unreadable"))
    return shown


def _written(taken: Taken) -> list[Case]:
    logs = [Upto("directory", len(taken.directory)), Upto("stream", len(taken.entries))]
    return [
        Case("what a bundle says of itself", "number", ["bundle", "DESCRIPTION"]),
        Case("write a bundle", "bundle.write", [BEA.seed, taken.fields, *logs]),
        Case(
            "write a bundle of a short fingerprint",
            "bundle.write",
            [BEA.seed, {**taken.fields, "fingerprint": bytes(31)}, *logs],
            "Malformed",
        ),
        Case("check a bundle", "bundle.verify", [taken.write()]),
    ]


def _shapes(taken: Taken) -> list[Case]:
    short = Taken([b"an entry"], [b"another"], {**taken.fields, "heads": ()})
    payload, signature = decode_array(short.write())
    items = decode_array(payload)

    def read(name: str, error: str, *said: Any) -> Case:
        return Case(name, "bundle.decode", [encode(list(said))], error)

    def other(name: str, at: int, value: Any, error: str = "Malformed") -> Case:
        changed = encode([*items[:at], value, *items[at + 1 :]])
        return read(f"a bundle with {name}", error, changed, sign(BEA.seed, "x", changed))

    return [
        read("a bundle with more", "Malformed", payload, signature, b""),
        read("a bundle without a signature", "Malformed", payload),
        read("a bundle that is not bytes", "Malformed", [], signature),
        read("a bundle of nothing", "Malformed", encode([]), signature),
        Case("bytes after a bundle", "bundle.decode", [encode([b"", b""]) + b"\0"], "Malformed"),
        other("another label", 0, "msb/2/bundle", "TooNew"),
        other("no label", 0, b"msb/1/bundle"),
        *(other(f"item {at} wrong", at, "" if at != 1 else 7) for at in range(1, 11)),
        read("a bundle with ten items", "Malformed", encode(items[:-1]), signature),
        read("a bundle with twelve items", "Malformed", encode([*items, 0]), signature),
        read("a bundle with no items", "Malformed", encode([]), signature),
        read("a bundle with a short signature", "Malformed", payload, bytes(63)),
        other("no description", 1, "", ""),
        other("the longest description", 1, "a" * 4096, ""),
        other("as many heads as may be", 10, [b""] * 64, ""),
        other("no secrets", 9, [], ""),
        other("a secret of no epoch", 9, [[bytes(32)]]),
        other("a secret of two epochs", 9, [[0, bytes(32), 1]]),
        other("a secret of an epoch by name", 9, [["0", bytes(32)]]),
        other("too long a description", 1, "a" * 4097),
        other("a short fingerprint", 2, bytes(31)),
        other("no directory", 6, []),
        other("a directory of texts", 6, ["entry"]),
        other("no entries", 8, []),
        other("a secret too short", 9, [[0, bytes(31)]]),
        other("secrets out of order", 9, [[1, bytes(32)], [0, bytes(32)]], "WrongList"),
        other("a secret twice", 9, [[1, bytes(32)], [1, bytes(32)]], "WrongList"),
        other("too many heads", 10, [b""] * 65),
    ]


def _verdicts(taken: Taken) -> list[Case]:
    everyone, size = len(taken.directory), len(taken.entries)
    whole = [Upto("directory", everyone), Upto("stream", size)]
    fields, secrets = taken.fields, taken.fields["secrets"]
    first, second = secrets

    def check(name: str, error: str = "", /, **changes: Any) -> Case:
        seed, logs = changes.pop("seed", BEA.seed), changes.pop("logs", whole)
        edits = changes.pop("edits", [])
        given = [seed, {**fields, **changes}, *logs, edits]
        return Case(name, "bundle.verify_edited", given, error)

    def entry(at: int, **changes: Any) -> list[Any]:
        return [[1, at, _change(taken.entries[at], **changes)]]

    def person(at: int, **changes: Any) -> list[Any]:
        return [[0, at, _change(taken.directory[at], **changes)]]

    profile = next(at for at, raw in enumerate(taken.directory)
                   if decode_entry(raw).header.kind == "profile")  # fmt: skip
    box = ((BEA.id, bytes(48)),)
    words, body = {"body": b"", "salt": b""}, decode_entry(taken.entries[3]).body
    return [
        check("all of a stream"),
        check("words that were left out", edits=entry(3, **words)),
        check("words that were left out are named", edits=entry(7, **words)),
        check("words of an epoch that is shut", "Malformed", secrets=[second]),
        check("no secret, and words all the same", "Malformed", secrets=[]),
        check("words with a letter changed", "Malformed", edits=entry(3, body=bytes(len(body)))),
        check("a salt without its words", "Malformed", edits=entry(3, body=b"")),
        check("a box beside words", "Malformed", edits=entry(3, boxes=box)),
        check("a box beside a name", "Malformed", edits=person(0, boxes=box)),
        check("words without their salt", "Malformed", edits=entry(3, salt=b"")),
        check("words that were erased", "Malformed", edits=entry(4, body=body, salt=bytes(32))),
        check("words that were destroyed", "Malformed", edits=entry(8, body=body, salt=bytes(32))),
        check("a history bundle", "Malformed", edits=entry(6, body=body, salt=bytes(32))),
        check("a name with a letter changed", "Malformed", edits=person(0, body=encode(["Eve"]))),
        check("a name left out", edits=person(0, **words)),
        check("a phone", "Malformed", edits=person(profile, body=encode(["1"]), salt=bytes(32))),
        check("another practice", "BrokenChain", fingerprint=bytes(32)),
        check("a directory cut off", "DirectoryBehind", heads=[],
              logs=[Upto("directory", everyone - 1), whole[1]]),
        check("a directory of which one is missing", "BrokenChain", edits=[[0, 2, b""]]),
        check("a stream of which one is missing", "BrokenChain", edits=[[1, 3, b""]]),
        check("a stream that does not tell of it", "NotAllowed", heads=[],
              logs=[whole[0], Upto("stream", size - 1)]),
        check("another stream's id", "WrongLog", log=bytes(15) + b"\1"),
        check("the directory for a stream", "WrongLog", log=DIRECTORY),
        check("made by another than it says", "UnknownDevice", exporter=ANN.id),
        check("made by another than told the team", "NotAllowed", exporter=ANN.id,
              device=ANN.device, seed=ANN.seed),
        check("signed by another", "NotAuthentic", seed=ANN.seed),
        check("a secret that is not the epoch's", "NotAuthentic", secrets=[first, (1, bytes(32))]),
        check("a secret of no epoch", "NotAuthentic", secrets=[first, second, (2, bytes(32))]),
    ]  # fmt: skip


def _heads(taken: Taken) -> list[Case]:
    practice, log = taken.fields["fingerprint"], taken.fields["log"]
    newest = decode_entry(taken.entries[-1])
    beyond = replace(newest, header=replace(newest.header, seq=len(taken.entries)))
    second = decode_entry(taken.entries[1])
    moved = replace(second, header=replace(second.header, seq=2))
    whole = [Upto("directory", len(taken.directory)), Upto("stream", len(taken.entries))]

    def check(name: str, error: str, *heads: bytes) -> Case:
        given = [BEA.seed, {**taken.fields, "heads": heads}, *whole, []]
        return Case(name, "bundle.verify_edited", given, error)

    return [
        check("no head", ""),
        check("the newest head", "", _head(practice, log, newest, SEEN)),
        check("a head past the bundle", "RolledBack", _head(practice, log, beyond, SEEN)),
        check("a head of another entry", "RolledBack", _head(practice, log, moved, SEEN)),
        check("a head of another log", "WrongLog", _head(practice, bytes(15) + b"\1", newest, 1)),
        check("a head of another practice", "ForkedDirectory", _head(bytes(32), log, newest, 1)),
        check("a head by no witness", "NotAuthentic", _head(practice, log, newest, 1, ANN.seed)),
        check("a head that is none", "Malformed", encode([])),
    ]


def _change(raw: bytes, **changes: Any) -> bytes:
    return encode_entry(replace(decode_entry(raw), **changes))
