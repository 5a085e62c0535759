"""Random values and bytes that are right, or nearly so; the same for the same random numbers."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from nacl import bindings

from microblog.protocol.encoding import encode
from microblog.protocol.errors import ProtocolError
from microblog.protocol.post import HOWS, KINDS, OUTCOMES, SIDES, SURES
from microblog.protocol.primitives import signing_key
from tests.vectors.practice import fresh, staff

WEEK = 7 * 24 * 60 * 60 * 1000
STAFF = [staff(name) for name in "ABCDEFGH"]
AGENCIES = [fresh(f"agency {name}", 16) for name in "abc"]
NUMBERS = [0, 1, 2, 23, 24, 120, 255, 256, 281, 65535, 65536, 2**32 - 1, 2**32, 2**53 - 1]
TEXTS = [
    "", "a", "Zoë", "\U0001f9f8" * 60, "x" * 120, "x" * 121, "\U0001f9f8" * 120, "a\ufeff", "2026",
    "2026-02", "2026-02-31", "2026-2-3", "2026-02-03\n", "2026-02-03T23:59", "٢٠٢٦", "steward",
    "keeper", "supervisor", "follower", "other", "constructor", "__proto__", "msb/1/entry",
    *KINDS, *SURES, *SIDES, *HOWS, *OUTCOMES, "10", "11", "child", "born",
]  # fmt: skip
UNFIT = [-1, 2**53, 1.5, True, None, "\ud800", "a\udc00b", "\0", "\ufeffa", {"a": 1}]
# Points of small order and their like, in both encodings: keys that must be refused alike.
POINTS = [
    bytes.fromhex(point)
    for point in (
        "00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f", "ff" * 32, "00" * 31 + "80", "01" + "00" * 30 + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "3eeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    )
]  # fmt: skip


# A good key with a point of order 2, 4 or 8 added: on the curve, but not of the main subgroup.
MIXED = [
    bindings.crypto_core_ed25519_add(signing_key(bytes([n]) * 32), point)
    for n, point in enumerate([POINTS[0], POINTS[2], POINTS[8], POINTS[9]] * 2)
]


def any_value(random: Random, depth: int = 1) -> Any:
    """Return a value, now and then one that has no encoding."""
    if random.random() < 0.02:
        return random.choice(UNFIT)
    sort = random.randrange(4 if depth <= random.randrange(2, 9) else 3)
    if sort == 0:
        return random.choice([random.choice(NUMBERS), random.getrandbits(random.randrange(1, 54))])
    if sort == 1:
        return random.randbytes(random.choice([0, 1, 16, 23, 24, 32, 255, 256]))
    if sort == 2:
        return random.choice(TEXTS)
    return [any_value(random, depth + 1) for _ in range(random.randrange(5))]


def changed(random: Random, value: Any) -> Any:
    """Return a value with one thing in it changed."""
    if isinstance(value, (list, tuple)) and value and random.random() < 0.85:
        items, at = list(value), random.randrange(len(value))
        return random.choice([
            lambda: [*items[:at], changed(random, items[at]), *items[at + 1 :]],
            lambda: [*items[:at], changed(random, items[at]), *items[at + 1 :]],
            lambda: [*items[:at], changed(random, items[at]), *items[at + 1 :]],
            lambda: items[:at] + items[at + 1 :],
            lambda: [*items[:at], items[at], *items[at:]],
            lambda: [*items, any_value(random)],
            lambda: items[::-1],
        ])()  # fmt: skip
    if isinstance(value, bytes) and value and random.random() < 0.7:
        return changed_bytes(random, value)
    if isinstance(value, int) and random.random() < 0.6:
        return max(0, value + random.choice([-1, 1, WEEK, -WEEK]))
    pools: list[Sequence[Any]] = [
        NUMBERS, TEXTS, POINTS, AGENCIES, [who.id for who in STAFF], [b"", [], bytes(32)],
    ]  # fmt: skip
    return random.choice([any_value(random), random.choice(random.choice(pools))])


def changed_bytes(random: Random, data: bytes) -> bytes:
    """Return bytes with a bit, a byte or the length changed."""
    at = random.randrange(len(data) + 1)
    return random.choice([
        data[:at] + data[at + 1 :],
        data[:at] + random.randbytes(1) + data[at:],
        data[:at],
        data + bytes(random.randrange(1, 3)),
        data[:at] + bytes(x ^ 1 << random.randrange(8) for x in data[at : at + 1]) + data[at + 1 :],
        data[:at] + random.choice([b"\xff", b"\x80", b"\x9f", b"\x18"]) + data[at + 1 :],
    ])  # fmt: skip


def encodable(make: Callable[[], Any]) -> Any:
    """Return the first of what `make` gives that has an encoding."""
    while True:
        try:
            encode(made := make())
        except ProtocolError:
            continue
        return made


def as_array(value: Any) -> list[Any]:
    """Return a value that must be an array: itself, or an array with it."""
    return value if isinstance(value, list) else [value]
