"""Vectors of reading keys on their way to a device."""

from collections.abc import Sequence
from typing import Any

from microblog.protocol.encoding import Value, encode
from microblog.protocol.primitives import box_key, seal_box
from microblog.protocol.reading import Owner, seal_reading
from tests.vectors.case import Case
from tests.vectors.practice import DirectoryLog, fresh
from tests.vectors.recorded import BEA, CAS


def cases(log: DirectoryLog) -> list[Case]:
    """Return the cases of reading keys that are sealed to a device."""
    owner = {"fingerprint": log.entries[0].id, "person": BEA.id, "device": BEA.device}
    mine = Owner(log.entries[0].id, BEA.id, BEA.device)
    secrets = [fresh(f"reading {number}") for number in range(3)]
    keys = [box_key(secret) for secret in secrets]
    many = [fresh(f"reading {number}") for number in range(40)]
    seed = fresh("seal")

    def sealed(those: Sequence[bytes] = secrets, whose: Owner = mine) -> bytes:
        return seal_reading(seed, whose, BEA.keys[0], those)

    def opens(name: str, error: str, raw: bytes, **changes: Any) -> Case:
        secret = changes.pop("secret", BEA.box_secret)
        known = changes.pop("known", keys)
        given = [secret, raw, {**owner, **changes}, known]
        return Case(name, "reading.open_reading", given, error)

    plain: list[Value] = ["msb/1/reading", *owner.values(), list(secrets)]
    return [
        Case("three reading keys are sealed", "reading.seal_reading",
             [seed, owner, BEA.keys[0], secrets]),
        opens("three reading keys", "", sealed()),
        opens("the newest reading key alone", "", sealed(secrets[2:])),
        opens("the oldest and the newest", "", sealed([secrets[0], secrets[2]])),
        opens("no reading key", "", sealed([])),
        opens("a key that is none of theirs first", "Unreadable", sealed([seed, *secrets])),
        opens("a key that is none of theirs between", "Unreadable",
              sealed([secrets[0], seed, secrets[2]])),
        opens("a key that is none of theirs alone", "Unreadable", sealed([seed])),
        opens("forty reading keys", "", sealed(many), known=list(map(box_key, many))),
        opens("reading keys by a much newer version", "", _sealed_plain(seed, [*plain, *[7] * 40])),
        opens("reading keys with none in it", "Unreadable", _sealed_plain(seed, plain[:4])),
        opens("reading keys before the newest", "", sealed(secrets[:2])),
        opens("reading keys out of order", "Unreadable", sealed(secrets[::-1])),
        opens("a reading key twice", "Unreadable", sealed([secrets[0], secrets[0]])),
        opens("a reading key that is none of theirs", "Unreadable", sealed([*secrets, seed])),
        opens("reading keys of a person with none", "Unreadable", sealed(), known=[]),
        opens("reading keys for another device", "Unreadable", sealed(), device=CAS.device),
        opens("reading keys of another person", "Unreadable", sealed(), person=CAS.id),
        opens("reading keys of another practice", "Unreadable", sealed(), fingerprint=bytes(32)),
        opens("reading keys with another's box secret", "Unreadable", sealed(),
              secret=CAS.box_secret),
        opens("reading keys cut short", "Unreadable", sealed()[:-1]),
        opens("reading keys by a newer version", "", _sealed_plain(seed, [*plain, 7])),
        opens("reading keys of another label", "Unreadable",
              _sealed_plain(seed, ["msb/1/grant", *plain[1:]])),
        opens("reading keys that are no array", "Unreadable", _sealed_plain(seed, [*plain[:4], 7])),
        opens("a short reading key among them", "Unreadable",
              _sealed_plain(seed, [*plain[:4], [secrets[0][1:]]])),
        opens("reading keys that are a number", "Unreadable", _sealed_plain(seed, 7)),
    ]  # fmt: skip


def _sealed_plain(seed: bytes, value: Value) -> bytes:
    return seal_box(seed, BEA.keys[0], encode(value))
