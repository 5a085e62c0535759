"""Lies about entries: edited, dropped, replayed, encoded otherwise."""

from dataclasses import replace
from typing import Any

from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import (
    Entry,
    encode_entry,
    sign_entry,
)
from microblog.protocol.primitives import sign
from tests.lying.scenario import Scenario, replaced
from tests.lying.telling import (
    record,
    stopped,
)
from tests.vectors.practice import StreamLog
from tests.vectors.recorded import (
    ANN,
    CAS,
    EVE,
    WHY,
)


def lies() -> list[Scenario]:
    """Return the lies of this subject."""
    log = record()
    raw, post = log.raw, log.entries[5]
    other = record("Sample B", log.directory)
    forged = log.then(EVE, "grant", [EVE.id, "follower"], WHY)
    edited = replace(post.header, time=post.header.time + 1)
    longer = b"\x98\x05" + raw[5][1:]

    def headed(**changes: Any) -> Entry:
        return sign_entry(replace(post.header, **changes), CAS.seed, post.salt, post.body, ())

    def raw_header(item: int, value: Any) -> bytes:
        header = decode_array(post.raw_header)
        changed = encode([*header[:item], value, *header[item + 1 :]])
        return encode([changed, *decode_array(raw[5])[1:]])

    return [
        stopped("adds a follower", log, [*raw, encode_entry(forged)], "UnknownDevice", 3),
        stopped(
            "adds a follower in a keeper's name",
            log,
            [*raw, encode_entry(log.then(ANN, "grant", [EVE.id, "follower"], WHY, seed=EVE.seed))],
            "NotAuthentic",
            3,
        ),
        stopped(
            "edits the time", log, replaced(raw, 5, raw_header(8, edited.time)), "NotAuthentic", 1
        ),
        stopped(
            "edits the author", log, replaced(raw, 5, raw_header(5, ANN.id)), "UnknownDevice", 1
        ),
        stopped(
            "edits the device", log, replaced(raw, 5, raw_header(6, ANN.device)), "UnknownDevice", 1
        ),
        stopped("edits the kind", log, replaced(raw, 5, raw_header(4, "about")), "NotAuthentic", 1),
        stopped("edits the nudge", log, replaced(raw, 5, raw_header(13, [1])), "NotAuthentic", 1),
        stopped("drops an entry", log, [*raw[:4], *raw[5:]], "BrokenChain", 0),
        stopped("swaps two entries", log, [*raw[:4], raw[5], raw[4], raw[6]], "BrokenChain", 0),
        stopped(
            "replays an old entry as a new one",
            log,
            [*raw, _replayed(log, 4, 7)],
            "NotAuthentic",
            3,
        ),
        stopped(
            "flips a bit in a header",
            log,
            replaced(raw, 5, raw_header(3, bytes(32))),
            "BrokenChain",
            1,
        ),
        stopped(
            "flips a bit in a signature",
            log,
            replaced(raw, 5, flipped(raw[5], 1)),
            "NotAuthentic",
            1,
        ),
        stopped("serves another child's entry", log, replaced(raw, 5, other.raw[5]), "WrongLog", 1),
        stopped("serves another child's stream", log, other.raw, "WrongLog", 0),
        stopped("encodes a length otherwise", log, replaced(raw, 5, longer), "Malformed", 1),
        stopped("adds a byte", log, replaced(raw, 5, raw[5] + b"\0"), "Malformed", 1),
        stopped("cuts an entry off", log, replaced(raw, 5, raw[5][:-1]), "Malformed", 1),
        stopped(
            "serves an older version",
            log,
            replaced(raw, 5, raw_header(0, "msb/0/entry")),
            "TooNew",
            1,
        ),
        stopped("serves a kind to come", log, replaced(raw, 5, headed(kind="share")), "TooNew", 1),
        stopped("serves an epoch to come", log, replaced(raw, 5, headed(epoch=1)), "WrongEpoch", 1),
        stopped(
            "signs a sign-in as an entry",
            log,
            replaced(raw, 5, _signed_as_login(post)),
            "NotAuthentic",
            1,
        ),
    ]


def _replayed(log: StreamLog, seq: int, later: int) -> bytes:
    """Return an old entry whose place was edited to be the next, with its old signature."""
    old = log.entries[seq]
    header = decode_array(old.raw_header)
    header[2], header[3] = later, log.entries[-1].id
    return encode([encode(header), *decode_array(encode_entry(old))[1:]])


def _signed_as_login(post: Entry) -> bytes:
    signature = sign(CAS.seed, "msb/1/login", post.raw_header)
    parts = decode_array(encode_entry(post))
    return encode([parts[0], signature, *parts[2:]])


def flipped(raw: bytes, part: int, at: int = 10) -> bytes:
    """Return an entry with a bit changed in one of its parts."""
    parts = decode_array(raw)
    piece = parts[part]
    assert isinstance(piece, bytes)
    parts[part] = piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1 :]
    return encode(parts)
