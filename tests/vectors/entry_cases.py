"""Vectors of entries and their bytes."""

from microblog.protocol.encoding import Value, decode_array, encode
from microblog.protocol.entry import Entry, encode_entry
from tests.vectors.case import Case
from tests.vectors.practice import StreamLog, fresh
from tests.vectors.recorded import (
    BEA,
)


def _changed(entry: Entry, part: int, value: Value) -> bytes:
    parts = decode_array(encode_entry(entry))
    return encode([*parts[:part], value, *parts[part + 1 :]])


def cases(stream: StreamLog) -> list[Case]:
    post, call = stream.entries[6], "entry.decode_entry"
    raw, secret = encode_entry(post), stream.secrets[1]
    header = decode_array(post.raw_header)

    def refuse(name: str, part: int, value: Value, error: str = "Malformed") -> Case:
        return Case(f"refuse {name}", call, [_changed(post, part, value)], error)

    def bad_header(name: str, item: int, value: Value, error: str = "Malformed") -> Case:
        return refuse(name, 0, encode([*header[:item], value, *header[item + 1 :]]), error)

    def unreadable(name: str, part: int, value: Value) -> Case:
        return Case(
            f"open {name}", "entry.open_body", [_changed(post, part, value), secret], "Unreadable"
        )

    flipped = post.body[:50] + bytes([post.body[50] ^ 1]) + post.body[51:]
    box = [BEA.id, bytes(164)]
    return [
        *(
            Case(f"decode a stream's {e.header.seq}", call, [encode_entry(e)])
            for e in stream.entries
        ),
        refuse("a long body", 2, bytes(64 * 1024 + 1)),
        refuse("a body that is text", 2, "body"),
        refuse("a short signature", 1, bytes(63)),
        refuse("a short salt", 3, bytes(31)),
        refuse("boxes twice", 4, [box, box]),
        refuse("boxes out of order", 4, [[b"\2" * 16, bytes(164)], [b"\1" * 16, bytes(164)]]),
        refuse("a short box", 4, [[BEA.id, bytes(47)]]),
        refuse("a long box", 4, [[BEA.id, bytes(257)]]),
        refuse("a header that is an array", 0, header),
        Case("refuse four parts", call, [encode(decode_array(raw)[:4])], "Malformed"),
        Case("refuse a byte more", call, [raw + b"\0"], "Malformed"),
        Case("refuse a very long entry", call, [bytes(96 * 1024 + 1)], "Malformed"),
        bad_header("another version", 0, "msb/2/entry", "TooNew"),
        bad_header("no version", 0, 1),
        bad_header("a short log", 1, bytes(15)),
        bad_header("a short prev", 3, bytes(31)),
        bad_header("an upper-case kind", 4, "Post"),
        bad_header("a kind of nothing", 4, ""),
        bad_header("a lone plus", 4, "+"),
        bad_header("a long kind", 4, "a" * 33),
        bad_header("a kind with a newline", 4, "post\n"),
        bad_header("a short author", 5, bytes(15)),
        bad_header("a long device key", 6, bytes(33)),
        bad_header("an epoch that is text", 7, "1"),
        bad_header("a long payload", 13, [bytes(16 * 1024)]),
        bad_header("a payload that is a number", 13, 0),
        refuse("a header of 15", 0, encode([*header, 0])),
        Case("open a post", "entry.open_body", [raw, secret]),
        Case(
            "open with another epoch's secret",
            "entry.open_body",
            [raw, stream.secrets[0]],
            "Unreadable",
        ),
        unreadable("a flipped body", 2, flipped),
        unreadable("no body", 2, b""),
        unreadable("no salt", 3, b""),
        unreadable("another salt", 3, bytes(32)),
        *_insiders(stream),
    ]


def _insiders(stream: StreamLog) -> list[Case]:
    """Bodies that hash as the header says and yet do not open to what they should."""

    def case(name: str, kind: str, plain: bytes) -> Case:
        entry = stream.then(BEA, kind, [0], plain)
        return Case(
            f"open {name}",
            "entry.open_body",
            [encode_entry(entry), stream.secrets[-1]],
            "Unreadable",
        )

    grown = stream.then(BEA, "epoch", [0], encode(["a" * 3000]))
    return [
        case("what is no array", "post", encode("words")),
        case("what is no encoding", "post", b"\xff"),
        case("nothing", "post", b""),
        Case(
            "open a long history",
            "entry.open_body",
            [encode_entry(grown), fresh(f"{stream.log.hex()} epoch 4")],
        ),
    ]
