"""Vectors of bundles that carry less: what is left out of one, and what was lost in its stream."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from microblog.protocol.encoding import Value, encode
from microblog.protocol.entry import Entry, encode_entry
from microblog.protocol.export import Export, encode_export
from microblog.protocol.post import Post, encode_post
from microblog.protocol.shred import WAIT_MS, Reason, encode_reason
from tests.vectors.calls import CALLS
from tests.vectors.case import Case, Upto
from tests.vectors.practice import DirectoryLog, StreamLog, rows
from tests.vectors.recorded import ANN, BEA, WHY, record_directory, record_stream

DESTROYED = [0, 1, 2, 4, 5]
BARE = {"body": b"", "salt": b""}


def strip_cases() -> list[Case]:
    """Return the cases of what a bundle does not carry."""
    directory = record_directory()
    stream = record_stream(directory)
    first = directory.entries[0]
    profile = next(it for it in directory.entries if it.header.kind == "profile")
    boxed = replace(first, boxes=((BEA.id, bytes(48)),))
    people = {
        "a name": first,
        "a name with a box": boxed,
        "a phone": profile,
        "a name that is not what was signed": replace(first, body=encode(["Eve"])),
        "no name": replace(first, **BARE),
    }
    words = {"what founds": 0, "what it is about": 1, "a grant": 2, "a post": 4, "an epoch": 5,
             "a post of the next epoch": 6}  # fmt: skip
    chosen: list[Value] = [[0, stream.secrets[0]]]
    return [
        *(Case(f"carry {name}", "bundle.strip_directory", [encode_entry(entry)])
          for name, entry in people.items()),
        *(Case(f"carry {name}", "bundle.strip_entry", [stream.raw[seq], chosen])
          for name, seq in words.items()),
        Case("carry a post, and no epoch", "bundle.strip_entry", [stream.raw[4], []]),
    ]  # fmt: skip


def record_lossy_stream(directory: DirectoryLog) -> StreamLog:
    """Return a stream in which every kind that may be lost was, and which tells of a bundle."""
    log = StreamLog("Sample C", directory)
    log.add(ANN, "found", [log.commitment(0), rows({ANN: "keeper"})], log.history_of(0))
    log.add(ANN, "grant", [BEA.id, "supervisor"], WHY)
    log.add(ANN, "about", [], CALLS["about.encode_about"]({"sort": "child", "name": "Sample C"}))
    for text in ("One.", "Two."):
        log.add(BEA, "post", [0], encode_post(Post(text=text)))
    log.add(BEA, "withdraw", [3, 0], WHY)
    log.add(BEA, "withdraw", [3, 1], WHY)
    because = encode_reason(Reason("child", ""))
    named = log.add(ANN, "shred", [DESTROYED, b""], because)
    log.add(BEA, "shred", [DESTROYED, named.id], because, time=named.header.time + WAIT_MS)
    log.add(BEA, "+export", [], encode_export(Export("bundle", "", "", "")))
    return log


def lossy_cases(fields: Mapping[str, Any], directory: DirectoryLog, log: StreamLog) -> list[Case]:
    """Return the cases of that stream; `fields` are those of a bundle of another one."""
    raw = carried(log)
    of_it = {**fields, "log": log.log, "secrets": [[0, log.secrets[0]]], "heads": []}
    everyone = Upto("directory", len(directory.entries))

    def check(name: str, error: str, stream: Upto, people: Upto = everyone) -> Case:
        given = [BEA.seed, of_it, people, stream, []]
        return Case(name, "bundle.verify_edited", given, error)

    def then(seq: int, kind: str, payload: list[Value], **changes: bytes) -> Upto:
        longer = StreamLog("Sample C", directory)
        longer.entries = log.entries[:seq]
        return Upto("lossy", seq, [_bare(longer.then(BEA, kind, payload, WHY, **changes))])

    lost = directory.then(ANN, "revoke", ["device", BEA.device, 0], [])
    revoked = Upto("directory", len(directory.entries), [encode_entry(lost)])
    size = len(raw)
    return [
        check("a stream that lost words of every kind", "", Upto("lossy", size)),
        check("a post withdrawn twice", "NotAllowed", then(6, "withdraw", [3, 0])),
        check("a post withdrawn after it was erased", "NotAllowed", then(7, "withdraw", [3, 0])),
        check("a post withdrawn after it was destroyed", "NotAllowed",
              then(size - 1, "withdraw", [4, 0])),
        check("a post withdrawn after it was proposed", "NotAllowed", then(8, "withdraw", [4, 0])),
        check("a withdrawal of what was destroyed and is no post", "NotAllowed",
              then(size - 1, "withdraw", [2, 0])),
        check("a withdrawal of what is no post", "NotAllowed", then(6, "withdraw", [2, 0])),
        check("a withdrawal that names nothing", "Malformed", then(6, "withdraw", [])),
        check("a withdrawal that names nothing and follows nothing", "BrokenChain",
              then(6, "withdraw", [], prev=bytes(32))),
        check("made by a device that was revoked since", "UnknownDevice", Upto("lossy", size),
              revoked),
    ]  # fmt: skip


def carried(log: StreamLog) -> list[bytes]:
    """Return the stream as a bundle carries it."""
    gone = {0, 3, *DESTROYED}
    return [_bare(it) if it.header.seq in gone else encode_entry(it) for it in log.entries]


def _bare(entry: Entry) -> bytes:
    return encode_entry(replace(entry, **BARE))
