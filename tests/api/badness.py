"""What is sent that nobody should send: bodies, bytes, numbers, addresses, headers."""

from __future__ import annotations

from typing import Any

from microblog.protocol.base64url import encode_base64url
from microblog.protocol.encoding import encode

DEEP, DEEPER = 2_000, 100_000

#: No object, or one that could be read in two ways, or with no number of ours in it.
BODIES = {
    "empty": b"",
    "cut": b'{"since": {',
    "cut in a name": b'{"sin',
    "null": b"null",
    "an array": b"[]",
    "text": b'"x"',
    "a number": b"1",
    "not a number": b"NaN",
    "not a number inside": b'{"since": NaN}',
    "endless": b'{"since": Infinity}',
    "endless below": b'{"since": -Infinity}',
    "a fraction": b'{"since": 1.5}',
    "a whole fraction": b'{"since": 1.0}',
    "a power": b'{"since": 1e2}',
    "too great": b'{"since": 1e400}',
    "too small": b'{"since": 1e-400}',
    "digits": b'{"since": ' + b"9" * 5000 + b"}",
    "digits below": b'{"since": -' + b"9" * 5000 + b"}",
    "2^53": b'{"since": 9007199254740992}',
    "2^53 + 1": b'{"since": 9007199254740993}',
    "minus nothing": b'{"since": {"AAAAAAAAAAAAAAAAAAAAAA": -0}, "x": -0}',
    "twice": b'{"since": {}, "since": {}}',
    "twice, once in disguise": b'{"since": {}, "s\\u0069nce": {}}',
    "twice inside": b'{"since": {"A": 1, "A": 1}}',
    "a mark before": b'\xef\xbb\xbf{"since": {}}',
    "a mark inside": b'{\xef\xbb\xbf"since": {}}',
    "not UTF-8": b'{"since": "\xff"}',
    "too long in UTF-8": b'{"since": "\xc0\x80"}',
    "a surrogate in UTF-8": b'{"since": "\xed\xa0\x80"}',
    "UTF-16": '{"since": {}}'.encode("utf-16"),
    "UTF-16 without a mark": '{"since": {}}'.encode("utf-16-le"),
    "UTF-32": '{"since": {}}'.encode("utf-32"),
    "a lone surrogate": b'{"since": {"\\ud800": 1}}',
    "a lone surrogate for a name": b'{"\\udc00": 1}',
    "NUL": b'{"since": {"\\u0000": 1}}',
    "NUL for a name": b'{"\\u0000": 1}',
    "a raw NUL": b'{"since": {"\x00": 1}}',
    "NUL after": b'{"x": 1}\x00',
    "two values": b"{}{}",
    "a comment": b"{/**/}",
    "a comma too many": b'{"x": 1,}',
    "single quotes": b"{'x': 1}",
    "CBOR": b"\xa0",
    "a form": b"since=%7B%7D",
}

#: No array of the right shape in the protocol's own encoding.
CBORS = {
    "empty": b"",
    "no array": encode(7),
    "an empty array": encode([]),
    "no bytes": encode([7]),
    "no entry": encode([b"x"]),
    "an empty entry": encode([b""]),
    "an entry of nothing": encode([encode([])]),
    "65": encode([b"x"] * 65),
    "cut": encode([bytes(100)])[:-1],
    "a tail": encode([b"x"]) + b"\0",
    "a map": b"\xa0",
    "a negative": b"\x81\x20",
    "a float": b"\x81\xfb" + bytes(8),
    "half a float": b"\x81\xf9\x7e\x00",
    "true": b"\x81\xf5",
    "null": b"\x81\xf6",
    "a tag": b"\x81\xc2\x41\x01",
    "no end": b"\x9f\xff",
    "bytes without end": b"\x81\x5f\x41x\xff",
    "a break": b"\xff",
    "2^53": b"\x81\x1b\x00\x20" + bytes(6),
    "2^64 - 1": b"\x81\x1b" + b"\xff" * 8,
    "a great length": b"\x9b" + b"\xff" * 8,
    "a length of 2^53 - 1": b"\x9b\x00\x1f" + b"\xff" * 6,
    "long bytes": b"\x81\x5b\x00\x00\x00\x00\xff\xff\xff\xff",
    "not the shortest": b"\x98\x01\x41x",
    "not the shortest, by far": b"\x9b\x00\x00\x00\x00\x00\x00\x00\x01\x41x",
    "text": encode(["x"]),
    "a surrogate": b"\x81\x63\xed\xa0\x80",
    "NUL": b"\x81\x61\x00",
    "a mark": b"\x81\x63\xef\xbb\xbf",
    "JSON": b"{}",
}

#: How deep things are nested, by type of body; DEEPER is more than a JSON body may be long.
NESTED = {
    "application/json": [b"[" * DEEP, b"[" * DEEP + b"]" * DEEP,
                         b'{"a":' * DEEP + b"1" + b"}" * DEEP,
                         b'{"since":' + b"[" * 60_000, b"[" * DEEPER, b'{"a":' * DEEPER],
    "application/cbor": [b"\x81" * DEEP + b"\0", b"\x81" * DEEPER + b"\0", b"\x9f" * DEEPER,
                         b"\x82\0" * DEEPER],
}  # fmt: skip

NUMBERS = [-1, -(2**63), 2**53, 2**53 + 1, 2**63, 2**64, 1.0, 1.5, "1", "", True, False, None, [],
           {}, [1]]  # fmt: skip

QUERY_NUMBERS = [
    "", "-1", "+1", "01", "1e5", "1.0", "%D9%A1", "%EF%BC%91", "%C2%B2", "9007199254740992",
    "9223372036854775808", "99999999999999999999", "9" * 3000, "0x1", "1_0", "%00", "0%00", "%201",
    "1%0A", "1%20", "NaN", "Infinity", "null", "%FF", "%ED%A0%80",
]  # fmt: skip

#: Types that are not exactly the one asked for.
TYPES = ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
         "application/json; charset=utf-8", "application/JSON", "application/jsonx", "*/*",
         "application/cbor;x", "application/octet-stream", "application/json, application/cbor",
         "text/json", "\xff"]  # fmt: skip

#: Where another page may send from, and what its browser says of it.
ELSEWHERE = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": "http://127.0.0.1:8000.elsewhere.example"},
    {"Origin": "http://localhost:8000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
]


def bytes_of(size: int) -> dict[str, Any]:
    """Return what is not the one encoding of so many bytes."""
    right = encode_base64url(b"\xff" * size)
    found: dict[str, Any] = {
        "empty": "",
        "one short": encode_base64url(bytes(size - 1)),
        "one long": encode_base64url(bytes(size + 1)),
        "half": right[: len(right) // 2],
        "padded": right + "=" * (-size % 3),
        "another alphabet": right.replace("_", "/"),
        "a newline": right + "\n",
        "a space": " " + right,
        "a line in the middle": right[:4] + "\n" + right[4:],
        "hex": "ff" * size,
        "a number": 7,
        "true": True,
        "null": None,
        "a list": [right],
        "an object": {"": right},
        "a lone surrogate": "\ud800" * len(right),
        "NUL": "\0" * len(right),
        "other digits": "\u0661" * len(right),
        "very long": "A" * 5000,
    }
    if size % 3:
        # The last letter holds bits that stand for nothing, and must be zero.
        found["a tail that is not zero"] = encode_base64url(bytes(size))[:-1] + "B"
        found["the other tail"] = right[:-1] + "_"
    return found
