"""Vectors of base64url, dates and entries at every letter, digit and type: what mutants taught."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import decode_array, encode
from microblog.protocol.entry import Header, encode_entry, sign_entry, write_sealed_entry
from tests.vectors.case import Case, VectorFile
from tests.vectors.practice import fresh

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
TYPES: dict[str, Any] = {
    "a number": 7, "zero": 0, "bytes": b"2026", "no bytes": b"", "an array": ["2026"],
    "an empty array": [],
}  # fmt: skip


def files() -> list[VectorFile]:
    """Return the file of this subject."""
    cases = [*_base64url(), *_dates(), *_moments(), *_entries()]
    return [VectorFile("shape.json", "Every letter, digit, length and type.", cases)]


def _base64url() -> Iterator[Case]:
    encode_call, decode_call = "base64url.encode_base64url", "base64url.decode_base64url"
    for size in range(20):
        data = fresh(f"base64url {size}", size) if size else b""
        text = encode_base64url(data)
        yield Case(f"encode {size} bytes", encode_call, [data])
        yield Case(f"decode {size} bytes", decode_call, [text])
        if size:
            yield Case(f"decode {size} bytes, padded", decode_call, [text + "="], "Malformed")
    for letter in LETTERS:
        # Three bytes are four letters; in two letters the last has four bits that must be zero.
        yield Case(f"decode {letter}", decode_call, [letter * 4])
        spare = LETTERS.index(letter) % 16
        error = "Malformed" if spare else ""
        yield Case(f"decode {letter} last of two", decode_call, [f"A{letter}"], error)
        error = "Malformed" if spare % 4 else ""
        yield Case(f"decode {letter} last of three", decode_call, [f"AA{letter}"], error)
    for other in "+/=@[`{.,:^~ \t\n\0é":
        yield Case(f"decode U+{ord(other):04X}", decode_call, [f"AAA{other}"], "Malformed")
        yield Case(f"decode U+{ord(other):04X} first", decode_call, [f"{other}AAA"], "Malformed")


def _cases(call: str, texts: Sequence[str], error: str = "") -> Iterator[Case]:
    for text in texts:
        yield Case(f"{call} {text!r}", call, [text], error)


def _typed(call: str) -> Iterator[Case]:
    for name, value in TYPES.items():
        yield Case(f"{call} {name}", call, [value], "Malformed")


def _dates() -> Iterator[Case]:
    call = "shape.date"
    years = [f"{digit * 4}" for digit in "0123456789"]
    months = [f"2026-{month:02}" for month in range(1, 13)]
    days = [f"2026-{month:02}-{day:02}" for month in (1, 12) for day in range(1, 32)]
    yield from _cases(call, ["", *years, *months, *days])
    bad = [f"2026-{month:02}" for month in (0, 13, 14, 19, 20, 21, 31, 41, 99)]
    bad += [f"2026-01-{day:02}" for day in (0, 32, 33, 39, 40, 41, 51, 99)]
    bad += ["202", "20266", "2026-", "2026-1", "2026-0", "2026-001", "2026-01-", "2026-01-1",
            "2026-01-0", "2026-01-3", "2026-01-001", "2026--01", "2026-01-01-", "-2026", "+2026",
            "2026-01-01T10:00", "2026\n", "2026-01\n", "2026-01-01\n", " 2026", "26-01-01",
            "20a6", "2026-0a", "2026-01-0a", "2026/01", "202601", "2026-0101",
            "\u0662\u0660\u0662\u0666",
            "2026-\u0660\u0661", "-", "0", "2026-01-2", "2026-1-01", "2026-011"]  # fmt: skip
    yield from _cases(call, bad, "Malformed")
    yield from _typed(call)


def _moments() -> Iterator[Case]:
    call = "shape.moment"
    hours = [f"2026-01-01T{hour:02}:00" for hour in range(24)]
    minutes = [f"2026-01-01T00:{minute:02}" for minute in range(60)]
    months = [f"2026-{month:02}-01T00:00" for month in range(1, 13)]
    days = [f"2026-01-{day:02}T00:00" for day in range(1, 32)]
    years = [f"{digit * 4}-01-01T00:00" for digit in "0123456789"]
    yield from _cases(call, ["", "2026", "2026-01", "2026-01-01"])
    yield from _cases(call, [*dict.fromkeys([*hours, *minutes, *months, *days, *years])])
    bad = [f"2026-01-01T{hour:02}:00" for hour in (24, 25, 29, 30, 31, 34, 40, 99)]
    bad += [f"2026-01-01T00:{minute:02}" for minute in (60, 61, 69, 70, 99)]
    bad += [f"2026-{month:02}-01T00:00" for month in (0, 13, 14, 20, 21, 31, 99)]
    bad += [f"2026-01-{day:02}T00:00" for day in (0, 32, 33, 39, 40, 41, 51, 99)]
    bad += ["2026T00:00", "2026-01T00:00", "2026-01-01 00:00", "2026-01-01t00:00",
            "2026-01-01T0:00", "2026-01-01T00:0", "2026-01-01T00", "2026-01-01T00:00:00",
            "2026-01-01T00:00Z", "2026-01-01T00:00\n", "2026-01-01T0000", "x2026-01-01T00:00",
            "20260-01-01T00:00", "202-01-01T00:00", "2026-1-01T00:00", "2026-01-1T00:00",
            "2026-00-1T00:00", "2026-0-01T00:00", "2026-01-3T00:00", "2026-01-2T00:00",
            "2026-01-01T2:00", "2026-01-01T1:00", "2026-01-01T00:5", "2026-01-01T000:00",
            "2026-01-0T00:00", "2026-01-01T00:000", "2026-01-231T00:00"]  # fmt: skip
    yield from _cases(call, bad, "Malformed")
    yield from _typed(call)


#: A header's items in their order; the server and the client take them apart alike.
HEADER: list[Any] = [
    "msb/1/entry", fresh("log", 16), 3, fresh("prev"), "post", fresh("author", 16),
    fresh("device"), 2, 1790000000000, 41, fresh("head"), fresh("salt"), fresh("body"), [0],
]  # fmt: skip
NAMES = ("first item", "log", "seq", "prev", "kind", "author", "device", "epoch", "time",
         "directory seq", "directory head", "hash of the salt", "hash of the body",
         "payload")  # fmt: skip
BOX = [fresh("person", 16), bytes(100)]


def _entry(header: Any = None, **parts: Any) -> bytes:
    found = {"signature": bytes(64), "body": b"body", "salt": bytes(32), "boxes": [BOX], **parts}
    raw = encode(HEADER if header is None else header)
    return encode([parts.get("raw", raw), *(found[it] for it in _PARTS)])


_PARTS = ("signature", "body", "salt", "boxes")


def _others(value: Any) -> dict[str, Any]:
    """Return what stands in a value's place: other types, of its length where they have one."""
    size = len(value) if isinstance(value, bytes | str | list) else 4
    found: dict[str, Any] = {"a number": size, "an array": [0] * size, "text": "a" * size,
                             "bytes": b"a" * size, "2^53 - 1": 2**53 - 1}  # fmt: skip
    if isinstance(value, bytes):
        found |= {"one byte less": value[:-1], "one byte more": value + b"\0", "no bytes": b""}
    return found


def _entries() -> Iterator[Case]:
    call = "entry.decode_entry"

    def case(name: str, raw: bytes, *, good: bool = False) -> Case:
        return Case(f"decode an entry, {name}", call, [raw], "" if good else "Malformed")

    yield case("whole", _entry(), good=True)
    for number, (name, value) in enumerate(zip(NAMES, HEADER, strict=True)):
        for other, instead in _others(value).items():
            good = type(instead) is type(value) and (
                not isinstance(value, bytes) or len(instead) == len(value)
            )
            if number == 0 and isinstance(instead, str):
                continue  # Another version: its own vector has it.
            header = [*HEADER[:number], instead, *HEADER[number + 1 :]]
            yield case(f"{name} {other}", _entry(header), good=good)
    yield from _part_cases(case)
    yield from _box_cases(case)
    kinds = ["a", "+a", "a12345678", "a" * 32, "+" + "a" * 32, "a-b", "0", "9", "z", "-", "+-"]
    bad = ["", "+", "++a", "a+", "a" * 33, "A", "a b", "a_b", "a\n", "\na", "é", "a.b", "{", "`",
           "a/b", "a:", "+" + "a" * 33]  # fmt: skip
    for kind in [*kinds, *bad]:
        header = [*HEADER[:4], kind, *HEADER[5:]]
        yield case(f"kind {kind!r}", _entry(header), good=kind in kinds)
    yield case("an empty header", _entry([]))
    yield case("a header of one item", _entry(["msb/1/entry"]))
    yield case("a header of 13", _entry(HEADER[:13]))
    yield case("a header of 15", _entry([*HEADER, 0]))
    yield case("four parts", encode(decode_array(_entry())[:4]))
    yield case("six parts", encode([*decode_array(_entry()), 0]))
    yield _another_salt()
    yield Case("encode a fraction", "encoding.encode", [1.5], "Malformed")


def _another_salt() -> Case:
    """Return an entry whose header names another salt than the one its body was made with."""
    names = [it.name for it in fields(Header)]
    header = Header(**dict(zip(names, HEADER[1:], strict=True)))
    seed, secret, randoms = fresh("seed"), fresh("secret"), (fresh("salt"), fresh("nonce", 24))
    made = write_sealed_entry(header, (seed, secret), randoms, encode(["words"]), ())
    other = replace(made.header, salt_hash=fresh("another"))
    raw = encode_entry(sign_entry(other, seed, made.salt, made.body, ()))
    return Case("open an entry that names another salt", "entry.open_body", [raw, secret],
                "Unreadable")  # fmt: skip


def _part_cases(case: Any) -> Iterator[Case]:
    wholes = {"raw": encode(HEADER), "signature": bytes(64), "body": b"body", "salt": bytes(32),
              "boxes": [BOX]}  # fmt: skip
    for name, value in wholes.items():
        for other, instead in _others(value).items():
            free = isinstance(instead, bytes) and name == "body"
            same = isinstance(instead, bytes) and name not in ("raw", "boxes")
            good = free or (
                same and (len(instead) == len(value) or (name == "salt" and not instead))
            )
            yield case(f"{name} {other}", _entry(**{name: instead}), good=good)


def _box_cases(case: Any) -> Iterator[Case]:
    people = [bytes([number]) + bytes(15) for number in range(201)]
    yield case("no box", _entry(boxes=[]), good=True)
    yield case("200 boxes", _entry(boxes=[[it, bytes(48)] for it in people[:200]]), good=True)
    yield case("201 boxes", _entry(boxes=[[it, bytes(48)] for it in people]))
    for name, row in {
        "of two letters": "ab", "of two bytes": b"ab", "of one": [BOX[0]], "of three": [*BOX, 0],
        "that is a number": 2, "for text": ["a" * 16, BOX[1]], "for a number": [16, BOX[1]],
        "for 15 bytes": [bytes(15), BOX[1]], "for 17 bytes": [bytes(17), BOX[1]],
        "that holds text": [BOX[0], "a" * 100], "that holds a number": [BOX[0], 100],
        "that holds an array": [BOX[0], [0] * 100], "of 47 bytes": [BOX[0], bytes(47)],
        "of 257 bytes": [BOX[0], bytes(257)],
    }.items():  # fmt: skip
        yield case(f"a box {name}", _entry(boxes=[row]))
    for size in (48, 49, 255, 256):
        yield case(f"a box of {size} bytes", _entry(boxes=[[BOX[0], bytes(size)]]), good=True)
    yield case("the second box as the first", _entry(boxes=[BOX, BOX]))
    first, second = [people[0], bytes(50)], [people[1], bytes(49)]
    yield case("boxes in order", _entry(boxes=[first, second]), good=True)
    yield case("boxes out of order", _entry(boxes=[second, first]))
    yield case("two boxes for one", _entry(boxes=[first, [people[0], bytes(51)]]))
