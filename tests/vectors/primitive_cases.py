"""Vectors of encoding, base64url and the primitives."""

from microblog.protocol import primitives
from tests.vectors.case import Case, VectorFile

KEY = bytes(range(32))
OTHER = bytes(range(32, 64))
NONCE = bytes(range(24))
SMALL_ORDER_BOX = bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
SMALL_ORDER_SIGN = bytes.fromhex("01") + bytes(31)
PRIME = bytes.fromhex("ed" + "ff" * 30 + "7f")


def files() -> list[VectorFile]:
    """Return the files of this subject."""
    return [
        VectorFile("encoding.json", "Values and their one encoding.", _encoding()),
        VectorFile("primitives.json", "The cryptography, one call each.", _primitives()),
    ]


def _encoding() -> list[Case]:
    good = [
        ("zero", 0), ("23", 23), ("24", 24), ("255", 255), ("256", 256), ("65535", 65535),
        ("65536", 65536), ("2^32 - 1", 2**32 - 1), ("2^32", 2**32), ("2^53 - 1", 2**53 - 1),
        ("no bytes", b""), ("24 bytes", bytes(24)), ("256 bytes", bytes(256)), ("no text", ""),
        ("text", "Quieter than last week."), ("text of two scripts", "Zoë ναί"),
        ("decomposed text stays so", "Zoe\u0308"), ("an emoji", "\U0001f9f8"),
        ("U+FEFF inside", "a\ufeff"), ("empty array", []), ("array", [1, b"\x01", "a", [[]]]),
        ("six arrays deep", [[[[[[]]]]]]), ("24 items", [0] * 24),
    ]  # fmt: skip
    cases = [Case(f"encode {name}", "encoding.encode", [value]) for name, value in good]
    bad = [
        ("-1", -1), ("2^53", 2**53), ("true", True), ("null", None), ("a map", {"a": 1}),
        ("U+0000", "a\0b"), ("U+FEFF first", "\ufeffa"), ("seven arrays deep", [[[[[[[]]]]]]]),
    ]  # fmt: skip
    cases += [
        Case(f"refuse to encode {name}", "encoding.encode", [value], "Malformed")
        for name, value in bad
    ]
    for name, value in good:
        data = primitives.encode(value)
        cases.append(Case(f"decode {name}", "encoding.decode", [data]))
        cases.append(
            Case(f"decode {name}, a byte more", "encoding.decode", [data + b"\0"], "Malformed")
        )
        cases.append(
            Case(f"decode {name}, a byte less", "encoding.decode", [data[:-1]], "Malformed")
        )
    cases += [_bad_bytes(name, data) for name, data in _BAD_BYTES.items()]
    for name, text in (("empty", ""), ("one byte", "AA"), ("url letters", "-_8")):
        cases.append(Case(f"base64url {name}", "base64url.decode_base64url", [text]))
    for name, text in _BAD_BASE64.items():
        cases.append(Case(f"base64url {name}", "base64url.decode_base64url", [text], "Malformed"))
    for size in range(5):
        cases.append(Case(f"base64url of {size}", "base64url.encode_base64url", [b"\xff" * size]))
    return cases


def _bad_bytes(name: str, data: str) -> Case:
    return Case(f"refuse {name}", "encoding.decode", [bytes.fromhex(data)], "Malformed")


_BAD_BYTES = {
    "nothing": "", "a negative": "20", "a map": "a0", "a tag": "c000", "false": "f4", "true": "f5",
    "null": "f6", "undefined": "f7", "a half": "f93c00", "a double": "fb3ff0000000000000",
    "indefinite bytes": "5f41ff", "indefinite text": "7f6161ff", "indefinite array": "9f00ff",
    "break": "ff", "23 in two bytes": "1817", "255 in three": "1900ff",
    "65535 in five": "1a0000ffff",
    "2^32 - 1 in nine": "1b00000000ffffffff", "2^53 as bytes": "1b0020000000000000",
    "2^53 + 1 as bytes": "1b0020000000000001", "2^64 - 1": "1bffffffffffffffff", "code 28": "1c",
    "long head of bytes": "580100", "long head of text": "780161", "long head of array": "980100",
    "a length without bytes": "5903e8", "a huge array": "9affffffff",
    "a huge length": "5bffffffffffffffff",
    "a lone surrogate": "63eda080", "overlong UTF-8": "62c0af", "cut UTF-8": "61c3",
    "U+0000 in text": "6100", "U+FEFF first in bytes": "63efbbbf", "past U+10FFFF": "64f4908080",
    "seven deep in bytes": "81818181818180",
}  # fmt: skip

_BAD_BASE64 = {
    "with padding": "AA==", "plus and slash": "+/8", "with a newline": "AA\n", "one letter": "A",
    "unused bits": "AB", "five letters": "AAAAA", "a letter beyond ASCII": "AÄ",
    "with a space": "A A",
}  # fmt: skip


def _primitives() -> list[Case]:
    signature = primitives.sign(KEY, "msb/1/entry", b"data")
    public = primitives.signing_key(KEY)
    box = primitives.seal_box(OTHER, primitives.box_key(KEY), b"secret")
    sealed = primitives.encrypt(KEY, NONCE, b"words", b"place")
    return [
        Case("hash", "primitives.hash_labelled", ["msb/1/id", b"data"]),
        Case("hash of nothing", "primitives.hash_labelled", ["msb/1/id", b""]),
        Case("derive", "primitives.derive", [KEY, "msb/1/body", bytes(16), 3, OTHER]),
        Case("stretch", "primitives.stretch", [b"correct horse", bytes(16), 3, 65536]),
        Case("signing key", "primitives.signing_key", [KEY]),
        Case("box key", "primitives.box_key", [KEY]),
        Case("sign", "primitives.sign", [KEY, "msb/1/entry", b"data"]),
        Case("verify", "primitives.verify_signature", [public, "msb/1/entry", b"data", signature]),
        *_bad_signatures(public, signature),
        Case("good signing key", "primitives.check_signing_key", [public]),
        Case(
            "small-order signing key", "primitives.check_signing_key", [SMALL_ORDER_SIGN], "BadKey"
        ),
        Case("no point", "primitives.check_signing_key", [b"\x02" + bytes(31)], "BadKey"),
        Case(
            "non-canonical point", "primitives.check_signing_key", [b"\xee" + PRIME[1:]], "BadKey"
        ),
        Case("short signing key", "primitives.check_signing_key", [public[:31]], "BadKey"),
        Case("good box key", "primitives.check_box_key", [primitives.box_key(KEY)]),
        Case("zero box key", "primitives.check_box_key", [bytes(32)], "BadKey"),
        Case("box key of one", "primitives.check_box_key", [b"\x01" + bytes(31)], "BadKey"),
        Case("small-order box key", "primitives.check_box_key", [SMALL_ORDER_BOX], "BadKey"),
        Case("box key of p", "primitives.check_box_key", [PRIME], "BadKey"),
        Case("box key, top bit", "primitives.check_box_key", [bytes(31) + b"\x89"], "BadKey"),
        Case("long box key", "primitives.check_box_key", [bytes(33)], "BadKey"),
        Case("encrypt", "primitives.encrypt", [KEY, NONCE, b"words", b"place"]),
        Case("decrypt", "primitives.decrypt", [KEY, NONCE, sealed, b"place"]),
        Case(
            "decrypt elsewhere", "primitives.decrypt", [KEY, NONCE, sealed, b"plate"], "Unreadable"
        ),
        Case(
            "decrypt cut", "primitives.decrypt", [KEY, NONCE, sealed[:-1], b"place"], "Unreadable"
        ),
        Case("decrypt nothing", "primitives.decrypt", [KEY, NONCE, b"", b"place"], "Unreadable"),
        Case("seal box", "primitives.seal_box", [OTHER, primitives.box_key(KEY), b"secret"]),
        Case("open box", "primitives.open_box", [KEY, box]),
        Case("open another's box", "primitives.open_box", [OTHER, box], "Unreadable"),
        Case("open a short box", "primitives.open_box", [KEY, box[:40]], "Unreadable"),
        Case("pad", "primitives.pad", [b"abc", 8]),
        Case("pad a whole block", "primitives.pad", [b"abcdefgh", 8]),
        Case("pad nothing", "primitives.pad", [b"", 8]),
        Case("unpad", "primitives.unpad", [b"abc\x80\0\0\0\0", 8]),
        Case("unpad what ends in 0x80", "primitives.unpad", [b"ab\x80\x80\0\0\0\0", 8]),
        Case("unpad no mark", "primitives.unpad", [bytes(8), 8], "Unreadable"),
        Case("unpad another mark", "primitives.unpad", [b"abc\x81\0\0\0\0", 8], "Unreadable"),
        Case(
            "unpad two blocks of zeros", "primitives.unpad", [b"\x80" + bytes(15), 8], "Unreadable"
        ),
        Case("unpad half a block", "primitives.unpad", [b"a\x80", 8], "Unreadable"),
        Case("unpad nothing", "primitives.unpad", [b"", 8], "Unreadable"),
    ]


def _bad_signatures(public: bytes, signature: bytes) -> list[Case]:
    def case(name: str, key: bytes, label: str, data: bytes, signed: bytes) -> Case:
        call = "primitives.verify_signature"
        return Case(f"verify {name}", call, [key, label, data, signed], "NotAuthentic")

    order = 2**252 + 27742317777372353535851937790883648493
    high = int.from_bytes(signature[32:], "little") + order
    return [
        case("another label", public, "msb/1/login", b"data", signature),
        case("other data", public, "msb/1/entry", b"date", signature),
        case("another key", primitives.signing_key(OTHER), "msb/1/entry", b"data", signature),
        case("a short signature", public, "msb/1/entry", b"data", signature[:63]),
        case("a short key", public[:31], "msb/1/entry", b"data", signature),
        case(
            "a changed bit",
            public,
            "msb/1/entry",
            b"data",
            bytes([signature[0] ^ 1]) + signature[1:],
        ),
        case(
            "s + order",
            public,
            "msb/1/entry",
            b"data",
            signature[:32] + high.to_bytes(32, "little"),
        ),
        case(
            "small-order key",
            SMALL_ORDER_SIGN,
            "msb/1/entry",
            b"data",
            SMALL_ORDER_SIGN + bytes(32),
        ),
    ]
